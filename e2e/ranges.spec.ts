import type { Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';
import { addAndConnect, addWithPast, dragOver, keepingPasswords, readout, tile, typeRange } from './pages.ts';

test.use({ environment: keepingPasswords });

const chart = (page: Page, title: string) => page.getByRole('img', { name: new RegExp(`^${title}`) });
const typed = (page: Page) => page.getByRole('textbox', { name: 'Type a range' });
const live = (page: Page) => page.getByRole('button', { name: /^Live.*Pause$/ });

async function watch(page: Page, server: Parameters<typeof addAndConnect>[1]): Promise<void> {
  await addAndConnect(page, server, 'Orders');
  await expect(tile(page, 'Round trip')).toHaveText(/ms/);
}

test('a typed range stands still, says how far behind it is, and leads back to live', async ({
  app: { page },
  server,
}) => {
  await watch(page, server);
  await typeRange(page, 'now-2h to now-1h');
  const behind = page.getByRole('button', { name: /^(59 min \d+ s|1 h).* behind\. Go live$/ });
  await expect(behind).toBeVisible();
  await page.getByRole('button', { name: 'Earlier', exact: true }).click();
  await expect(page.getByRole('button', { name: /^(1 h 59 min|2 h).* behind\. Go live$/ })).toBeVisible();
  await page.getByRole('button', { name: /Go live$/ }).click();
  await expect(live(page)).toBeVisible();
  await typeRange(page, '13h');
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
    await typeRange(page, text);
    await expect(page.getByRole('alert').filter({ hasText: sentence })).toBeVisible();
  }
  await typed(page).press('Escape');
  await expect(typed(page)).toHaveValue('Last 5 min');
  await expect(live(page)).toBeVisible();
});

test('a drag zooms every chart, a double click or Escape goes back', async ({ app: { page }, server }) => {
  await watch(page, server);
  await dragOver(page, 'Connections by state', 0.5, 0.9);
  await expect(page.getByRole('button', { name: /behind\. Go live$/ })).toBeVisible();
  await expect(chart(page, 'Connections by state, [12] min .* to ')).toBeVisible();
  await chart(page, 'Connections by state').dblclick();
  await expect(live(page)).toBeVisible();
  await dragOver(page, 'Connections by state', 0.5, 0.9);
  await expect(page.getByRole('button', { name: /behind\. Go live$/ })).toBeVisible();
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
  await page.getByRole('button', { name: 'Copy table' }).click();
  await expect(page.getByText('Copied table of Throughput', { exact: true })).toBeVisible();
  await page.getByRole('button', { name: 'Throughput as a table' }).click();
  await expect(chart(page, 'Throughput')).toBeVisible();
  await chart(page, 'Throughput').focus();
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('Control+c');
  await expect(page.getByText('Copied values of Throughput', { exact: true })).toBeVisible();
  await expect(page.getByText(/^Throughput, \d{4}-.* UTC\+\d: Acquired /).first()).toBeVisible();
});

test('the past is opened, stepped through and compared with the hour before', async ({ app, server }) => {
  const { endMs } = await addWithPast(app, server, 'Orders', 3);
  const { page } = app;
  // Whole windows of the past only, so that every second of the range is there.
  const ago = Math.ceil((Date.now() - endMs) / 60_000) + 1;
  await typeRange(page, `now-${ago + 30}m to now-${ago}m`);
  await expect(chart(page, 'Throughput, 30 min to ')).toBeVisible();
  await chart(page, 'Throughput').focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowRight');
  await expect(readout(page, 'Throughput', 'acquired')).toHaveText(/[1-9].*\/s$/);
  const half = await readout(page, 'Throughput', 'acquired').textContent();

  await page.getByLabel('Compare with an earlier range').selectOption('Same time an hour earlier');
  await expect(
    page
      .getByRole('listitem')
      .filter({ hasText: /^Same time an hour earlier$/ })
      .first(),
  ).toBeVisible();
  await expect(page.locator('path[data-overlay="acquired"]')).toHaveAttribute('d', /M.*L/);
  await chart(page, 'Throughput').focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowRight');
  const was = page.getByText(/^was [1-9].*\/s, [+−±]/).first();
  await expect(was).toBeVisible();
  const [, earlier] = /^was (\S+),/.exec((await was.textContent()) ?? '') ?? [];

  // Two steps back are that hour earlier: what was compared with is now read by itself.
  await page.getByLabel('Compare with an earlier range').selectOption('Compare with…');
  const reads = (rate: string | null | undefined) =>
    expect(async () => {
      await chart(page, 'Throughput').focus();
      await page.keyboard.press('Home');
      await page.keyboard.press('ArrowRight');
      // The range before stays until the new one is read.
      await expect(readout(page, 'Throughput', 'acquired')).toHaveText(rate ?? '', { timeout: 1000 });
    }).toPass({ timeout: 10_000 });
  for (const _ of [1, 2]) await page.getByRole('button', { name: 'Earlier', exact: true }).click();
  await reads(earlier);
  for (const _ of [1, 2]) await page.getByRole('button', { name: 'Later', exact: true }).click();
  await reads(half);
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
