import type { ErrorPayload } from '#shared/contract/errors.ts';
import { formatCount } from '../charts/formats.ts';
import { formatBytes } from '../kit/byte-words.ts';
import type { JobState } from './export-job.ts';

const rowsInWords = (rows: number) => (rows === 1 ? '1 row' : `${formatCount(rows)} rows`);

/** How many rows to expect, before anything is started. */
export function expectationInWords(rows: number, connections: number): string {
  if (rows === 0) return 'Nothing was recorded in this range.';
  const of = connections === 1 ? '1 connection' : `${formatCount(connections)} connections`;
  return `Up to ${rowsInWords(rows)} of ${of}.`;
}

/** How far a running export is. */
export function progressInWords(state: Extract<JobState, { kind: 'running' }>): string {
  const { rows, expectedRows, bytes, downloading } = state;
  if (rows === 0 && bytes === 0) {
    return downloading ? 'Waiting for the browser to fetch the file…' : 'Waiting for the first rows…';
  }
  const of = expectedRows > rows ? ` of about ${formatCount(expectedRows)}` : '';
  return `${formatCount(rows)}${of} rows, ${formatBytes(bytes)} written`;
}

/** Where a finished export went. */
export function doneInWords(state: Extract<JobState, { kind: 'done' }>): string {
  const { rows, bytes, fileName, path } = state;
  const what = rows === 0 ? '' : `${rowsInWords(rows)}, ${formatBytes(bytes)}: `;
  return path === null
    ? `${what}the browser saved “${fileName}” where it puts downloads.`
    : `${what}saved as ${path}`;
}

const remedies: Partial<Record<ErrorPayload['code'], string>> = {
  permission_denied: 'Choose a folder in which you may write.',
  storage_failed: 'Make room on the disk, or choose another folder.',
};

/** An error with a way on, also where the engine had none to offer. */
export function withRemedy(error: ErrorPayload): ErrorPayload {
  const remedy = error.details.remedy ?? remedies[error.code];
  return remedy === undefined ? error : { ...error, details: { ...error.details, remedy } };
}
