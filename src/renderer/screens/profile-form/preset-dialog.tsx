import { Button, Modal } from '@mantine/core';
import { useState } from 'react';
import { type Preset, presetChanges } from '#shared/model/presets.ts';
import { settingWords } from '#shared/model/profile/labels.ts';
import type { ProfileDraft } from '#shared/model/profile.ts';
import { fieldLabel } from './field-texts.ts';
import type { ProfileFormState } from './form-state.ts';
import { rawDraft } from './form-values.ts';
import classes from './preset-dialog.module.css';

interface Props {
  /** Null while none is looked at. */
  preset: Preset | null;
  form: ProfileFormState;
  onClose: () => void;
  onApply: (settings: Partial<ProfileDraft>) => void;
}

/** What stands in a box that holds no number. */
const words = (setting: keyof ProfileDraft, value: unknown): string =>
  Number.isNaN(value) ? 'no number' : settingWords(setting, value);

/** Shows what a preset would change and why, and puts it into the form when asked. */
export function PresetDialog({ preset, form, onClose, onApply }: Props) {
  // Kept while the dialog closes, so that it does not empty before it is gone.
  const [shown, setShown] = useState(preset);
  if (preset !== null && preset !== shown) setShown(preset);
  const changes = shown === null ? [] : presetChanges(rawDraft(form.values), shown);
  return (
    <Modal
      opened={preset !== null}
      onClose={onClose}
      size={720}
      title={`Preset: ${shown?.label ?? ''}`}
      attributes={{ header: { role: 'presentation' } }}
      closeButtonProps={{ 'aria-label': 'Close the preset' }}
    >
      <p className={classes.summary}>{shown?.summary}</p>
      {changes.length === 0 ? (
        <p>All of it is so already.</p>
      ) : (
        <table className={classes.changes}>
          <thead>
            <tr>
              <th scope="col">Setting</th>
              <th scope="col">Now</th>
              <th scope="col">Then</th>
              <th scope="col">Why</th>
            </tr>
          </thead>
          <tbody>
            {changes.map(({ setting, from, to, why }, i) => (
              <tr key={setting}>
                <th scope="row">{fieldLabel(setting)}</th>
                <td>{words(setting, from)}</td>
                <td className={classes.then}>{words(setting, to)}</td>
                <td className={classes.why}>{why === changes[i - 1]?.why ? '″' : why}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <div className={classes.buttons}>
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button
          disabled={changes.length === 0}
          onClick={() => {
            onApply(Object.fromEntries(changes.map(({ setting, to }) => [setting, to])));
            onClose();
          }}
        >
          Put into the form
        </Button>
      </div>
    </Modal>
  );
}
