import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { parquetReadObjects } from 'hyparquet';
import pg from 'pg';
import { startTestPooler } from '../tests/support/pgbouncer.ts';
import { expect, test } from './fixtures.ts';
import {
  addAndConnect,
  addWithPast,
  chart,
  drawnPieces,
  fillForm,
  keepingPasswords,
  nextCheckTime,
  openAddForm,
  openGroup,
  openTab,
  pause,
  readout,
  saveAndConnect,
  sessionsOf,
  showAllCharts,
  typeRange,
} from './pages.ts';
import { addPooler } from './pooler-pages.ts';

test.use({ environment: keepingPasswords });

type Row = Record<string, string>;

/** A CSV file as Python's own reader sees it, which nobody here wrote. */
function csvRows(file: string): Row[] {
  const program =
    'import csv,json,sys; print(json.dumps(list(csv.DictReader(open(sys.argv[1],newline="",encoding="utf-8"),strict=True))))';
  const result = spawnSync('python3', ['-c', program, file], { encoding: 'utf8', maxBuffer: 2 ** 28 });
  if (result.status !== 0) throw new Error(result.stderr ?? String(result.error));
  return JSON.parse(result.stdout) as Row[];
}

/** What a chart shows as a table: column by column name, newest row first. */
async function tableRows(page: Page, title: string): Promise<Row[]> {
  await page.getByRole('button', { name: `${title} as a table` }).click();
  const table = page.getByRole('group', { name: `${title}, table` }).getByRole('table');
  await expect(table).toBeVisible();
  const rows = await table.evaluate((element) => {
    const [head = [], ...body] = [...(element as HTMLTableElement).rows].map(({ cells }) =>
      [...cells].map((cell) => cell.textContent ?? ''),
    );
    return body.map((cells) => Object.fromEntries(head.map((name, i) => [name, cells[i] ?? ''])));
  });
  await page.getByRole('button', { name: `${title} as a table` }).click();
  return rows;
}

const openDialog = async (page: Page) => {
  await page.getByRole('button', { name: 'More ways to export' }).click();
  await page.getByRole('menuitem', { name: 'More formats…' }).click();
  return page.getByRole('dialog', { name: 'Export history' });
};

