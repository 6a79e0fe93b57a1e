import type { WebSocketRoute } from '@playwright/test';
import pg from 'pg';
import { startTestServer } from '../tests/support/postgres-server.ts';
import { expect, test } from './fixtures.ts';
import {
  addAndConnect,
  drawnPieces,
  expectStatus,
  fillForm,
  lastCheckTime,
  openAddForm,
  openGroup,
  pause,
  readout,
  saveAndConnect,
  showAllCharts,
  tile,
} from './pages.ts';

test('the charts show a killed server as a gap and go on by themselves once it is back', async ({
  app: { page },
}) => {
  const own = await startTestServer();
  try {
    await addAndConnect(page, own, 'Orders');
    await showAllCharts(page);
    await expect(tile(page, 'Round trip')).toHaveText(/ms/);
    await own.kill();
    await expectStatus(page, 'Unhealthy');
    await expect(page.getByRole('alert').first()).toContainText(/refused|accepts connections/i);
    await expect(page.getByText(/^([3-9]|\d\d) checks in a row failed$/)).toBeVisible();
    await expect(tile(page, 'Round trip')).toHaveText('failed');
    await own.start();
    await expectStatus(page, 'Healthy');
    await expect.poll(() => drawnPieces(page, 'Health round trip', 'roundTrip')).toHaveLength(2);
    await pause(page);

    const [before, after] = await drawnPieces(page, 'Health round trip', 'roundTrip');
    const outage = { from: before?.endsAgo ?? 0, to: after?.startsAgo ?? 0 };
    expect(outage.from - outage.to).toBeGreaterThanOrEqual(2);
    expect(after?.endsAgo).toBeLessThan(3);
    const failed = await drawnPieces(page, 'Health round trip', 'failed');
    expect(failed.length).toBeGreaterThanOrEqual(2);
    for (const { startsAgo } of failed) {
      expect(startsAgo).toBeLessThan(outage.from);
      expect(startsAgo).toBeGreaterThan(outage.to);
    }
    // Nobody got a connection, so nobody waited for one: no wait is drawn, not a wait of 0.
    // The first check afterwards may be given its connection a second before it is answered.
    const over = outage.to + 1.5;
    const waits = (await drawnPieces(page, 'Wait time', 'p50')).map(({ startsAgo }) => startsAgo);
    expect(waits.filter((ago) => ago > outage.from)).not.toEqual([]);
    expect(waits.filter((ago) => ago < outage.from && ago > over)).toEqual([]);
    expect(waits.filter((ago) => ago <= over)).not.toEqual([]);
    expect(await drawnPieces(page, 'Errors and timeouts', 'connectFailures')).not.toEqual([]);
  } finally {
    await own.stop();
  }
});

test('"Check now" asks the server at once, long before a check is due', async ({ app: { page } }) => {
  const own = await startTestServer();
  try {
    await openAddForm(page);
    await fillForm(page, own.url, 'Orders');
    await openGroup(page, 'Resilience');
    await page.getByLabel('Health check interval (ms)').fill('600000');
    await saveAndConnect(page, 'Orders');
    await expect(tile(page, 'Round trip')).toHaveText(/ms/);
    const before = await lastCheckTime(page);
    await page.getByRole('button', { name: 'Check now' }).click();
    await expect.poll(() => lastCheckTime(page)).not.toBe(before);

    await own.kill();
    await page.getByRole('button', { name: 'Check now' }).click();
    await expectStatus(page, 'Unhealthy');
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

test('a lost link to Poolscope is said, and what was missed is there when it is back', async ({
  app: { page },
  server,
  shell,
}) => {
  test.skip(
    shell !== 'web',
    'Only the web shell has a link that can be lost; Electron ends with its window.',
  );
  const links: WebSocketRoute[] = [];
  let cut = false;
  await page.routeWebSocket(/.*/, async (link) => {
    if (cut) return link.close();
    const engine = link.connectToServer();
    links.push(engine, link);
  });
  await page.reload();
  await addAndConnect(page, server, 'Orders');
  await showAllCharts(page);
  await expect(readout(page, 'Connections by state', 'max')).toHaveText('10');
  const newestAgo = async () => (await drawnPieces(page, 'Throughput', 'acquired')).at(-1)?.endsAgo;
  await expect.poll(newestAgo).toBeLessThan(2);

  cut = true;
  for (const link of links) await link.close();
  await expect(page.getByRole('status').getByText(/^The link to Poolscope is lost/)).toBeVisible();
  await expect.poll(newestAgo).toBeGreaterThan(4);

  cut = false;
  await expect(page.getByText(/^The link to Poolscope is lost/)).toHaveCount(0);
  await expect.poll(newestAgo).toBeLessThan(2);
  expect(await drawnPieces(page, 'Throughput', 'acquired')).toHaveLength(1);
  await expectStatus(page, 'Healthy');
});
