import { type QueryRun, queryLimits } from '#shared/model/query.ts';
import { formatCount, formatDuration } from '../charts/formats.ts';

const rowsInWords = (rows: number): string => (rows === 1 ? '1 row' : `${formatCount(rows)} rows`);

/** How a run stands, in a few words. */
export function runInWords(run: QueryRun): string {
  switch (run.state) {
    case 'waiting':
      return run.attempts > 1
        ? `Waiting for a connection, attempt ${run.attempts}…`
        : 'Waiting for a connection…';
    case 'running':
      return 'Running on the server…';
    case 'fetching':
      return `${rowsInWords(run.rows)} so far…`;
    case 'failed':
      return run.rows > 0 ? `Failed after ${rowsInWords(run.rows)}` : 'Failed';
    case 'cancelled':
      return run.rows > 0 ? `Cancelled after ${rowsInWords(run.rows)}` : 'Cancelled';
    case 'done':
      return doneInWords(run);
  }
}

function doneInWords({ columns, rows, cutShort, command, affectedRows }: QueryRun): string {
  const touched = affectedRows === null ? null : `${command ?? 'Done'}: ${rowsInWords(affectedRows)}`;
  if (columns === null || columns.length === 0) return touched ?? `${command ?? 'Statement'} done`;
  const counted = touched !== null && rows === affectedRows ? touched : rowsInWords(rows);
  if (cutShort === 'rowLimit') return `The first ${rowsInWords(rows)}: the row limit was reached`;
  if (cutShort === 'spaceLimit') return `The first ${rowsInWords(rows)}: there is no room for more`;
  return counted;
}

/** Where the time went and who served it: "Waited 0.4 ms · server 12 ms · transfer 3 ms · session 4711". */
export function timingInWords({ timing, backendPid }: QueryRun): string {
  const { waitMs, serverMs, transferMs } = timing;
  return [
    waitMs === null ? null : `Waited ${formatDuration(waitMs)}`,
    serverMs === null ? null : `server ${formatDuration(serverMs)}`,
    transferMs === null ? null : `transfer ${formatDuration(transferMs)}`,
    backendPid === null ? null : `served by session ${backendPid}`,
  ]
    .filter((part) => part !== null)
    .join(' · ');
}

/** "3 notices", with those that were too many to keep. */
export const noticesInWords = ({ notices, noticesDropped }: QueryRun): string =>
  noticesDropped > 0 ? `Notices (first ${queryLimits.notices})` : `Notices (${notices.length})`;
