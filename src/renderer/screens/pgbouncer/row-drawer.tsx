import { Drawer } from '@mantine/core';
import { useRef } from 'react';
import { noValue } from '../../charts/formats.ts';
import { ReasonedButton } from '../../kit/reasoned-button.tsx';
import { commandRefusal } from './command-rights.ts';
import { type ConsoleRow, cellAt } from './console-rows.ts';
import classes from './pgbouncer.module.css';
import type { PoolerPart } from './pooler-head.tsx';

interface Props extends PoolerPart {
  title: string;
  row: ConsoleRow | null;
  onClose(): void;
}

/** Every column of one row as it was when it was opened, and what can be done to a client. */
export function RowDrawer({ title, row, onClose, profile, pooler, onCommand }: Props) {
  const last = useRef<ConsoleRow | null>(null);
  if (row !== null) last.current = row;
  const shown = row ?? last.current;
  const clientId = shown === null || shown.table.table !== 'clients' ? null : cellAt(shown, 'id');
  return (
    <Drawer
      opened={row !== null}
      onClose={onClose}
      position="right"
      size={440}
      title={title}
      attributes={{ header: { role: 'presentation' } }}
      overlayProps={{ backgroundOpacity: 0.25 }}
      closeButtonProps={{ 'aria-label': `Close the ${title.toLowerCase()}` }}
    >
      {shown !== null && (
        <div className={classes.drawer}>
          {shown.table.table === 'clients' && (
            <div className={classes.buttons}>
              <ReasonedButton
                danger
                reason={
                  commandRefusal(profile, pooler, 'killClient') ??
                  (typeof clientId === 'number' ? null : 'This version does not number its clients.')
                }
                onClick={() => {
                  onClose();
                  if (typeof clientId === 'number') onCommand({ kind: 'killClient', clientId });
                }}
              >
                Kill this client…
              </ReasonedButton>
            </div>
          )}
          <dl className={classes.facts}>
            {shown.table.columns.map(({ name }) => {
              const value = cellAt(shown, name);
              return (
                <div key={name}>
                  <dt>{name}</dt>
                  <dd>{value === null || value === '' ? noValue : value}</dd>
                </div>
              );
            })}
          </dl>
        </div>
      )}
    </Drawer>
  );
}
