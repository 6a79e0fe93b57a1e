import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { strToU8, unzipSync, zipSync } from 'fflate';
import type { AppUnderTest } from './app-under-test.ts';
import { expect, test } from './fixtures.ts';
import { addWithPast, ask, chart, dragOver, fleet, keepingPasswords } from './pages.ts';

test.use({ environment: keepingPasswords });

const openBundle = (app: AppUnderTest, file: string) =>
  app.pick(file, () => app.page.getByRole('button', { name: 'Open an incident bundle…' }).first().click());

const plot = (page: Page, title: string) => page.getByRole('img', { name: new RegExp(`^${title}`) });

test('an incident bundle opens read-only on another data folder, and a hostile one is refused in words', {
  tag: '@shell',
}, async ({ app, server }) => {
  // Two data folders, two programs, four files.
  test.slow();
  const { profileId, endMs } = await addWithPast(app, server, 'Orders', 1);
  const note = {
    profileId,
    fromMs: endMs - 900_000,
    toMs: endMs - 600_000,
    text: '<img src=x onerror=alert(1)>',
  };
  await ask(app.page, 'history.addNote', note);
  await app.page.getByRole('button', { name: 'More ways to export' }).click();
  await app.page.getByRole('menuitem', { name: 'More formats…' }).click();
  const dialog = app.page.getByRole('dialog', { name: 'Export history' });
  await dialog.getByText('Another', { exact: true }).click();
  await dialog.getByLabel(/^In words/).fill('last 2h');
  await dialog.getByRole('radio', { name: 'Incident bundle' }).check();
  const bundle = await app.saveAs(() => dialog.getByRole('button', { name: 'Export', exact: true }).click());
  await expect(dialog.getByText(/ rows, /)).toBeVisible();
  const bytes = await readFile(bundle);
  const contents = Object.values(unzipSync(bytes)).map((file) => Buffer.from(file).toString());
  expect(contents.join('')).not.toContain(server.password);

  await app.stop();
  await rm(app.dataFolder, { recursive: true });
  const page = await app.start();
  await page.getByRole('link', { name: 'History', exact: true }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'History' })).toBeVisible();

  const hostile: [string, Uint8Array, RegExp][] = [
    ['cut.poolscope', bytes.subarray(0, bytes.length - 30), /is incomplete: its end is missing/],
    ['letter.poolscope', Buffer.from('dear operator\r\n'.repeat(200)), /is not an incident bundle/],
    ['newer.poolscope', changed(bytes, { version: 99 }), /written by a newer Poolscope.*Update Poolscope/s],
    ['odd.poolscope', changed(bytes, { profiles: [{ profileId: 7 }] }), /is damaged and was not opened/],
  ];
  for (const [name, given, sentence] of hostile) {
    const file = path.join(path.dirname(bundle), `.${name}`);
    await writeFile(file, given);
    await openBundle(app, file);
    await expect(page.getByRole('dialog').getByRole('alert')).toHaveText(sentence);
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog')).toHaveCount(0);
  }

  await openBundle(app, bundle);
  await expect(page.getByText('Read-only bundle')).toBeVisible();
  await expect(page.getByRole('heading', { level: 1, name: path.basename(bundle) })).toBeVisible();
  await expect(page.getByText(note.text)).toBeVisible();
  await expect(page.getByRole('row', { name: /^host / })).toContainText(server.host);
  await expect(page.locator('path[data-series="acquired"]')).toHaveAttribute('d', /M.*L/);
  await expect(fleet(page).getByText('Orders')).toHaveCount(0);
  expect(await ask(page, 'profiles.list', {})).toEqual([]);

  // It can be looked at, and nothing else.
  await dragOver(page, 'Connections by state', 0.5, 0.8);
  await expect(page.getByRole('button', { name: 'Show the whole range' })).toBeVisible();
  await plot(page, 'Wait time').focus();
  await page.keyboard.press('n');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await page.keyboard.press('Escape');
  await expect(page.getByText('Drag over a chart to zoom in, double-click to go back.')).toBeVisible();
  await chart(page, 'Wait time').getByRole('button', { name: 'Wait time as a table' }).click();
  await expect(page.getByRole('group', { name: 'Wait time, table' })).toBeVisible();
  await page.getByRole('button', { name: 'Close the bundle' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'History' })).toBeVisible();
  await expect(page.getByText('Nothing is recorded yet.', { exact: false })).toBeVisible();
});

/** The good bundle with another manifest, packed anew. */
function changed(bundle: Uint8Array, change: Record<string, unknown>): Uint8Array {
  const files = unzipSync(bundle);
  const manifest = JSON.parse(Buffer.from(files['manifest.json'] ?? []).toString()) as object;
  return zipSync({ ...files, 'manifest.json': strToU8(JSON.stringify({ ...manifest, ...change })) });
}
