import { startTestServer } from '../tests/support/postgres-server.ts';
import { expect, test } from './fixtures.ts';
import { addAndConnect, expectStatus } from './pages.ts';
import { cellsOf, editor, grid, run, running } from './query-page.ts';

test('one statement runs on many databases, one of them down: each answers for itself', async ({
  app: { page },
  server,
}) => {
  const down = await startTestServer();
  try {
    await addAndConnect(page, server, 'North');
    await addAndConnect(page, server, 'South');
    await addAndConnect(page, down, 'East');
    await down.kill();
    await expectStatus(page, 'Unhealthy');

    await page.getByRole('link', { name: 'Query many' }).click();
    await page.getByRole('button', { name: 'All', exact: true }).click();
    await expect(page.getByText('3 chosen')).toBeVisible();
    await run(page, 'SELECT n, current_database() AS place FROM generate_series(1, 2) AS n');
    await expect(page.getByText('2 of 3 succeeded · 1 failed')).toBeVisible({ timeout: 40_000 });

    const asked = page.getByRole('region', { name: 'Connections asked' });
    for (const name of ['North', 'South']) {
      await expect(asked.getByRole('row', { name: new RegExp(`^${name} Done 2 .*ms`) })).toBeVisible();
      await expect(grid(page, `Rows of ${name}`)).toContainText('postgres');
    }
    await expect(asked.getByRole('row', { name: /^East Failed/ })).toBeVisible();

    await page.getByText('Merged', { exact: true }).click();
    await expect(page.getByRole('region', { name: 'Merged' })).toContainText('4 rows of 2 connections');
    expect(await cellsOf(page, 1, 'Merged rows')).toEqual(['North', '1', 'postgres']);
    expect(await cellsOf(page, 4, 'Merged rows')).toEqual(['South', '2', 'postgres']);
  } finally {
    await down.stop();
  }
});

test('"Cancel all" stops the statement on every server', async ({ app: { page }, server }) => {
  await addAndConnect(page, server, 'North');
  await addAndConnect(page, server, 'South');
  await page.getByRole('link', { name: 'Query many' }).click();
  await expect(editor(page)).toBeVisible();
  await page.getByRole('button', { name: 'All', exact: true }).click();
  await run(page, 'SELECT pg_sleep(400) AS nap');
  await expect.poll(() => running(server, 'pg_sleep(400)')).toBe(2);
  await page.getByRole('button', { name: /^Cancel all/ }).click();
  await expect(page.getByText('0 of 2 succeeded · 2 cancelled')).toBeVisible();
  expect(await running(server, 'pg_sleep(400)')).toBe(0);
});

test('a filter chooses among many connections', async ({ app: { page }, server }) => {
  await addAndConnect(page, server, 'North');
  await addAndConnect(page, server, 'South');
  await page.getByRole('link', { name: 'Query many' }).click();
  await page.getByLabel('Filter the connections').fill('sou');
  await page.getByRole('button', { name: 'All that match' }).click();
  await expect(page.getByRole('button', { name: 'Run on 1' })).toBeEnabled();
  await page.getByRole('button', { name: 'None' }).click();
  await expect(page.getByRole('button', { name: 'Run on 0' })).toBeDisabled();
});
