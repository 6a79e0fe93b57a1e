import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';
import {
  addAndConnect,
  fleet,
  goToHistory,
  openAddForm,
  openTab,
  samplesArrive,
  tile,
  typeRange,
} from './pages.ts';

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
    await openTab(page, 'Settings');
    await expectAccessible(page, 'settings');
    await page.getByRole('link', { name: 'Overview' }).click();
    await expect(page.getByRole('table')).toBeVisible();
    await expectAccessible(page, 'overview');
  });
}

for (const colorScheme of ['light', 'dark'] as const) {
  test(`history, ranges, exports and bundles meet WCAG AA in ${colorScheme}`, async ({ app, server }) => {
    const { page } = app;
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.getByRole('link', { name: 'History', exact: true }).click();
    await expect(page.getByText('Nothing is recorded yet.', { exact: false })).toBeVisible();
    await expectAccessible(page, 'history, empty');
    await page.getByRole('link', { name: 'Poolscope' }).click();
    await addAndConnect(page, server, 'Orders');
    await samplesArrive(page, 2);
    await page.getByLabel('Compare with an earlier range').selectOption('Previous 5 min');
    await page.getByRole('button', { name: 'Wait time as a table' }).click();
    await page.getByRole('img', { name: /^Hold time/ }).focus();
    await page.keyboard.press('n');
    await page.getByRole('textbox', { name: 'Note' }).fill('Deployed');
    await expectAccessible(page, 'note');
    await page.getByRole('dialog').getByRole('button', { name: 'Add note' }).click();
    await expect(page.getByRole('button', { name: /Note Deployed$/ })).toBeVisible();
    await page.getByRole('textbox', { name: 'Type a range' }).click();
    await expectAccessible(page, 'comparison, table, note and range box');
    await typeRange(page, 'banana');
    await expectAccessible(page, 'range that is none');
    await page.keyboard.press('Escape');

    await page.getByRole('button', { name: 'More ways to export' }).click();
    await page.getByRole('menuitem', { name: 'More formats…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Export history' });
    await expectAccessible(page, 'export');
    await dialog.getByText('Another', { exact: true }).click();
    await dialog.getByLabel(/^In words/).fill('banana');
    await dialog.getByRole('button', { name: 'Export', exact: true }).click();
    await expectAccessible(page, 'export that cannot be');
    await dialog.getByLabel(/^In words/).fill('last 5m');
    await dialog.getByRole('radio', { name: 'Incident bundle' }).check();
    const bundle = await app.saveAs(() =>
      dialog.getByRole('button', { name: 'Export', exact: true }).click(),
    );
    await expect(dialog.getByText(/ rows?, /)).toBeVisible();
    await expectAccessible(page, 'export that is done');
    await page.keyboard.press('Escape');

    await goToHistory(page);
    await expect(page.getByRole('row', { name: /^Orders/ })).toBeVisible();
    await expectAccessible(page, 'history');
    await page.getByRole('button', { name: 'Delete the history of Orders…' }).click();
    await expect(page.getByRole('dialog').getByText(/samples?/)).toBeVisible();
    await expectAccessible(page, 'delete history');
    await page.keyboard.press('Escape');
    await app.pick(bundle, () => page.getByRole('button', { name: 'Open an incident bundle…' }).click());
    await expect(page.getByText('Read-only bundle')).toBeVisible();
    await expect(page.getByRole('img', { name: /^Throughput/ })).toBeVisible();
    await expectAccessible(page, 'bundle');
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
