import { Button, Tooltip } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './reasoned-button.module.css';

interface ReasonedProps {
  /** Why it does nothing now; null when it does. */
  reason: string | null;
  danger?: boolean;
  onClick(): void;
  children: ReactNode;
}

/** A button that says why it is off, and keeps its place in the tab order so that it can. */
export function ReasonedButton({ reason, danger = false, onClick, children }: ReasonedProps) {
  const button = (
    <Button
      variant="default"
      className={danger ? (classes.danger ?? '') : ''}
      aria-disabled={reason !== null}
      {...(reason === null ? { onClick } : { 'data-disabled': true })}
    >
      {children}
    </Button>
  );
  return reason === null ? button : <Tooltip label={reason}>{button}</Tooltip>;
}
