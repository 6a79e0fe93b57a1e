import { Button } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import type { AlertRule } from '#shared/model/alert-rule.ts';
import { RuleDialog } from './rule-dialog.tsx';

/** Opens a rule to be changed. */
export function RuleDialogButton({ rule, children }: { rule: AlertRule; children: ReactNode }) {
  const [opened, setOpened] = useState(false);
  return (
    <>
      <Button variant="default" size="compact-xs" onClick={() => setOpened(true)}>
        {children}
      </Button>
      <RuleDialog opened={opened} rule={rule} onClose={() => setOpened(false)} />
    </>
  );
}
