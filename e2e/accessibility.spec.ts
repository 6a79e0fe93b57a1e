import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';
import { addAndConnect, fleet, openAddForm, openTab, tile } from './pages.ts';
import { error, run, status } from './query-page.ts';

async function expectAccessible(page: Page, screen: string): Promise<void> {
  // Legacy mode: the other one opens a page of its own, and the Electron shell denies new windows.
  const { violations } = await new AxeBuilder({ page })
    .setLegacyMode(true)
    .withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'])
    .analyze();
  expect(violations.map(({ id, nodes }) => `${screen}: ${id}: ${nodes[0]?.html}`)).toEqual([]);
}

for (const colorScheme of ['light', 'dark'] as const) {
  test(`every screen meets WCAG AA in ${colorScheme}`, async ({ app: { page }, server }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await expectAccessible(page, 'first run');
    await openAddForm(page);
    await expectAccessible(page, 'add a connection');
    await page.keyboard.press('Escape');
    await addAndConnect(page, server, 'Orders');
    await expect(tile(page, 'Round trip')).toHaveText(/ms/);
    await expectAccessible(page, 'live');
    await openTab(page, 'Names');
    await expectAccessible(page, 'names');
    await openTab(page, 'Query');
    await expectAccessible(page, 'query, empty');
    await run(page, 'SELECT n, NULL AS nothing FROM generate_series(1, 200) AS n');
    await expect(status(page)).toHaveText('200 rows');
    await expectAccessible(page, 'query, rows');
    await page.getByRole('button', { name: 'Explain', exact: true }).click();
    await expect(page.getByRole('tab', { name: 'Plan' })).toBeVisible();
    await expectAccessible(page, 'query, plan');
    await run(page, 'SELECT $1 FORM nowhere');
    await expect(error(page)).toBeVisible();
    await expectAccessible(page, 'query, error');
    await page.getByRole('button', { name: 'History', exact: true }).click();
    await expect(page.getByLabel('Search the history')).toBeVisible();
    await expectAccessible(page, 'history of queries');
    await page.keyboard.press('Escape');
    await openTab(page, 'Settings');
    await expectAccessible(page, 'settings');
    await page.getByRole('link', { name: 'Overview' }).click();
    await expect(page.getByRole('table')).toBeVisible();
    await expectAccessible(page, 'overview');
    await page.getByRole('link', { name: 'Query many' }).click();
    await page.getByRole('button', { name: 'All', exact: true }).click();
    await run(page, 'SELECT 1 AS one');
    await expect(page.getByText('1 of 1 succeeded')).toBeVisible();
    await expectAccessible(page, 'query many');
  });
}

test('a connection can be added, watched and left by keyboard alone', async ({ app: { page }, server }) => {
  const tabTo = async (name: string) => {
    for (let presses = 0; presses < 60; presses += 1) {
      await page.keyboard.press('Tab');
      const focused = await page.evaluate(() => {
        const element = document.activeElement as HTMLElement & { labels?: NodeListOf<HTMLLabelElement> };
        return [element.getAttribute('aria-label'), element.labels?.[0]?.textContent, element.textContent]
          .find(Boolean)
          ?.trim();
      });
      if (focused === name) return;
    }
    throw new Error(`"${name}" was not reached with the Tab key.`);
  };
  await tabTo('Add a connection');
  await page.keyboard.press('Enter');
  await page.getByLabel('Connection URL').waitFor();
  await tabTo('Connection URL');
  await page.keyboard.insertText(server.url);
  await tabTo('Name');
  await page.keyboard.type('Orders');
  await tabTo('Save and connect');
  await page.keyboard.press('Enter');
  await expect(fleet(page).getByText('Healthy')).toBeVisible();

  await page.keyboard.press('Control+k');
  await expect(page.getByRole('dialog')).toBeVisible();
  await page.keyboard.type('overview');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('table')).toBeVisible();

  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: /shortcuts/i })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
});
