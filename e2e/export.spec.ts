import { readFile } from 'node:fs/promises';
import { expect, test } from './fixtures.ts';
import { addAndConnect, drawnPieces, nextCheckTime, pause, showAllCharts } from './pages.ts';

test('the window shown is exported as CSV: a row per second, UTC times, units, the figures of the charts', async ({
  app,
  server,
}) => {
  const { page } = app;
  await addAndConnect(page, server, '=Orders');
  await showAllCharts(page);
  // Two checks, so that there is something to find in the file.
  await nextCheckTime(page);
  await pause(page);
  const [shown] = await drawnPieces(page, 'Throughput', 'acquired');
  const file = await app.saveAs(() => page.getByRole('button', { name: 'Export CSV' }).click());

  const text = await readFile(file, 'utf8');
  expect(text).toMatch(/^time_utc,connection,interval_ms,.*wait_p95_ms.*\r\n/);
  expect(text.endsWith('\r\n')).toBe(true);
  const [header = [], ...lines] = text
    .trimEnd()
    .split('\r\n')
    .map((line) => line.split(','));
  const rows = lines.map((cells) => Object.fromEntries(header.map((name, i) => [name, cells[i] ?? ''])));
  for (const [i, cells] of lines.entries()) expect(cells, `row ${i + 1}`).toHaveLength(header.length);

  // The line runs from the middle of its first second to the middle of its last.
  expect(rows.length).toBe(Math.round((shown?.startsAgo ?? 0) - (shown?.endsAgo ?? 0)) + 1);
  const times = rows.map(({ time_utc = '' }) => Date.parse(time_utc));
  for (const row of rows) {
    expect(row.time_utc).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect(row).toMatchObject({ connection: "'=Orders", max_connections: '10', used_connections: '0' });
  }
  expect(times).toEqual(times.toSorted((a, b) => a - b));
  expect(Math.abs(Date.now() - (times.at(-1) ?? 0))).toBeLessThan(30_000);

  const checked = rows.filter(({ health_check }) => health_check === 'passed');
  expect(checked.length).toBeGreaterThanOrEqual(2);
  for (const { health_round_trip_ms } of checked) expect(Number(health_round_trip_ms)).toBeGreaterThan(0);
  const waited = rows.filter(({ wait_p95_ms }) => wait_p95_ms !== '');
  expect(waited).toEqual(rows.filter(({ acquired_per_interval }) => Number(acquired_per_interval) > 0));
  expect(waited.length).toBeGreaterThanOrEqual(2);
});
