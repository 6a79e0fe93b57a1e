import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from './fixtures.ts';
import { addAndConnect, expectStatus, fillForm, fleet, openAddForm, openTab } from './pages.ts';

const stages = ['Name', 'TCP', 'TLS', 'Login', 'Query'];

test('a pasted address fills the form, and the test ticks every stage', async ({ app: { page }, server }) => {
  await openAddForm(page);
  await fillForm(page, server.url, 'Orders');
  await expect(page.getByLabel('Port')).toHaveValue(String(server.port));
  await page.getByRole('button', { name: 'Test connection' }).click();
  const report = page.getByRole('region', { name: 'Connection test' });
  await expect(report.getByText('The connection works.')).toBeVisible();
  const items = report.getByRole('listitem');
  await expect(items).toHaveCount(stages.length);
  for (const [index, stage] of stages.entries()) {
    await expect(items.nth(index)).toContainText(stage);
    await expect(items.nth(index)).toContainText('Passed');
  }
});

test('a wrong password fails at Login, the rest is skipped, and the remedy is said', async ({
  app: { page },
  server,
}) => {
  await openAddForm(page);
  await fillForm(page, server.url, 'Orders');
  await page.getByLabel('Password', { exact: true }).fill('not the password');
  await page.getByRole('button', { name: 'Test connection' }).click();
  const items = page.getByRole('region', { name: 'Connection test' }).getByRole('listitem');
  await expect(items.nth(3)).toContainText('Failed');
  await expect(items.nth(3)).toContainText(/password/i);
  await expect(items.nth(4)).toContainText('Skipped');
  await expect(page.locator('body')).not.toContainText('not the password');
});

test('an unknown database and an unreachable host are told apart, in words', async ({
  app: { page },
  server,
}) => {
  await openAddForm(page);
  await fillForm(page, server.url, 'Orders');
  await page.getByLabel('Database').fill('no_such_database');
  await page.getByRole('button', { name: 'Test connection' }).click();
  const report = page.getByRole('region', { name: 'Connection test' });
  await expect(report.getByText(/no_such_database/).first()).toBeVisible();
  await expect(report.getByText('The connection does not work yet.')).toBeVisible();

  await page.getByLabel('Port').fill('1');
  await page.getByRole('button', { name: 'Test connection' }).click();
  await expect(report.getByRole('listitem').nth(1)).toContainText('Failed');
  await expect(report.getByRole('listitem').nth(1)).toContainText(/refused|listen/i);
});

test('bad input is refused beside its field and nothing typed is lost', async ({ app: { page }, server }) => {
  await openAddForm(page);
  await fillForm(page, server.url, 'Orders');
  await page.getByLabel('Host').fill('   ');
  await page.getByLabel('Port').fill('70000');
  await page.getByLabel('Minimum size').fill('20');
  await page.getByLabel('Maximum size').fill('10');
  await page.getByLabel('Wait timeout (ms)').fill('5');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.getByText('Host must not be empty.')).toBeVisible();
  await expect(page.getByText('Port must be a whole number from 1 to 65535.')).toBeVisible();
  await expect(page.getByText('Wait timeout (ms) must be a whole number from 100 to 600000.')).toBeVisible();
  await expect(page.getByLabel('Port')).toHaveValue('70000');

  await page.getByLabel('Host').fill(server.host);
  await page.getByLabel('Port').fill(String(server.port));
  await page.getByLabel('Wait timeout (ms)').fill('1000');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.getByText('Maximum size must be at least the minimum size.')).toBeVisible();
});

test('an address with a bad percent code is refused in words', async ({ app: { page } }) => {
  await openAddForm(page);
  await page.getByLabel('Connection URL').fill('postgres://user:%zz@localhost/db');
  await expect(page.getByText(/%zz/)).toBeVisible();
});

test('edit, duplicate, delete and undo; all of it survives a restart', async ({ app, server }) => {
  const { page } = app;
  await addAndConnect(page, server, 'Orders');
  await openTab(page, 'Settings');
  await page.getByLabel('Name', { exact: true }).fill('Orders primary');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(fleet(page).getByText('Orders primary')).toBeVisible();

  await page.getByRole('button', { name: 'Duplicate' }).click();
  await expect(fleet(page).getByRole('link')).toHaveCount(2);
  await expect(page.getByRole('heading', { level: 1 })).toContainText(/copy/i);

  await page.getByRole('button', { name: 'Delete' }).click();
  await expect(fleet(page).getByRole('link')).toHaveCount(1);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(fleet(page).getByRole('link')).toHaveCount(2);

  const restarted = await app.restart();
  await expect(fleet(restarted).getByRole('link')).toHaveCount(2);
  await expect(fleet(restarted).getByText('Orders primary').first()).toBeVisible();
});

test('connect and disconnect, one and all', async ({ app: { page }, server }) => {
  await addAndConnect(page, server, 'Orders');
  await page.getByRole('button', { name: 'Disconnect', exact: true }).click();
  await expect(page.getByText('The pool is closed')).toBeVisible();
  await page.getByRole('button', { name: 'Connect all', exact: true }).click();
  await expectStatus(page, 'Healthy');
  await page.getByRole('button', { name: 'Disconnect all' }).click();
  await expect(page.getByText('The pool is closed')).toBeVisible();
  await expect
    .poll(() =>
      server.admin(async (client) => {
        const sql = "SELECT count(*)::int AS n FROM pg_stat_activity WHERE application_name = 'Poolscope'";
        return (await client.query<{ n: number }>(sql)).rows[0]?.n;
      }),
    )
    .toBe(0);
});

test('the password is in no file of the data folder and never reaches the page', async ({ app, server }) => {
  await addAndConnect(app.page, server, 'Orders');
  await openTab(app.page, 'Settings');
  await expect(app.page.getByLabel('Password', { exact: true })).toHaveValue('');
  expect(await app.page.content()).not.toContain(server.password);
  for (const entry of await readdir(app.dataFolder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || entry.parentPath.includes('chromium')) continue;
    const text = await readFile(join(entry.parentPath, entry.name), 'latin1');
    expect(text, entry.name).not.toContain(server.password);
  }
});

test('a corrupt profile file is kept aside, named, and the app starts', async ({ app }) => {
  await app.stop();
  await writeFile(join(app.dataFolder, 'profiles.json'), '{"version": 1, "profiles": [{]');
  const page = await app.start();
  await expect(page.getByText(/profiles\.corrupt-/).first()).toBeVisible();
  await expect(page.getByRole('button', { name: 'Try it with a sample database' })).toBeVisible();
  expect((await readdir(app.dataFolder)).some((name) => name.startsWith('profiles.corrupt-'))).toBe(true);
});
