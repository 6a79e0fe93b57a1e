import { startTestPooler } from '../tests/support/pgbouncer.ts';
import { expectAccessible } from './expect-accessible.ts';
import { expect, test } from './fixtures.ts';
import {
  addAndConnect,
  fillForm,
  fleet,
  goToHistory,
  openAddForm,
  openTab,
  samplesArrive,
  saveAndConnect,
  tile,
  typeRange,
} from './pages.ts';
import { addPooler, grid } from './pooler-pages.ts';

test('every screen meets WCAG AA in light and dark', async ({ app: { page }, server }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await expectAccessible(page, 'first run');
  await openAddForm(page);
  await expectAccessible(page, 'add a connection');
  await page.getByRole('button', { name: 'Import…' }).click();
  await expect(page.getByRole('dialog', { name: 'Import connections' })).toBeVisible();
  await expectAccessible(page, 'import');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  await addAndConnect(page, server, 'Orders');
  await expect(tile(page, 'Round trip')).toHaveText(/ms/);
  await expectAccessible(page, 'live');
  await openTab(page, 'Names');
  await expectAccessible(page, 'names');
  await openTab(page, 'Pool');
  await expect(page.getByRole('grid', { name: 'Events of the pool' })).toBeVisible();
  await expectAccessible(page, 'pool');
  await openTab(page, 'Settings');
  await expectAccessible(page, 'settings');
  await page.getByRole('link', { name: 'Overview' }).click();
  await expect(page.getByRole('table')).toBeVisible();
  await expectAccessible(page, 'overview');
});

test('the sessions of a server meet WCAG AA in light and dark', async ({ app: { page }, server }) => {
  test.setTimeout(180_000);
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await addAndConnect(page, server, 'Orders');
  await openTab(page, 'Sessions');
  await expect(grid(page, 'Sessions')).toBeVisible();
  await expectAccessible(page, 'sessions');
  for (const part of ['Blocking', 'Wait events', 'Limits', 'Databases']) {
    await page.getByText(part, { exact: true }).click();
    await expectAccessible(page, part);
  }
});

test('every screen of a pooler meets WCAG AA in light and dark', async ({ app: { page }, server }) => {
  test.setTimeout(180_000);
  const pooler = await startTestPooler(server);
  const client = await pooler.client('postgres', 'shop');
  try {
    await client.query('BEGIN');
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await addAndConnect(page, server, 'Orders');
    await addPooler(page, pooler, 'Edge');
    await expectAccessible(page, 'pools');
    await openTab(page, 'Who waits for whom');
    await expect(page.getByRole('region', { name: 'Path' })).toBeVisible();
    await expectAccessible(page, 'picture');
    await page.getByRole('button', { name: /^Backend/ }).click();
    await expect(page.getByRole('dialog').getByText('On Orders')).toBeVisible();
    await expectAccessible(page, 'backend');
    await page.getByRole('dialog').getByRole('button', { name: 'Terminate…' }).click();
    await expect(page.getByRole('button', { name: 'Terminate 1 session' })).toBeEnabled();
    await expectAccessible(page, 'action');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Close the details' }).click();
    for (const tab of ['Clients', 'Servers', 'Databases', 'More tables', 'Configuration']) {
      await openTab(page, tab);
      await expect(page.getByRole('grid')).toBeVisible();
      await expectAccessible(page, tab);
    }
    await openTab(page, 'Databases');
    await page.getByRole('grid').getByRole('row').filter({ hasText: 'postgres' }).first().click();
    await expectAccessible(page, 'database');
    await page.getByRole('dialog').getByRole('button', { name: 'Pause…' }).click();
    await expect(page.getByRole('dialog').getByText('PAUSE postgres', { exact: true })).toBeVisible();
    await expectAccessible(page, 'command');
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /^Pause postgres/ })
      .click();
    await expect(page.getByRole('alert').filter({ hasText: 'being paused' })).toBeVisible();
    await expectAccessible(page, 'pausing');
  } finally {
    await client.end();
    await pooler.stop();
  }
});

test('history, ranges, exports and bundles meet WCAG AA in light and dark', async ({ app, server }) => {
  const { page } = app;
  await page.emulateMedia({ reducedMotion: 'reduce' });
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
  const bundle = await app.saveAs(() => dialog.getByRole('button', { name: 'Export', exact: true }).click());
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

test('names, a chosen row and many to add meet WCAG AA in light and dark', async ({
  app: { page },
  server,
}) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await server.admin((client) => client.query('DROP TABLE IF EXISTS names'));
  await addAndConnect(page, server, 'Orders');
  await openTab(page, 'Names');
  await page.getByRole('button', { name: 'Create the names table' }).click();
  await page.getByRole('gridcell', { name: 'Sophia' }).click();
  await server.admin((client) => client.query('DELETE FROM names WHERE id = 2'));
  await expect(page.getByText('deleted by someone else')).toBeVisible();
  await expectAccessible(page, 'names with a chosen row');
  await page.getByRole('button', { name: 'Add many…' }).click();
  await page.getByLabel('Names, one a line').fill('id\tname\n1\tAnn\n2\t\n');
  await expectAccessible(page, 'add many');
  await page.getByRole('button', { name: 'Preview' }).click();
  await expect(page.getByText('Line 3 is empty')).toBeVisible();
  await expectAccessible(page, 'preview of many');
});

test('alerts and their rules meet WCAG AA in light and dark', async ({ app: { page } }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await openAddForm(page);
  // Nothing listens there.
  await fillForm(page, 'postgres://ann@127.0.0.1:1/orders', 'Orders');
  await saveAndConnect(page, 'Orders');
  await page.getByRole('link', { name: /^Alerts/ }).click();
  await page.getByRole('button', { name: 'Causes and charts' }).first().click();
  await expectAccessible(page, 'open alerts');
  await page
    .getByRole('button', { name: /^Snooze/ })
    .first()
    .click();
  await expectAccessible(page, 'snooze');
  await page.keyboard.press('Escape');
  await page.getByRole('tab', { name: 'Rules' }).click();
  await page.getByRole('button', { name: '1 firing' }).first().click();
  await expectAccessible(page, 'rules');
  await page.getByRole('button', { name: 'Edit or test Utilization' }).click();
  await page.getByLabel('Threshold', { exact: true }).fill('120');
  await page.getByText('Chosen ones').click();
  await expectAccessible(page, 'rule that cannot be');
  await page.keyboard.press('Escape');
  await page.getByRole('tab', { name: 'Delivery' }).click();
  await expect(page.getByLabel('Signing secret')).toBeVisible();
  await expectAccessible(page, 'delivery');
});

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
