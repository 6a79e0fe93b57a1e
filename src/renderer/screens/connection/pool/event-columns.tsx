import type { PoolEvent } from '#shared/model/pool-event.ts';
import { formatDuration, noValue } from '../../../charts/formats.ts';
import type { TableColumn } from '../../../kit/data-table/table-column.ts';
import { RelativeTime } from '../../../kit/relative-time.tsx';
import { kindWords, reasonWords } from './event-words.ts';

/** A line of the event log. */
export const eventColumns: readonly TableColumn<PoolEvent>[] = [
  {
    key: 'at',
    label: 'When',
    widthPx: 110,
    value: ({ sequence }) => sequence,
    cell: ({ atMs }) => <RelativeTime atMs={atMs} />,
    largestFirst: true,
  },
  { key: 'kind', label: 'Event', widthPx: 170, value: ({ kind }) => kindWords[kind] },
  {
    key: 'message',
    label: 'What happened',
    widthPx: 320,
    grows: true,
    value: ({ message }) => message,
    cell: ({ message, statement }) => (
      <span title={statement === null ? message : `${message}\n${statement}`}>
        {message}
        {statement !== null && (
          <>
            {' '}
            <code>{statement}</code>
          </>
        )}
      </span>
    ),
  },
  {
    key: 'reason',
    label: 'Reason',
    widthPx: 180,
    value: ({ reason }) => (reason === null ? null : reasonWords[reason]),
    cell: ({ reason }) => (reason === null ? noValue : reasonWords[reason]),
    startsHidden: true,
  },
  {
    key: 'connection',
    label: 'Connection',
    widthPx: 110,
    value: ({ connectionId }) => connectionId,
    cell: ({ connectionId }) => connectionId ?? noValue,
    startsHidden: true,
  },
  {
    key: 'process',
    label: 'Server process',
    widthPx: 120,
    value: ({ processId }) => processId,
    cell: ({ processId }) => processId ?? noValue,
    startsHidden: true,
  },
  {
    key: 'holder',
    label: 'Holder',
    widthPx: 150,
    value: ({ holder }) => holder,
    cell: ({ holder }) => holder ?? noValue,
  },
  {
    key: 'duration',
    label: 'Took',
    widthPx: 90,
    align: 'end',
    value: ({ durationMs }) => durationMs,
    cell: ({ durationMs }) => (durationMs === null ? noValue : formatDuration(durationMs)),
    largestFirst: true,
  },
  { key: 'code', label: 'Error code', widthPx: 140, value: ({ errorCode }) => errorCode, startsHidden: true },
];
