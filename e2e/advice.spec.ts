import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import pg from 'pg';
import { profileDraftSchema } from '#shared/model/profile.ts';
import type { TestServer } from '../tests/support/postgres-server.ts';
import { recordPast } from '../tests/support/recorded-history.ts';
import { histogramOf, sampleAt } from '../tests/support/samples.ts';
import type { AppUnderTest } from './app-under-test.ts';
import { expectAccessible } from './expect-accessible.ts';
import { expect, test } from './fixtures.ts';
import { openLoadPage, startWorkers, stopWorkers } from './page-load.ts';
import { addAndConnect, ask, fleet, keepingPasswords, openTab, typeRange } from './pages.ts';

test.use({ environment: keepingPasswords });

const verdict = (page: Page) => page.getByRole('region', { name: 'Verdict' });
const size = (page: Page) => page.getByRole('region', { name: 'Size' });
const sizeTile = (page: Page, label: string) =>
  size(page)
    .locator('dl > div', { has: page.locator('dt', { hasText: label }) })
    .locator('dd');

/** Gives the one connection a pool of this size, and lets its queries write. */
async function resize(page: Page, max: number): Promise<string> {
  const [profile] = await ask(page, 'profiles.list', {});
  if (profile === undefined) throw new Error('There is no connection.');
  const draft = profileDraftSchema.parse({ ...profile, min: 0, max, queryWrites: true });
  await ask(page, 'profiles.update', { profileId: profile.profileId, draft, password: { kind: 'keep' } });
  await expect
    .poll(async () => (await ask(page, 'pools.list', {}))[0]?.state, { timeout: 60_000 })
    .toBe('open');
  return profile.profileId;
}

test('fifty workers wait for five connections: an alert with its cause, advice that names who holds them and no size, and all is well after the fix', async ({
  app: { page },
  server,
}) => {
  test.setTimeout(240_000);
  await server.admin((client) =>
    client.query('DROP TABLE IF EXISTS stock; CREATE TABLE stock AS SELECT 1 AS id, 0 AS amount'),
  );
  await addAndConnect(page, server, 'Orders');
  const profileId = await resize(page, 5);
  const billing = new pg.Client({ connectionString: server.url, application_name: 'billing' });
  await billing.connect();
  try {
    await billing.query('BEGIN');
    await billing.query('UPDATE stock SET amount = 1 WHERE id = 1');
    const { rows } = await billing.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    const sql = 'UPDATE stock SET amount = amount + 1 WHERE id = 1';
    await startWorkers(page, { profileId, count: 50, sql, mode: 'write', restMs: 3000 });
    await openTab(page, 'Advice');

    await expect(verdict(page)).toContainText('Not a size problem', { timeout: 30_000 });
    await expect(verdict(page)).toContainText(
      /\(billing\) is idle in transaction for .*holds up 5 connections/,
    );
    const holders = page.getByRole('table', { name: 'Who holds this pool up' });
    await expect(holders.getByRole('row', { name: new RegExp(String(rows[0]?.pid)) })).toContainText(
      'billing',
    );
    await expect(sizeTile(page, 'Recommended')).toHaveText('None');
    // Alerts that come above push it from under the mouse.
    await expect(async () => {
      await size(page).getByRole('button', { name: 'Apply live' }).hover();
      await expect(page.getByText('There is no size to apply.')).toBeVisible({ timeout: 1000 });
    }).toPass({ timeout: 20_000 });

    await page.getByRole('link', { name: /^Alerts/ }).click();
    const waiting = (list: string) =>
      page
        .getByRole('list', { name: list })
        .getByRole('listitem', { name: /^\d+ requests wait for a connection/ });
    const alert = waiting('Open alerts, worst first');
    await expect(alert).toContainText('Orders', { timeout: 60_000 });
    await alert.getByRole('button', { name: 'Causes and charts' }).click();
    const cause = alert.getByRole('region', { name: 'Likely causes' }).getByRole('listitem').first();
    await expect(cause).toContainText(`Seen: pid ${rows[0]?.pid} (billing), idle in a transaction for`);
    await expect(cause).toContainText('Sessions wait for a lock that another one holds');

    await billing.query('COMMIT');
    await expect(alert).toHaveCount(0, { timeout: 60_000 });
    await page.getByRole('tab', { name: 'History' }).click();
    await expect(waiting('Alerts that are over, newest first').first()).toContainText('it recovered');
    await fleet(page)
      .getByRole('link', { name: /Orders/ })
      .click();
    await openTab(page, 'Advice');
    await expect(verdict(page)).not.toContainText('idle in transaction', { timeout: 30_000 });
  } finally {
    // Whoever waits for it goes on, whatever failed above.
    await billing.end();
    await stopWorkers(page);
  }
});