test('the range shown is exported as CSV: a row per second, UTC times, units, the figures of the charts', {
  tag: '@shell',
}, async ({ app, server }) => {
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

test('a chart, its table, its CSV and SQL over the same server tell the same', async ({ app, server }) => {
  const { page } = app;
  await server.admin((client) => client.query('DROP TABLE IF EXISTS names'));
  await openAddForm(page);
  await fillForm(page, server.url, 'Orders');
  await openGroup(page, 'Size');
  await page.getByLabel('Minimum size').fill('3');
  await saveAndConnect(page, 'Orders');
  await showAllCharts(page);
  await page.getByRole('radiogroup', { name: 'Time zone' }).getByText('UTC', { exact: true }).click();
  await openTab(page, 'Names');
  await page.getByRole('button', { name: 'Create the names table' }).click();
  await expect(page.getByLabel('Name', { exact: true })).toBeVisible();
  const added = ['Ada', 'Grace', 'Edsger'];
  const namesWritten = () =>
    server.admin(async (client) => {
      const { rows } = await client.query<{ n: number }>('SELECT count(*)::int AS n FROM names');
      return rows[0]?.n ?? Number.NaN;
    });
  const before = await namesWritten();
  for (const name of added) {
    await page.getByLabel('Name', { exact: true }).fill(name);
    await page.getByLabel('Name', { exact: true }).press('Enter');
    await expect(page.getByText(name).first()).toBeVisible();
  }
  await openTab(page, 'Live');
  await nextCheckTime(page);
  await pause(page);
  expect(await sessionsOf(server)).toBe(3);

  const connections = await tableRows(page, 'Connections by state');
  const throughput = await tableRows(page, 'Throughput');
  await page.getByRole('img', { name: /^Throughput/ }).focus();
  const file = await app.saveAs(() => page.getByRole('button', { name: 'Export CSV' }).click());
  const rows = csvRows(file).toReversed();

  const second = (row: Row) => row.time_utc?.slice(0, 19).replace('T', ' ');
  expect(throughput.map((row) => row['Time (UTC)'])).toEqual(rows.map(second));
  expect(throughput.map(({ Acquired }) => Acquired)).toEqual(
    rows.map(({ acquired_per_interval = '', interval_ms = '' }) => {
      const rate = (Number(acquired_per_interval) * 1000) / Number(interval_ms);
      return rate === 0 ? '0/s' : rate < 9.95 ? `${rate.toFixed(1)}/s` : `${Math.round(rate)}/s`;
    }),
  );
  expect(connections.map(({ Used, Idle, Max }) => [Used, Idle, Max])).toEqual(
    rows.map((row) => [row.used_connections, row.idle_connections, row.max_connections]),
  );
  // The server counts the same sessions, and the rows that were written through them.
  const newest = rows[0] ?? {};
  expect(Number(newest.used_connections) + Number(newest.idle_connections)).toBe(3);
  await page.keyboard.press('End');
  await expect(readout(page, 'Connections by state', 'idle')).toHaveText(newest.idle_connections ?? '');
  const acquired = rows.reduce((sum, row) => sum + Number(row.acquired_per_interval), 0);
  const released = rows.reduce((sum, row) => sum + Number(row.released_per_interval), 0);
  const checks = rows.filter(({ health_check }) => health_check !== '').length;
  const written = (await namesWritten()) - before;
  expect(written).toBe(added.length);
  expect(acquired).toBe(released);
  expect(acquired).toBeGreaterThanOrEqual(checks + written);
  await server.admin((client) => client.query('DROP TABLE names'));
});

test('a range typed in the export dialog becomes CSV, JSON Lines and Parquet with the same rows', async ({
  app,
  server,
}) => {
  const { endMs } = await addWithPast(app, server, 'Orders', 1);
  const { page } = app;
  const dialog = await openDialog(page);
  await dialog.getByText('Another', { exact: true }).click();
  const words = dialog.getByLabel(/^In words/);
  await words.fill('yesterday 10:30 to 9:00');
  await dialog.getByRole('button', { name: 'Export', exact: true }).click();
  await expect(dialog.getByText(/The range ends .* before it starts/)).toBeVisible();
  const ago = Math.ceil((Date.now() - endMs) / 60_000) + 1;
  await words.fill(`now-${ago + 30}m to now-${ago}m`);
  await expect(dialog.getByText('Up to 1,800 rows of 1 connection.')).toBeVisible();

  const save = async (format: string) => {
    await dialog.getByRole('radio', { name: format }).check();
    const file = await app.saveAs(() => dialog.getByRole('button', { name: /^Export( again)?$/ }).click());
    await expect(dialog.getByText(/1,800 rows/)).toBeVisible();
    return file;
  };
  const csv = csvRows(await save('CSV'));
  const text = await readFile(await save('JSON Lines'), 'utf8');
  const lines = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  const parquetFile = await readFile(await save('Parquet'));
  const { buffer, byteOffset, length } = parquetFile;
  const parquet = await parquetReadObjects({
    file: buffer.slice(byteOffset, byteOffset + length) as ArrayBuffer,
  });
  expect(csv).toHaveLength(1800);
  const asText = (value: unknown) =>
    value === null || value === undefined ? '' : value instanceof Date ? value.toISOString() : String(value);
  const plain = (row: Record<string, unknown>) =>
    Object.fromEntries(Object.entries(row).map(([name, value]) => [name, asText(value)]));
  // Numbers differ in how they are written ("1.50"), not in what they are.
  const numbers = (row: Record<string, string>) =>
    Object.fromEntries(
      Object.entries(row).map(([name, value]) => [
        name,
        value === '' || Number.isNaN(Number(value)) ? value : Number(value),
      ]),
    );
  expect(lines.map(plain).map(numbers)).toEqual(csv.map(numbers));
  expect(parquet.map(plain).map(numbers)).toEqual(csv.map(numbers));
});

const pictureDialog =
  'Electron saves a picture of the page by a dialog of its own, which no test can press; the page is the same.';

test('a chart is saved as a picture of what is shown, at twice its size', { tag: '@shell' }, async ({
  app,
  server,
  shell,
}) => {
  test.skip(shell !== 'web', pictureDialog);
  await addWithPast(app, server, 'Orders', 3);
  const { page } = app;
  await page.getByRole('radiogroup', { name: 'Time zone' }).getByText('UTC', { exact: true }).click();
  await typeRange(page, 'now-90m to now-60m');
  await expect(page.getByRole('img', { name: /^Wait time, 30 min to / })).toBeVisible();
  await page.getByLabel('Compare with an earlier range').selectOption('Previous 30 min');
  await page.getByRole('img', { name: /^Wait time/ }).focus();
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('n');
  await page.getByRole('textbox', { name: 'Note' }).fill('Deployed <4.12.1>');
  await page.getByRole('dialog').getByRole('button', { name: 'Add note' }).click();
  await expect(page.getByRole('button', { name: /Note Deployed <4\.12\.1>$/ })).toBeVisible();
  await chart(page, 'Wait time').getByRole('button', { name: /^p50/ }).click();
  await expect(page.locator('path[data-overlay="p99"]').first()).toHaveAttribute('d', /M/);

  const save = async (kind: 'PNG' | 'SVG') => {
    await page.getByRole('button', { name: 'Save or copy “Wait time”' }).click();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('menuitem', { name: `Save as ${kind}` }).click(),
    ]);
    expect(download.suggestedFilename()).toMatch(
      new RegExp(`^poolscope-orders-wait-time-\\d{8}T\\d{6}Z\\.${kind.toLowerCase()}$`),
    );
    const file = await download.path();
    return await readFile(file);
  };
  const svg = (await save('SVG')).toString();
  expect(svg).toMatch(/>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d to (\d{4}-\d\d-\d\d )?\d\d:\d\d:\d\d UTC</);
  expect(svg).toContain('Orders · ');
  expect(svg).toContain('Note: Deployed &lt;4.12.1&gt;');
  expect(svg).toMatch(/>Previous 30 min \(.* UTC\)</);
  expect(svg).toContain('>Wait timeout 30 s<');
  expect(svg).toContain('>p99<');
  expect(svg).not.toContain('>p50<');
  const [, width, height] = /width="(\d+)" height="(\d+)"/.exec(svg) ?? [];
  const shown = await chart(page, 'Wait time').boundingBox();
  expect(Number(width)).toBe(2 * Math.max(480, Math.round(shown?.width ?? 0)));
  const png = await save('PNG');
  expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([Number(width), Number(height)]);
});

