import { Modal } from '@mantine/core';
import { useRef } from 'react';
import type { AlertRule } from '#shared/model/alert-rule.ts';
import { RuleForm } from './rule-form.tsx';

interface Props {
  opened: boolean;
  /** Null until the dialog is opened for the first time. */
  rule: AlertRule | null;
  /** Not saved yet. */
  isNew?: boolean;
  onClose(): void;
}

/** Edits one rule. What is not saved is kept until it is, or is discarded. */
export function RuleDialog({ opened, rule, isNew = false, onClose }: Props) {
  const openings = useRef(0);
  const wasOpened = useRef(false);
  if (opened && !wasOpened.current) openings.current += 1;
  wasOpened.current = opened;
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      closeOnClickOutside={false}
      title={isNew ? 'New rule' : 'Edit rule'}
      size={640}
      attributes={{ header: { role: 'presentation' } }}
      closeButtonProps={{ 'aria-label': 'Close the rule' }}
    >
      {rule !== null && <RuleForm key={openings.current} rule={rule} isNew={isNew} onClose={onClose} />}
    </Modal>
  );
}