/** Ten quiet minutes of a pool of five that three callers a second hold for a second each; closed since. */
async function addWithQuietPast(
  app: AppUnderTest,
  server: TestServer,
): Promise<{ profileId: string; endMs: number }> {
  await addAndConnect(app.page, server, 'Orders');
  const profileId = await resize(app.page, 5);
  await app.stop();
  const holdMs = histogramOf([1000, 1000, 1000]);
  const sample = (atMs: number) =>
    sampleAt(atMs, {
      ...{ profileId, used: 3, idle: 2, usedPeak: 3, max: 5, acquired: 3, released: 3, holdMs },
      waitMs: histogramOf([0.05, 0.05, 0.05]),
    });
  const file = join(app.dataFolder, 'history.db');
  const endMs = recordPast(file, { profileId, name: 'Orders', hours: 1, endMs: Date.now(), sample });
  await app.start();
  return { profileId, endMs };
}

/** p95 wait of the newest ten seconds; null while nobody was served. */
async function waitP95(page: Page, profileId: string): Promise<number | null> {
  const nowMs = Date.now();
  const range = { profileId, fromMs: nowMs - 10_000, toMs: nowMs + 1000, bucketMs: 20_000 };
  const { buckets } = await ask(page, 'history.range', range);
  const { percentileMs } = await import('#shared/model/histogram.ts');
  const last = buckets.at(-1);
  return last === undefined ? null : percentileMs(last.waitMs, 0.95);
}

test('an honest overload asks for a larger pool; applied live, the waits fall under the target', async ({
  app,
  server,
}) => {
  test.setTimeout(300_000);
  const { profileId, endMs } = await addWithQuietPast(app, server);
  const { page } = app;
  const targetWaitMs = 300;
  const callers = await openLoadPage(app);
  try {
    // There before the pool opens, so that its first minute may be full of them already.
    await startWorkers(callers, { profileId, count: 50, sql: 'SELECT pg_sleep(1)', mode: 'readOnly' });
    await fleet(page)
      .getByRole('link', { name: /Orders/ })
      .click();
    await page.getByRole('button', { name: 'Connect', exact: true }).first().click();
    await openTab(page, 'Advice');
    await page.getByLabel('Target wait p95 (ms)').first().fill(String(targetWaitMs));
    await page.getByRole('button', { name: 'Save and advise anew' }).click();
    await expect(page.getByText('Saved.')).toBeVisible();

    // Some of the quiet past, so that there is enough to go by; the busy minute is one of now.
    await typeRange(page, `${Math.ceil((Date.now() - endMs) / 60_000) + 11} min`);
    await expect(verdict(page)).toContainText('Too small', { timeout: 180_000 });
    await expect.poll(() => waitP95(page, profileId)).toBeGreaterThan(targetWaitMs);
    await expect(sizeTile(page, 'Recommended')).toHaveText(/to (4[6-9]|5\d)$/, { timeout: 180_000 });
    await expect(size(page).getByRole('table', { name: 'Predicted waits by size' })).toContainText('now');
    await size(page)
      .getByRole('button', { name: /^Apply live/ })
      .click();
    await expect(page.getByText(/^Orders: \d+ to (4[6-9]|5\d) connections$/)).toBeVisible();
    // Ten seconds later what is measured is all of the new size.
    await expect.poll(() => waitP95(page, profileId), { timeout: 90_000 }).toBeLessThanOrEqual(targetWaitMs);
  } finally {
    await stopWorkers(callers);
  }
});

