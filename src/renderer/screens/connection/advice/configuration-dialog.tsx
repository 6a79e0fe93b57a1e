import { Modal, Select } from '@mantine/core';
import { useState } from 'react';
import type { ProfileDraft } from '#shared/model/profile.ts';
import { translators } from '#shared/model/translate/translators.ts';
import { TranslationText } from '../../profile-form/translate/translation-text.tsx';
import classes from './advice.module.css';

interface Props {
  /** The pool as it is to be written down, with the recommended size. */
  draft: ProfileDraft;
  opened: boolean;
  onClose(): void;
}

const choices = translators.map(({ id, label }) => ({ value: id, label }));

/** The recommended size, with the pool's other settings, as configuration of a library to copy. */
export function ConfigurationDialog({ draft, opened, onClose }: Props) {
  const [id, setId] = useState('node-postgres');
  const library = translators.find((translator) => translator.id === id) ?? translators[0];
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      size={720}
      title={`A pool of ${draft.min} to ${draft.max} connections as configuration`}
      attributes={{ header: { role: 'presentation' } }}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <div className={classes.configuration}>
        <Select
          label="For"
          data={choices}
          value={id}
          allowDeselect={false}
          onChange={(chosen) => chosen !== null && setId(chosen)}
        />
        {library !== undefined && <TranslationText library={library} draft={draft} />}
      </div>
    </Modal>
  );
}
