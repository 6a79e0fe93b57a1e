import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { expectAccessible } from './expect-accessible.ts';
import { expect, test } from './fixtures.ts';
import { openAddForm } from './pages.ts';

test('a pasted .env becomes a connection, exported with its password and brought back under another name', async ({
  app: { page },
  server,
}) => {
  await openAddForm(page);
  await page.getByRole('button', { name: 'Import…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Import connections' });
  const settings = dialog.getByRole('textbox', { name: 'Settings' });

  await settings.fill('DB_HOST=a\nnonsense');
  await dialog.getByRole('button', { name: 'Read' }).click();
  await expect(dialog.getByRole('alert')).toContainText('Line 2: a setting is written as NAME=value.');
  await expect(settings).toHaveValue('DB_HOST=a\nnonsense');

  const chosen = (name: string, buffer: Buffer) =>
    dialog.getByLabel('File of settings').setInputFiles({ name, mimeType: 'text/plain', buffer });
  await chosen('latin.env', Buffer.from([0x44, 0x42, 0xff]));
  await expect(dialog.getByText('"latin.env" is not UTF-8 text.', { exact: false })).toBeVisible();
  await expect(settings).toHaveValue('DB_HOST=a\nnonsense');
  await chosen('good.env', Buffer.from('DB_HOST=b'));
  await expect(settings).toHaveValue('DB_HOST=b');

  await settings.fill(
    [
      `DB_HOST=${server.host}`,
      `DB_PORT=${server.port}`,
      `DB_NAME=${server.database}`,
      `DB_USER=${server.user}`,
      `DB_PASSWORD="${server.password}"`,
      'DB_POOL_MAX_SIZE=7',
      'DB_SSL_MODE=disable',
      'COLOUR=blue',
    ].join('\n'),
  );
  await expectAccessible(page, 'import');
  await dialog.getByRole('button', { name: 'Read' }).click();
  await expect(dialog.getByText('6 settings understood, with its password')).toBeVisible();
  await dialog.getByText('6 settings understood').click();
  await expect(dialog.getByText('Maximum size 7')).toBeVisible();
  await expect(dialog.getByText('COLOUR')).toBeVisible();
  await expect(page.locator('body')).not.toContainText(server.password);
  await dialog.getByRole('textbox', { name: 'Name' }).fill('Imported');
  await expectAccessible(page, 'import preview');
  await dialog.getByRole('button', { name: 'Import 1 connection' }).click();
  await expect(dialog).toBeHidden();
  await page
    .getByRole('link', { name: /Imported/ })
    .first()
    .click();
  await page.getByRole('button', { name: 'Connect', exact: true }).first().click();
  await expect(page.getByText('Healthy').first()).toBeVisible();

  await command(page, 'export connections');
  const exporting = page.getByRole('dialog', { name: 'Export connections' });
  await exporting.getByRole('textbox', { name: 'Passphrase for the passwords' }).fill('open sesame');
  await exporting.getByRole('textbox', { name: 'The same passphrase again' }).fill('open seasame');
  await exporting.getByRole('button', { name: 'Export with passwords' }).click();
  await expect(exporting.getByText('The two differ', { exact: false })).toBeVisible();
  await expectAccessible(page, 'export');
  await exporting.getByRole('textbox', { name: 'The same passphrase again' }).fill('open sesame');
  const download = page.waitForEvent('download');
  await exporting.getByRole('button', { name: 'Export with passwords' }).click();
  const file = await readFile(await (await download).path(), 'utf8');
  expect(file).not.toContain(server.password);

  await command(page, 'import connections');
  await settings.fill(file);
  await dialog.getByRole('textbox', { name: 'Passphrase' }).fill('wrong');
  await dialog.getByRole('button', { name: 'Read' }).click();
  await expect(dialog.getByText('The passphrase does not open the secrets of this file.')).toBeVisible();
  await dialog.getByRole('textbox', { name: 'Passphrase' }).fill('open sesame');
  await dialog.getByRole('button', { name: 'Read' }).click();
  await dialog.getByRole('textbox', { name: 'Name' }).fill('Again');
  await dialog.getByRole('button', { name: 'Import 1 connection' }).click();
  await page.getByRole('link', { name: /Again/ }).first().click();
  await page.getByRole('button', { name: 'Connect', exact: true }).first().click();
  await expect(page.getByText('Healthy').first()).toBeVisible();
});

/** By the palette, which takes Enter once it has found something. */
async function command(page: Page, text: string): Promise<void> {
  await page.keyboard.press('ControlOrMeta+k');
  const search = page.getByRole('textbox', { name: 'Commands' });
  await search.fill(text);
  await expect(async () => {
    await search.press('Enter', { timeout: 1000 });
    await expect(search).toBeHidden({ timeout: 1000 });
  }).toPass();
}
