import type { HeldConnection } from '#shared/contract/pool-control.ts';
import { noValue } from '../../../charts/formats.ts';
import { formatAge } from '../../../kit/age-words.ts';
import { DataTable } from '../../../kit/data-table/data-table.tsx';
import type { TableColumn } from '../../../kit/data-table/table-column.ts';
import { Panel } from '../../../kit/panel.tsx';
import classes from './pool.module.css';

const columns: readonly TableColumn<HeldConnection>[] = [
  { key: 'connection', label: 'Connection', widthPx: 110, value: ({ connectionId }) => connectionId },
  { key: 'process', label: 'Server process', widthPx: 130, value: ({ processId }) => processId },
  { key: 'holder', label: 'Taken by', widthPx: 200, grows: true, value: ({ holder }) => holder },
  {
    key: 'held',
    label: 'Held for',
    widthPx: 120,
    value: ({ heldForMs }) => heldForMs,
    cell: ({ heldForMs }) => formatAge(heldForMs),
    largestFirst: true,
  },
  {
    key: 'transaction',
    label: 'Transaction',
    widthPx: 120,
    value: ({ inTransaction }) => inTransaction,
    cell: ({ inTransaction }) => (inTransaction ? 'open' : noValue),
  },
  {
    key: 'suspected',
    label: 'Leak',
    widthPx: 110,
    value: ({ suspected }) => suspected,
    cell: ({ suspected }) => (suspected ? 'suspected' : noValue),
  },
];

/** Connections that are handed out, longest first, and which of them may never come back. */
export function HeldPanel({ held, thresholdMs }: { held: readonly HeldConnection[]; thresholdMs: number }) {
  const suspected = held.filter((connection) => connection.suspected).length;
  return (
    <Panel title="Connections in use">
      <p className={classes.dim}>
        {thresholdMs === 0
          ? 'The leak threshold is 0: none is reported as a leak, however long it is held.'
          : `Held for longer than ${formatAge(thresholdMs)}: reported as a suspected leak${suspected > 0 ? ` (${suspected} now)` : ''}.`}
      </p>
      {held.length === 0 ? (
        <p>None: every open connection is at rest.</p>
      ) : (
        <div>
          <DataTable
            label="Connections in use"
            name="held"
            columns={columns}
            items={held}
            total={held.length}
            idOf={({ connectionId }) => String(connectionId)}
            sortedBy={{ key: 'held', largestFirst: true }}
            toneOf={({ suspected: isLeak }) => (isLeak ? 'warn' : undefined)}
            emptyText="None."
          />
        </div>
      )}
    </Panel>
  );
}
