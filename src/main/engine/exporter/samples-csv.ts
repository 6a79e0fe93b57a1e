import { Readable } from 'node:stream';
import { stringify } from 'csv-stringify';
import { type Histogram, meanMs, percentileMs } from '#shared/model/histogram.ts';
import type { PoolSample } from '#shared/model/pool-sample.ts';

type Cell = string | number | null;
type Column = [header: string, cell: (sample: PoolSample) => Cell];

/** To the microsecond; finer digits are noise. */
const ms = (value: number | null): number | null => (value === null ? null : Math.round(value * 1000) / 1000);

/** Empty where nothing was measured: no wait is not a wait of 0 ms. */
function histogramColumns(name: string, histogramOf: (sample: PoolSample) => Histogram): Column[] {
  const percentile = (p: number) => (sample: PoolSample) => ms(percentileMs(histogramOf(sample), p));
  const maximum = (sample: PoolSample) => {
    const histogram = histogramOf(sample);
    return histogram.count === 0 ? null : ms(histogram.maxMs);
  };
  return [
    [`${name}_p50_ms`, percentile(0.5)],
    [`${name}_p95_ms`, percentile(0.95)],
    [`${name}_p99_ms`, percentile(0.99)],
    [`${name}_mean_ms`, (sample) => ms(meanMs(histogramOf(sample)))],
    [`${name}_max_ms`, maximum],
  ];
}

function columnsFor(connection: string): Column[] {
  return [
    ['time_utc', ({ atMs }) => new Date(atMs).toISOString()],
    ['connection', () => connection],
    ['interval_ms', ({ intervalMs }) => ms(intervalMs)],
    ['idle_connections', ({ idle }) => idle],
    ['used_connections', ({ used }) => used],
    ['connecting_connections', ({ connecting }) => connecting],
    ['pending_requests', ({ pending }) => pending],
    ['used_peak_connections', ({ usedPeak }) => usedPeak],
    ['pending_peak_requests', ({ pendingPeak }) => pendingPeak],
    ['longest_pending_ms', ({ longestPendingMs }) => ms(longestPendingMs)],
    ['min_connections', ({ min }) => min],
    ['max_connections', ({ max }) => max],
    ['acquired_per_interval', ({ acquired }) => acquired],
    ['released_per_interval', ({ released }) => released],
    ['opened_per_interval', ({ opened }) => opened],
    ['closed_per_interval', ({ closed }) => closed],
    ['wait_timeouts_per_interval', ({ waitTimeouts }) => waitTimeouts],
    ['connect_timeouts_per_interval', ({ connectTimeouts }) => connectTimeouts],
    ['connect_failures_per_interval', ({ connectFailures }) => connectFailures],
    ['connection_errors_per_interval', ({ connectionErrors }) => connectionErrors],
    ...histogramColumns('wait', ({ waitMs }) => waitMs),
    ...histogramColumns('hold', ({ holdMs }) => holdMs),
    ...histogramColumns('connect', ({ connectMs }) => connectMs),
    [
      'health_check',
      ({ healthCheck }) =>
        healthCheck === null ? null : healthCheck.roundTripMs === null ? 'failed' : 'passed',
    ],
    ['health_round_trip_ms', ({ healthCheck }) => ms(healthCheck?.roundTripMs ?? null)],
  ];
}

/**
 * Samples as CSV after RFC 4180: CRLF, quotes where needed, a header with units, times in UTC with
 * milliseconds. Text that a spreadsheet would run as a formula gets a leading apostrophe.
 */
export async function* samplesCsv(
  connection: string,
  samples: readonly PoolSample[],
): AsyncGenerator<string, void, undefined> {
  const columns = columnsFor(connection);
  const rows = Readable.from(samples.values().map((sample) => columns.map(([, cell]) => cell(sample))));
  const csv = stringify({
    header: true,
    columns: columns.map(([header]) => header),
    record_delimiter: '\r\n',
    escape_formulas: true,
    // By itself it quotes for the whole delimiter only; a lone CR or LF would end the line early.
    quoted_match: /[\r\n]/,
  });
  rows.on('error', (error) => csv.destroy(error));
  try {
    for await (const chunk of rows.pipe(csv)) yield String(chunk);
  } finally {
    rows.destroy();
    csv.destroy();
  }
}
