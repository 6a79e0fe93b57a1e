import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { profileDraftSchema } from '#shared/model/profile.ts';
import type { TestServer } from '../tests/support/postgres-server.ts';
import { recordPast } from '../tests/support/recorded-history.ts';
import { histogramOf, sampleAt } from '../tests/support/samples.ts';
import type { AppUnderTest } from './app-under-test.ts';
import { expectAccessible } from './expect-accessible.ts';
import { expect, test } from './fixtures.ts';
import { addAndConnect, ask, expectStatus, fleet, keepingPasswords, openTab, typeRange } from './pages.ts';

test.use({ environment: keepingPasswords });

const arrivalsPerS = 90;
/** Of 40 ms on average, so that 3.6 are held at once. */
const holdsMs = [10, 20, 30, 40, 100];

/** A pool of two whose past asks for more; connected. */
async function addWithBusyPast(app: AppUnderTest, server: TestServer): Promise<void> {
  await addAndConnect(app.page, server, 'Orders');
  const [profile] = await ask(app.page, 'profiles.list', {});
  if (profile === undefined) throw new Error('There is no connection.');
  const { profileId } = profile;
  const draft = profileDraftSchema.parse({ ...profile, min: 0, max: 2 });
  await ask(app.page, 'profiles.update', { profileId, draft, password: { kind: 'keep' } });
  await app.stop();
  const times = <T>(values: readonly T[]) =>
    Array.from({ length: arrivalsPerS / values.length }, () => values).flat();
  const [holdMs, waitMs] = [histogramOf(times(holdsMs)), histogramOf(times([60]))];
  const sample = (atMs: number) =>
    sampleAt(atMs, {
      ...{ profileId, used: 2, idle: 0, usedPeak: 2, max: 2, holdMs, waitMs },
      ...{ acquired: arrivalsPerS, released: arrivalsPerS },
    });
  const file = join(app.dataFolder, 'history.db');
  const endMs = recordPast(file, { profileId, name: 'Orders', hours: 1, endMs: Date.now(), sample });
  await app.start();
  const { page } = app;
  await fleet(page)
    .getByRole('link', { name: /Orders/ })
    .click();
  await page.getByRole('button', { name: 'Connect', exact: true }).first().click();
  await expectStatus(page, 'Healthy');
  await openTab(page, 'Advice');
  await typeRange(page, `${Math.ceil((Date.now() - endMs) / 60_000) + 11} min`);
}

const labSessions = (server: TestServer): Promise<number> =>
  server.admin(async (client) => {
    const sql = "SELECT count(*)::int AS n FROM pg_stat_activity WHERE application_name = 'poolscope-lab'";
    return (await client.query<{ n: number }>(sql)).rows[0]?.n ?? Number.NaN;
  });

const checkButton = (page: Page) => page.getByRole('button', { name: 'Check in the Lab…' });

test('the present and the recommended size are checked on the server before one is chosen', async ({
  app,
  server,
}) => {
  await addWithBusyPast(app, server);
  const { page } = app;
  await expect(page.getByRole('region', { name: 'Verdict' })).toContainText('Too small', { timeout: 30_000 });
  await checkButton(page).click();
  const dialog = page.getByRole('dialog', { name: 'Check sizes in the Lab' });
  await expect(dialog).toContainText('90/s arrive');
  await expect(dialog).toContainText('not whether the server itself gets slower');
  await expect(dialog.getByRole('checkbox', { checked: true })).toHaveCount(2);
  await dialog.getByText('10 s', { exact: true }).click();
  await expect(dialog).toContainText(
    new RegExp(
      `Opens up to \\d connections to 127.0.0.1 port ${server.port} for about 25 s and sleeps in them`,
    ),
  );
  await expectAccessible(page, 'lab');

  await dialog.getByRole('button', { name: 'Check 2 sizes' }).click();
  await expect(dialog.getByRole('status')).toHaveText('Size 1 of 2: 2 connections.');
  await expect.poll(() => labSessions(server)).toBe(2);
  await expect(dialog).toContainText('At 2 connections the queue only grew', { timeout: 30_000 });
  await expect(dialog.getByRole('status')).toContainText('Size 2 of 2');
  const results = dialog.getByRole('region', { name: 'Results of the Lab' });
  await expect(results.getByRole('button', { name: 'Copy as Markdown' })).toBeVisible({ timeout: 60_000 });
  await expect(results.getByRole('row')).toHaveCount(3);
  await expect(dialog).toContainText(
    /At \d connections the p95 wait was .* the target of 20 ms.*\. The model said/,
  );
  await expectAccessible(page, 'lab, results');
  await expect.poll(() => labSessions(server)).toBe(0);

  await dialog.getByRole('button', { name: 'Check again' }).click();
  await expect.poll(() => labSessions(server)).toBe(2);
  await dialog.getByRole('button', { name: 'Cancel the run' }).click();
  await expect(dialog.getByRole('status')).toContainText('Cancelled');
  await expect.poll(() => labSessions(server)).toBe(0);
  await dialog.getByRole('button', { name: 'Close', exact: true }).click();

  await page.getByRole('button', { name: 'Disconnect' }).first().click();
  await expect(checkButton(page)).toHaveAttribute('aria-disabled', 'true');
  await checkButton(page).hover();
  await expect(page.getByText('Connect it first.')).toBeVisible();
});
