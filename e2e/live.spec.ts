import { readFile } from 'node:fs/promises';
import pg from 'pg';
import { startTestServer } from '../tests/support/postgres-server.ts';
import { expect, test } from './fixtures.ts';
import { addAndConnect, expectStatus, fillForm, openAddForm, tile } from './pages.ts';

const chartTitles = [
  'Connections by state',
  'Pending requests',
  'Wait time',
  'Hold time',
  'Throughput',
  'Errors and timeouts',
  'Health round trip',
];

test('every chart draws the pool as it is, in every range', async ({ app: { page }, server }) => {
  await addAndConnect(page, server, 'Orders');
  for (const title of chartTitles)
    await expect(page.getByRole('img', { name: new RegExp(`^${title}`) })).toBeVisible();
  await expect(tile(page, 'Used')).toHaveText(/\d+ \/ 10/);
  await expect(tile(page, 'Round trip')).toHaveText(/ms/);
  for (const label of ['15 m', '1 h', '30 d', '5 m']) {
    await page.getByRole('radiogroup', { name: 'Range' }).getByText(label, { exact: true }).click();
    await expect(page.getByRole('img', { name: /Connections by state/ })).toBeVisible();
  }
});

test('pause stands still and says since when; going on is live again', async ({ app: { page }, server }) => {
  await addAndConnect(page, server, 'Orders');
  await page.getByRole('button', { name: /^Live.*Pause$/ }).click();
  const paused = page.getByRole('button', { name: /^Paused.*Go on live$/ });
  await expect(paused).toContainText(/Paused at \d\d:\d\d/);
  await paused.click();
  await expect(page.getByRole('button', { name: /^Live.*Pause$/ })).toBeVisible();
});

test('the crosshair reads one moment, by mouse and by keyboard', async ({ app: { page }, server }) => {
  await addAndConnect(page, server, 'Orders');
  const chart = page.getByRole('img', { name: /Connections by state/ });
  await chart.focus();
  await page.keyboard.press('ArrowLeft');
  await expect(page.getByText(/\d\d:\d\d:\d\d/).first()).toBeVisible();
});

test('a killed server is said, and everything recovers by itself when it is back', async ({
  app: { page },
}) => {
  const own = await startTestServer();
  try {
    await addAndConnect(page, own, 'Orders');
    await own.kill();
    await expectStatus(page, 'Unhealthy');
    await expect(page.getByRole('alert').first()).toContainText(/refused|closed|connection/i);
    await own.start();
    await expectStatus(page, 'Healthy');
  } finally {
    await own.stop();
  }
});

test('a server out of connections is said plainly', async ({ app: { page } }) => {
  const own = await startTestServer({
    settings: { max_connections: '6', superuser_reserved_connections: '1', reserved_connections: '0' },
  });
  const hogs: pg.Client[] = [];
  try {
    await own.admin((client) => client.query("CREATE ROLE app LOGIN PASSWORD 'app'"));
    const url = new URL(own.url);
    url.username = 'app';
    url.password = 'app';
    for (let i = 0; i < 5; i += 1) {
      const hog = new pg.Client({ connectionString: url.href });
      hog.on('error', () => {});
      await hog.connect();
      hogs.push(hog);
    }
    await openAddForm(page);
    await fillForm(page, url.href, 'Full house');
    await page.getByRole('button', { name: 'Save and connect' }).click();
    await expect(page.getByText(/server is out of connections/).first()).toBeVisible();
    for (const hog of hogs.splice(0)) await hog.end();
    await expectStatus(page, 'Healthy');
  } finally {
    for (const hog of hogs) await hog.end();
    await own.stop();
  }
});

test('the window shown is exported as CSV with UTC times and units', async ({ app, server }) => {
  const { page } = app;
  await addAndConnect(page, server, '=Orders');
  await expect(tile(page, 'Round trip')).toHaveText(/ms/);
  const path = await app.saveAs(() => page.getByRole('button', { name: 'Export CSV' }).click());
  const [header, first] = (await readFile(path, 'utf8')).split('\r\n');
  expect(header).toMatch(/^time_utc,connection,interval_ms,/);
  expect(header).toContain('wait_p95_ms');
  expect(first).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z,'=Orders,/);
});