test('too little data says what is missing; the calculator works all the same', async ({
  app: { page },
  server,
}) => {
  await addAndConnect(page, server, 'Orders');
  await openTab(page, 'Advice');
  await expect(verdict(page)).toContainText('Too little data');
  await expect(verdict(page)).toContainText('of the 1,000 that are needed');
  await expectAccessible(page, 'advice');
  const calculator = page.getByRole('region', { name: 'Calculator' });
  await calculator.getByLabel('Concurrent requests').fill('200');
  await calculator.getByLabel('Average query time').fill('40');
  await expect(calculator.getByRole('region', { name: 'Classic formula' })).toContainText('10');
  await expect(calculator.getByRole('region', { name: 'Queueing model' })).toContainText(/1[0-3]/);
  await calculator.getByLabel('Average query time').fill('-1');
  await expect(calculator.getByText(/Average query time .* must be a number from/)).toBeVisible();
  await calculator.getByRole('button', { name: 'As at first' }).click();
  await expect(calculator.getByLabel('Average query time')).toHaveValue('50');

  await page.getByLabel('Application instances').fill('0');
  await page.getByRole('button', { name: 'Save and advise anew' }).click();
  await expect(
    page.getByText('Application instances must be a whole number from 1 to 10,000.'),
  ).toBeVisible();
  await page.getByLabel('Application instances').fill('3');
  await page.getByRole('button', { name: 'Save and advise anew' }).click();
  await expect(page.getByText('Saved.')).toBeVisible();
  await page.reload();
  await expect(page.getByLabel('Application instances')).toHaveValue('3');

  await page.getByRole('button', { name: 'Disconnect' }).first().click();
  await expect(page.getByText('this is advice on its past')).toBeVisible();
  await expect(verdict(page)).toContainText('Too little data');
});

test('a report of the range is read, saved as one HTML file and as Markdown, the same in each', async ({
  app,
  server,
}) => {
  const { page } = app;
  await addAndConnect(page, server, 'Orders <b>&');
  await page.getByRole('link', { name: 'Overview' }).click();
  await page.getByRole('button', { name: 'Report…' }).click();
  const report = page.getByRole('article', { name: 'Poolscope report' });
  await expect(report.getByRole('heading', { name: 'Orders <b>&' })).toBeVisible();
  await expect(report).toContainText('Too little data');
  await expect(report).toContainText('The pool was opened.');
  await expectAccessible(page, 'report');

  const saveAs = (item: string) =>
    app.saveAs(async () => {
      await page.getByRole('button', { name: 'Save…' }).click();
      await page.getByRole('menuitem', { name: item }).click();
    });
  const html = await readFile(await saveAs('HTML, one file'), 'utf8');
  expect(html).toContain('Orders &lt;b&gt;&amp;');
  expect(html).not.toMatch(/<(script|link|img|iframe)|https?:|src=|url\(/i);
  const markdown = await readFile(await saveAs('Markdown'), 'utf8');
  expect(markdown).toContain('## Orders \\<b\\>\\&');
  const figures = await report
    .getByRole('table', { name: /^Figures of/ })
    .locator('tbody tr')
    .allInnerTexts();
  for (const line of figures) {
    const value = line.split('\t').at(-1) ?? '';
    expect(html).toContain(`<td>${value.replaceAll('<', '&lt;')}</td>`);
  }

  // Also from the keyboard alone.
  await page.keyboard.press('Control+K');
  await page.keyboard.type('report');
  await page.keyboard.press('Enter');
  await expect(report).toBeVisible();
});
