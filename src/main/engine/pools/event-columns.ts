import type { Column } from '#engine/exporter/index.ts';
import type { PoolEvent } from '#shared/model/pool-event.ts';

/** A pool's event log as a table, in every format of the exporter. */
export const eventColumns: readonly Column<PoolEvent>[] = [
  { name: 'sequence', kind: 'whole', cell: ({ sequence }) => sequence },
  { name: 'at', kind: 'time', cell: ({ atMs }) => atMs },
  { name: 'kind', kind: 'text', cell: ({ kind }) => kind },
  { name: 'connection', kind: 'whole', cell: ({ connectionId }) => connectionId },
  { name: 'process_id', kind: 'whole', cell: ({ processId }) => processId },
  { name: 'holder', kind: 'text', cell: ({ holder }) => holder },
  { name: 'message', kind: 'text', cell: ({ message }) => message },
  { name: 'duration_ms', kind: 'ms', cell: ({ durationMs }) => durationMs },
  { name: 'reason', kind: 'text', cell: ({ reason }) => reason },
  { name: 'error_code', kind: 'text', cell: ({ errorCode }) => errorCode },
  { name: 'statement', kind: 'text', cell: ({ statement }) => statement },
];
