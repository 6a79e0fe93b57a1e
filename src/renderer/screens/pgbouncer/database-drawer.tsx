import { Drawer } from '@mantine/core';
import { useRef } from 'react';
import type { PoolerCommand, PoolerCommandKind } from '#shared/model/pooler-command.ts';
import { Unknown } from '../../kit/data-table/table-row.tsx';
import { ReasonedButton } from '../../kit/reasoned-button.tsx';
import { usePoolerTick } from '../../live/pooler/latest-ticks.ts';
import { commandRefusal, pauseOf } from './command-rights.ts';
import classes from './pgbouncer.module.css';
import type { PoolerPart } from './pooler-head.tsx';

interface Props extends PoolerPart {
  database: string | null;
  /** A dialog lies over it, which takes Escape first. */
  covered: boolean;
  onClose(): void;
}

/** One database of a pooler: how it is set up, and what can be done to it. */
export function DatabaseDrawer({ database, covered, onClose, ...part }: Props) {
  const last = useRef<string>('');
  if (database !== null) last.current = database;
  const name = database ?? last.current;
  return (
    <Drawer
      opened={database !== null}
      onClose={onClose}
      closeOnEscape={!covered}
      position="right"
      size={440}
      title={`Database ${name}`}
      attributes={{ header: { role: 'presentation' } }}
      overlayProps={{ backgroundOpacity: 0.25 }}
      closeButtonProps={{ 'aria-label': 'Close the database' }}
    >
      <Details database={name} {...part} />
    </Drawer>
  );
}

interface Offer {
  command: PoolerCommand;
  label: string;
  does: string;
  danger?: boolean;
}

const offersOf = (database: string, autoResume: boolean): Offer[] => [
  {
    command: { kind: 'resume', database },
    label: 'Resume…',
    does: 'Lets queries through again after a pause or a kill.',
  },
  {
    command: pauseOf(database),
    label: 'Pause…',
    does: 'Waits for open transactions, then lets nothing through. Clients wait, nothing is lost.',
  },
  {
    command: { kind: 'reconnect', database },
    label: 'Reconnect…',
    does: 'Replaces each server connection when it comes free, after a failover say.',
  },
  {
    command: { kind: 'enable', database },
    label: 'Enable…',
    does: 'Takes new clients again.',
  },
  {
    command: { kind: 'disable', database },
    label: 'Disable…',
    does: 'Refuses new clients; those connected stay.',
    danger: true,
  },
  {
    command: { kind: 'kill', database, autoResume },
    label: 'Kill…',
    does: 'Drops every client and server connection at once, and leaves it paused.',
    danger: true,
  },
];

function Details({ database, profile, pooler, onCommand }: PoolerPart & { database: string }) {
  const tick = usePoolerTick(profile.profileId);
  const found = tick?.databases.find(({ name }) => name === database);
  const known = (value: string | number | null | undefined) => (value == null ? <Unknown /> : String(value));
  const refusalOf = (kind: PoolerCommandKind) => commandRefusal(profile, pooler, kind);
  return (
    <div className={classes.drawer}>
      <dl className={classes.facts}>
        <div>
          <dt>Server</dt>
          <dd>
            {found?.host ?? 'Unix socket'}
            {found?.port != null && `:${found.port}`}
          </dd>
        </div>
        <div>
          <dt>Its name there</dt>
          <dd>{known(found?.database)}</dd>
        </div>
        <div>
          <dt>Pool mode</dt>
          <dd>{known(found?.poolMode)}</dd>
        </div>
        <div>
          <dt>Pool size</dt>
          <dd>
            {known(found?.poolSize)}
            {found?.reservePoolSize != null &&
              found.reservePoolSize > 0 &&
              ` and ${found.reservePoolSize} in reserve`}
          </dd>
        </div>
        <div>
          <dt>Server connections</dt>
          <dd>
            {known(found?.currentConnections)}
            {found?.maxConnections != null && found.maxConnections > 0 && ` of ${found.maxConnections}`}
          </dd>
        </div>
        <div>
          <dt>State</dt>
          <dd>{stateInWords(found?.paused ?? null, found?.disabled ?? null)}</dd>
        </div>
      </dl>
      <ul className={classes.offers}>
        {offersOf(database, true).map(({ command, label, does, danger = false }) => (
          <li key={command.kind}>
            <ReasonedButton
              reason={refusalOf(command.kind)}
              danger={danger}
              onClick={() => onCommand(command)}
            >
              {label}
            </ReasonedButton>
            <span>{does}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}

function stateInWords(paused: boolean | null, disabled: boolean | null): string {
  if (paused === null && disabled === null) return 'unknown';
  const words = [paused ? 'paused' : '', disabled ? 'disabled: takes no new clients' : ''].filter(Boolean);
  return words.length === 0 ? 'open' : words.join(', ');
}
