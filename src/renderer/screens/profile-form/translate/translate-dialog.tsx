import { Modal, Select, Tabs } from '@mantine/core';
import { useState } from 'react';
import type { ProfileDraft } from '#shared/model/profile.ts';
import { translators } from '#shared/model/translate/translators.ts';
import type { ProfileFormState } from '../form-state.ts';
import { CopyFor } from './copy-for.tsx';
import { PasteFrom } from './paste-from.tsx';
import classes from './translate-dialog.module.css';

interface Props {
  opened: boolean;
  form: ProfileFormState;
  onClose: () => void;
  onApply: (what: string, settings: Partial<ProfileDraft>) => void;
}

/** The form's settings in another library's words, and another library's words in the form. */
export function TranslateDialog({ opened, form, onClose, onApply }: Props) {
  const [libraryId, setLibraryId] = useState('asyncpg');
  const [text, setText] = useState('');
  const library = translators.find(({ id }) => id === libraryId) ?? translators[0];
  if (library === undefined) return null;
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      size={860}
      title="Translate"
      attributes={{ header: { role: 'presentation' } }}
      closeButtonProps={{ 'aria-label': 'Close the translation' }}
    >
      <Select
        className={classes.library ?? ''}
        label="Library"
        data={translators.map(({ id, label }) => ({ value: id, label }))}
        allowDeselect={false}
        value={libraryId}
        onChange={(id) => setLibraryId(id ?? libraryId)}
      />
      <Tabs defaultValue="copy" keepMounted={false}>
        <Tabs.List aria-label="Directions">
          <Tabs.Tab value="copy">Copy for {library.label}</Tabs.Tab>
          <Tabs.Tab value="paste">Paste from {library.label}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="copy" pt="sm">
          <CopyFor library={library} form={form} />
        </Tabs.Panel>
        <Tabs.Panel value="paste" pt="sm">
          <PasteFrom
            library={library}
            text={text}
            onText={setText}
            onApply={(settings) => {
              onApply(`The text of ${library.label}`, settings);
              onClose();
            }}
          />
        </Tabs.Panel>
      </Tabs>
    </Modal>
  );
}
