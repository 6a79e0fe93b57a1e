import { Button, CloseButton, Menu, TextInput } from '@mantine/core';
import { ChevronDown, Search } from 'lucide-react';
import { useState } from 'react';
import { type Preset, presets } from '#shared/model/presets.ts';
import type { ProfileFormState } from './form-state.ts';
import { PresetDialog } from './preset-dialog.tsx';
import classes from './settings-toolbar.module.css';
import { TranslateDialog } from './translate/translate-dialog.tsx';
import type { AppliedSettings } from './use-applied.ts';

interface Props {
  form: ProfileFormState;
  search: string;
  onSearch: (text: string) => void;
  applied: AppliedSettings;
}

/** What works on all settings at once: find one, a preset, other libraries' words; and the way back. */
export function SettingsToolbar({ form, search, onSearch, applied }: Props) {
  const [preset, setPreset] = useState<Preset | null>(null);
  const [translating, setTranslating] = useState(false);
  const { last } = applied;
  return (
    <div className={classes.toolbar}>
      <div className={classes.line}>
        <TextInput
          className={classes.search ?? ''}
          aria-label="Find a setting"
          placeholder="Find a setting: overflow, pool_recycle…"
          type="search"
          autoComplete="off"
          spellCheck={false}
          leftSection={<Search size={14} aria-hidden />}
          rightSection={
            search === '' ? null : (
              <CloseButton size="xs" aria-label="Show all settings again" onClick={() => onSearch('')} />
            )
          }
          value={search}
          onChange={(event) => onSearch(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter') event.preventDefault();
            if (event.key !== 'Escape' || search === '') return;
            event.preventDefault();
            event.stopPropagation();
            onSearch('');
          }}
        />
        <Menu position="bottom-end" width={340}>
          <Menu.Target>
            <Button variant="default" rightSection={<ChevronDown size={12} aria-hidden />}>
              Presets
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {presets.map((one) => (
              <Menu.Item key={one.id} onClick={() => setPreset(one)}>
                {one.label}
                <span className={classes.what}>{one.summary}</span>
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
        <Button variant="default" onClick={() => setTranslating(true)}>
          Translate…
        </Button>
      </div>
      <p className={classes.applied} role="status">
        {last !== null && (
          <>
            {last.what} changed {last.count} {last.count === 1 ? 'setting' : 'settings'}; nothing is saved
            yet.{' '}
            <Button variant="transparent" size="compact-xs" px={0} onClick={applied.undo}>
              Undo {last.what}
            </Button>
          </>
        )}
      </p>
      <PresetDialog
        preset={preset}
        form={form}
        onClose={() => setPreset(null)}
        onApply={(settings) => applied.apply(`“${preset?.label}”`, settings)}
      />
      <TranslateDialog
        opened={translating}
        form={form}
        onClose={() => setTranslating(false)}
        onApply={applied.apply}
      />
    </div>
  );
}
