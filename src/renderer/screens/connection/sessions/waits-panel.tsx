import { useMemo } from 'react';
import type { Session } from '#shared/model/sessions/session.ts';
import type { SessionList } from '#shared/model/sessions/session-list.ts';
import { DataTable } from '../../../kit/data-table/data-table.tsx';
import type { TableColumn } from '../../../kit/data-table/table-column.ts';
import { UtilizationBar } from '../../../kit/utilization-bar.tsx';
import classes from './sessions.module.css';

interface WaitRow {
  key: string;
  type: string;
  event: string;
  count: number;
  active: number;
  share: number;
}

const columns: readonly TableColumn<WaitRow>[] = [
  { key: 'type', label: 'Type', widthPx: 140, value: ({ type }) => type },
  { key: 'event', label: 'Wait event', widthPx: 220, grows: true, value: ({ event }) => event },
  {
    key: 'count',
    label: 'Sessions',
    widthPx: 100,
    align: 'end',
    largestFirst: true,
    value: ({ count }) => count,
  },
  {
    key: 'active',
    label: 'Active',
    about: 'Of these, sessions that run a statement',
    widthPx: 90,
    align: 'end',
    largestFirst: true,
    value: ({ active }) => active,
  },
  {
    key: 'share',
    label: 'Share',
    widthPx: 160,
    largestFirst: true,
    value: ({ share }) => share,
    cell: ({ share }) => (
      <span className={classes.share}>
        <UtilizationBar used={share * 0.999} max={1} />
      </span>
    ),
  },
];

/** What client sessions wait for at this moment, the commonest first; a row leads to its sessions. */
export function WaitsPanel({ list, onShow }: { list: SessionList; onShow(text: string): void }) {
  const rows = useMemo(() => waitsOf(list.sessions.values()), [list]);
  return (
    <DataTable
      label="Wait events"
      name="waits"
      columns={columns}
      items={rows}
      total={rows.length}
      idOf={({ key }) => key}
      sortedBy={{ key: 'count', largestFirst: true }}
      onOpen={({ event, type }) => onShow(type === '' ? '' : event)}
      emptyText="No client session is connected."
      tools={
        <p className={classes.dim}>Client sessions by what they wait for now. A row leads to its sessions.</p>
      }
    />
  );
}

export function waitsOf(sessions: Iterable<Session>): WaitRow[] {
  const rows = new Map<string, WaitRow>();
  let total = 0;
  for (const { kind, visible, state, waitEventType, waitEvent } of sessions) {
    if (kind !== 'client') continue;
    total += 1;
    const type = visible ? (waitEventType ?? '') : '';
    const event = visible ? (waitEvent ?? 'none: it runs, or rests') : 'unknown: hidden from this role';
    const key = `${type}:${event}`;
    const row = rows.get(key) ?? { key, type, event, count: 0, active: 0, share: 0 };
    rows.set(key, { ...row, count: row.count + 1, active: row.active + (state === 'active' ? 1 : 0) });
  }
  return Array.from(rows.values(), (row) => ({ ...row, share: row.count / total }));
}
