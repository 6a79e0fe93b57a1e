import type { Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';
import { addAndConnect, tile } from './pages.ts';

const chart = (page: Page, title: string) => page.getByRole('img', { name: new RegExp(`^${title}`) });
const typed = (page: Page) => page.getByRole('textbox', { name: 'Type a range' });
const live = (page: Page) => page.getByRole('button', { name: /^Live.*Pause$/ });

async function watch(page: Page, server: Parameters<typeof addAndConnect>[1]): Promise<void> {
  await addAndConnect(page, server, 'Orders');
  await expect(tile(page, 'Round trip')).toHaveText(/ms/);
}

async function type(page: Page, text: string): Promise<void> {
  await typed(page).fill(text);
  await typed(page).press('Enter');
}

test('a typed range stands still, says how far behind it is, and leads back to live', async ({
  app: { page },
  server,
}) => {
  await watch(page, server);
  await type(page, 'now-2h to now-1h');
  const behind = page.getByRole('button', { name: /^(59 min \d+ s|1 h).* behind\. Go live$/ });
  await expect(behind).toBeVisible();
  await page.getByRole('button', { name: 'Earlier', exact: true }).click();
  await expect(page.getByRole('button', { name: /^(1 h 59 min|2 h).* behind\. Go live$/ })).toBeVisible();
  await page.getByRole('button', { name: /Go live$/ }).click();
  await expect(live(page)).toBeVisible();
  await type(page, '13h');
  await expect(typed(page)).toHaveValue('Last 13 h');
});

test('what is no range gets a sentence and changes nothing', async ({ app: { page }, server }) => {
  await watch(page, server);
  for (const [text, sentence] of [
    ['banana', 'is not a time'],
    ['yesterday 10:30 to 9:00', 'before it starts'],
    ['2000-01-01 to 2000-01-02', 'years ago'],
    ['2100-01-01 to 2100-01-02', 'in the future'],
  ] as const) {
    await type(page, text);
    await expect(page.getByRole('alert').filter({ hasText: sentence })).toBeVisible();
  }
  await typed(page).press('Escape');
  await expect(typed(page)).toHaveValue('Last 5 min');
  await expect(live(page)).toBeVisible();
});

test('a drag zooms every chart, and Escape goes back', async ({ app: { page }, server }) => {
  await watch(page, server);
  const box = await chart(page, 'Connections by state').boundingBox();
  if (box === null) throw new Error('The chart is not on screen.');
  const y = box.y + box.height / 2;
  await page.mouse.move(box.x + box.width * 0.5, y);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.9, y, { steps: 5 });
  await page.mouse.up();
  await expect(page.getByRole('button', { name: /behind\. Go live$/ })).toBeVisible();
  await expect(chart(page, 'Connections by state, [12] min .* to ')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(live(page)).toBeVisible();
  await expect(page.getByRole('heading', { level: 1, name: 'Orders' })).toBeVisible();
});

test('a stretch is chosen, zoomed into and left by keyboard alone', async ({ app: { page }, server }) => {
  await watch(page, server);
  await chart(page, 'Wait time').focus();
  for (let presses = 0; presses < 3; presses += 1) await page.keyboard.press('PageUp');
  await page.keyboard.press('Shift+PageUp');
  await page.keyboard.press('Shift+PageUp');
  await page.keyboard.press('Enter');
  await expect(chart(page, 'Wait time, 21 s to ')).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(live(page)).toBeVisible();
});

test('times are local or UTC everywhere, and the choice is remembered', async ({ app: { page }, server }) => {
  await watch(page, server);
  await page.getByRole('radiogroup', { name: 'Time zone' }).getByText('UTC', { exact: true }).click();
  await chart(page, 'Wait time').focus();
  await page.keyboard.press('ArrowLeft');
  await expect(page.getByText(/^\d\d:\d\d:\d\d UTC$/).first()).toBeVisible();
  await page.reload();
  await expect(page.getByRole('radio', { name: 'UTC' })).toBeChecked();
});

test('a chart is a table for those who want figures', async ({ app: { page }, server }) => {
  await watch(page, server);
  await page.getByRole('button', { name: 'Throughput as a table' }).click();
  const table = page.getByRole('group', { name: 'Throughput, table' }).getByRole('table');
  await expect(table.getByRole('columnheader', { name: 'Acquired' })).toBeVisible();
  await expect(table.getByRole('rowheader').first()).toHaveText(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);
  await page.getByRole('button', { name: 'Throughput as a table' }).click();
  await expect(chart(page, 'Throughput')).toBeVisible();
});

test('a range is laid over the one before it', async ({ app: { page }, server }) => {
  await watch(page, server);
  await page.getByLabel('Compare with an earlier range').selectOption('Previous 5 min');
  await expect(
    page
      .getByRole('listitem')
      .filter({ hasText: /^Previous 5 min$/ })
      .first(),
  ).toBeVisible();
  await expect(page.getByText(/^was /).first()).toBeVisible();
});

test('a note is drawn, listed, deleted and brought back', async ({ app: { page }, server }) => {
  await watch(page, server);
  await chart(page, 'Wait time').focus();
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('n');
  await page.getByRole('dialog').getByRole('textbox', { name: 'Note' }).fill('Deployed <4.12.1>');
  await page.getByRole('dialog').getByRole('button', { name: 'Add note' }).click();
  const entry = page.getByRole('button', { name: /Note Deployed <4\.12\.1>$/ });
  await expect(entry).toBeVisible();
  await expect(page.locator('[data-event="note"]').first()).toBeAttached();
  await page.getByRole('button', { name: 'Delete the note “Deployed <4.12.1>”' }).click();
  await expect(entry).toHaveCount(0);
  await page.getByRole('button', { name: 'Undo', exact: true }).click();
  await expect(entry).toBeVisible();
});
