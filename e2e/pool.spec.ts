import type { Page } from '@playwright/test';
import { expectAccessible } from './expect-accessible.ts';
import { expect, test } from './fixtures.ts';
import { openLoadPage, startWorkers, stopWorkers } from './page-load.ts';
import { addAndConnect, ask, openTab } from './pages.ts';

test.setTimeout(120_000);

const apply = (page: Page) => page.getByRole('button', { name: 'Apply to the running pool' });
const held = (page: Page) => page.getByRole('table', { name: 'Connections in use' });
const events = (page: Page) => page.getByRole('grid', { name: 'Events of the pool' });

async function resize(page: Page, max: string): Promise<void> {
  await page.getByLabel('Maximum size').fill(max);
  await apply(page).click();
  await expect(apply(page)).toBeDisabled();
}

test('a running pool is resized, watched, recycled, drained and closed', async ({ app, server }) => {
  const { page } = app;
  await addAndConnect(page, server, 'Orders');
  const [{ profileId } = { profileId: '' }] = await ask(page, 'profiles.list', {});
  await openTab(page, 'Pool');
  await resize(page, '1');

  const loadPage = await openLoadPage(app);
  const load = { profileId, mode: 'readOnly' } as const;
  await startWorkers(loadPage, { ...load, count: 3, sql: 'SELECT pg_sleep(2)' });
  await expect(held(page).getByRole('row')).toHaveCount(2);

  await page.getByLabel('Maximum size').fill('0');
  await expect(page.getByText('Maximum size must be a whole number from 1 to 1,000.')).toBeVisible();
  await expect(apply(page)).toBeDisabled();
  await page.getByLabel('Maximum size').fill('4');
  await expect(page.getByText('Requests that wait are served at once', { exact: false })).toBeVisible();
  await resize(page, '4');
  // The heading and the three that waited in one line before.
  await expect(held(page).getByRole('row')).toHaveCount(4);

  await expect(events(page).getByText(/^The pool is now of 0 to 4 connections/)).toBeVisible();
  await expect(
    events(page)
      .getByText(/^Connection \d+ was opened/)
      .first(),
  ).toBeVisible();
  await page.getByRole('textbox', { name: 'Search events' }).fill('now of 0 to 1');
  await expect(events(page).getByText(/^The pool is now of 0 to 1 connections/)).toBeVisible();
  await expect(events(page).getByText(/was opened/)).toHaveCount(0);
  await page.getByRole('button', { name: 'Clear the search' }).click();
  await page.getByRole('button', { name: 'With acquire and release' }).click();
  await expect(
    events(page)
      .getByText(/was handed to/)
      .first(),
  ).toBeVisible();

  await page.getByRole('button', { name: 'Recycle all' }).click();
  await expect(page.getByText('Recycling the pool of Orders')).toBeVisible();
  await expect(
    events(page)
      .getByText(/was closed: the pool was told to renew/)
      .first(),
  ).toBeVisible();
  await stopWorkers(loadPage);

  // One that will not come back by itself while this test runs.
  await startWorkers(loadPage, { ...load, count: 1, sql: 'SELECT pg_sleep(300)' });
  await expect(held(page).getByRole('row')).toHaveCount(2);
  await page.getByRole('button', { name: 'Drain and close…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Drain and close Orders' });
  await expect(dialog.getByText(/New requests are refused/)).toBeVisible();
  const seconds = dialog.getByRole('textbox', { name: /^Wait for those in use/ });
  await seconds.fill('601');
  await expect(dialog.getByText('The wait must be a whole number from 0 to 600 seconds.')).toBeVisible();
  await expect(dialog.getByRole('button', { name: 'Drain and close' })).toBeDisabled();
  await seconds.fill('600');
  await expectAccessible(page, 'drain');
  await dialog.getByRole('button', { name: 'Drain and close' }).click();
  await expect(dialog.getByText('Waiting for connections to come back…')).toBeVisible();
  await dialog.getByRole('button', { name: 'Close now' }).click();
  await expect(page.getByText('1 connection did not come back in time', { exact: false })).toBeVisible();
  await expect(dialog).toHaveCount(0);
  await expect(
    events(page)
      .getByText(/was closed: the pool is closing/)
      .first(),
  ).toBeVisible();
  await stopWorkers(loadPage);
});
