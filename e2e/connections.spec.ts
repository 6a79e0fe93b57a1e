import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from './fixtures.ts';
import {
  addAndConnect,
  expectStatus,
  fillForm,
  fleet,
  openAddForm,
  openTab,
  saveAndConnect,
  sessionsOf,
} from './pages.ts';

test('connecting with a wrong password leaves the pool closed and says why; the right one opens it', async ({
  app: { page },
  server,
}) => {
  await openAddForm(page);
  await fillForm(page, server.url, 'Orders');
  await page.getByLabel('Password', { exact: true }).fill('not the password');
  await saveAndConnect(page, 'Orders');
  await expectStatus(page, 'Failed');
  await expect(page.getByText('The pool is not open')).toBeVisible();
  const reason = page.getByRole('alert');
  await expect(reason).toContainText('The server refused the password for user "postgres".');
  await expect(reason).toContainText('Check the user name and the password.');
  expect(await sessionsOf(server)).toBe(0);

  await page.getByRole('button', { name: 'Change the settings' }).click();
  await page.getByLabel('Password', { exact: true }).fill(server.password);
  await page.getByRole('button', { name: 'Save and connect' }).click();
  await expectStatus(page, 'Healthy');
});

test('edit, duplicate, delete and undo; all of it survives a restart', { tag: '@shell' }, async ({
  app,
  server,
}) => {
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
  await expect.poll(() => sessionsOf(server)).toBe(0);
});

test('ending Poolscope leaves no session on the server, not even one that waits for a lock', {
  tag: '@shell',
}, async ({ app, server }) => {
  await server.admin((client) => client.query('DROP TABLE IF EXISTS names'));
  const { page } = app;
  await addAndConnect(page, server, 'Orders');
  await openTab(page, 'Names');
  await page.getByRole('button', { name: 'Create the names table' }).click();
  await expect(page.getByRole('button', { name: 'Add name' })).toBeEnabled();
  await server.admin(async (client) => {
    await client.query('BEGIN; LOCK TABLE names');
    await page.getByLabel('Name', { exact: true }).fill('Alice');
    await page.getByRole('button', { name: 'Add name' }).click();
    const waiting = "SELECT count(*)::int AS n FROM pg_stat_activity WHERE wait_event_type = 'Lock'";
    await expect
      .poll(async () => (await client.query<{ n: number }>(waiting)).rows[0]?.n)
      .toBeGreaterThanOrEqual(1);
    await app.stop();
    await expect.poll(() => sessionsOf(server)).toBe(0);
  });
});

test('the password is in no file of the data folder and never reaches the page', { tag: '@shell' }, async ({
  app,
  server,
}) => {
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

test('a corrupt profile file is kept aside, named, and the app starts', { tag: '@shell' }, async ({
  app,
}) => {
  await app.stop();
  await writeFile(join(app.dataFolder, 'profiles.json'), '{"version": 1, "profiles": [{]');
  const page = await app.start();
  await expect(page.getByText(/profiles\.corrupt-/).first()).toBeVisible();
  await expect(page.getByRole('button', { name: 'Try it with a sample database' })).toBeVisible();
  expect((await readdir(app.dataFolder)).some((name) => name.startsWith('profiles.corrupt-'))).toBe(true);
});
