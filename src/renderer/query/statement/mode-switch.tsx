import { SegmentedControl } from '@mantine/core';
import { PenLine } from 'lucide-react';
import type { QueryMode } from '#shared/model/query.ts';
import classes from './statement.module.css';

interface Props {
  mode: QueryMode;
  onChange(mode: QueryMode): void;
  /** Writing is not to be had here. */
  writesOff: boolean;
  /** It cannot be changed now: a transaction is open. */
  locked?: boolean;
}

/** Whether what is run may change anything: red while it may. */
export function ModeSwitch({ mode, onChange, writesOff, locked = false }: Props) {
  const writing = mode === 'write';
  return (
    <SegmentedControl
      className={classes.mode}
      aria-label="What statements may do"
      title={writing ? 'What you run stays' : 'Statements that write are refused'}
      data-writing={writing || undefined}
      value={mode}
      onChange={(value) => onChange(value as QueryMode)}
      disabled={locked}
      withItemsBorders={false}
      data={[
        { value: 'readOnly', label: 'Read-only' },
        {
          value: 'write',
          disabled: writesOff,
          label: (
            <span className={classes.writing}>
              {writing && <PenLine size={13} aria-hidden />}
              Writing
            </span>
          ),
        },
      ]}
    />
  );
}