test('charts of sessions and of a pooler are saved as pictures', async ({ app: { page }, server, shell }) => {
  test.skip(shell !== 'web', pictureDialog);
  const save = async (title: string, kind: 'PNG' | 'SVG') => {
    await page.getByRole('button', { name: `Save “${title}”` }).click();
    // The menu of the chart before may still be closing.
    const menu = page.getByRole('menu', { name: `Save “${title}”` });
    await expect(menu.getByRole('menuitem')).toHaveCount(2);
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      menu.getByRole('menuitem', { name: `Save as ${kind}` }).click(),
    ]);
    return await readFile(await download.path());
  };
  const application = 'billing "night" (1)';
  const client = new pg.Client({ connectionString: server.url, application_name: application });
  await client.connect();
  const pooler = await startTestPooler(server);
  try {
    await addAndConnect(page, server, 'Orders');
    await openTab(page, 'Sessions');
    const stack = chart(page, 'Sessions over time');
    await expect(stack.getByRole('button', { name: /^billing/ })).toBeVisible();
    const sessions = (await save('Sessions over time', 'SVG')).toString();
    expect(sessions).toContain('Orders · ');
    expect(sessions).toContain('billing &quot;night&quot; (1)');
    // Names of applications do not get into references between its parts.
    expect(sessions).not.toMatch(/url\(#[^)]*[^A-Za-z0-9_)-]/);
    await addPooler(page, pooler, 'Edge');
    await expect(chart(page, 'Clients').getByRole('img', { name: /^Clients/ })).toBeVisible();
    expect((await save('Clients', 'SVG')).toString()).toContain('>Waiting<');
    expect((await save('Server connections by state', 'PNG')).subarray(1, 4).toString()).toBe('PNG');
  } finally {
    await client.end();
    await pooler.stop();
  }
});
