import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import type { TestServer } from '../tests/support/postgres-server.ts';
import type { ShellName } from './environment.ts';
import { expectAccessible } from './expect-accessible.ts';
import { expect, test } from './fixtures.ts';
import { openTab } from './pages.ts';
import {
  cellsOf,
  chooseWriting,
  count,
  editor,
  error,
  grid,
  openQuery,
  result,
  run,
  running,
  status,
  type,
} from './query-page.ts';

test.beforeEach(async ({ server }) => {
  await server.admin(async (client) => {
    await client.query('DROP TABLE IF EXISTS accounts CASCADE');
    await client.query('CREATE TABLE accounts (id int PRIMARY KEY, owner text, balance numeric(12,2))');
    await client.query("INSERT INTO accounts VALUES (1, 'Alice', 10.50), (2, '', 0), (3, NULL, -3)");
    await client.query(
      `CREATE OR REPLACE FUNCTION pay() RETURNS int LANGUAGE plpgsql AS
       $$ BEGIN UPDATE accounts SET balance = balance + 1; RETURN 1; END $$`,
    );
  });
});

const touched = 'SELECT sum(balance) AS n FROM accounts';

test('a statement is run and its rows are shown, values as the server has them', async ({
  app: { page },
  server,
}) => {
  await openQuery(page, server, 'Orders');
  await run(
    page,
    `SELECT 9007199254740993::int8 AS big, 1.10::numeric AS exact, NULL::text AS missing, '' AS empty,
       '{"a": [1]}'::jsonb AS doc, ARRAY['x', NULL] AS list, '\\xff00'::bytea AS raw`,
  );
  await expect(status(page)).toHaveText('1 row');
  expect(await cellsOf(page, 1)).toEqual([
    ...['9007199254740993', '1.10', 'null', '', '{"a": [1]}', '{x,NULL}', '\\xff00'],
  ]);
  await expect(result(page)).toContainText(/Waited .* · server .* · transfer .* · served by session \d+/);
});

test('a large result shows its first rows at once, and its last ones when scrolled there', async ({
  app: { page },
  server,
}) => {
  await openQuery(page, server, 'Orders');
  await run(page, "SELECT n, 'row ' || n AS label FROM generate_series(1, 80000) AS n");
  await expect(grid(page).getByText('row 1', { exact: true })).toBeVisible();
  await expect(status(page)).toHaveText('80,000 rows');
  await grid(page).focus();
  await page.keyboard.press('Control+End');
  await expect(grid(page).getByText('row 80000', { exact: true })).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog', { name: 'label, row 80,000' })).toContainText('row 80000');
});

test('what is selected of a result can be copied into a spreadsheet', async ({ app: { page }, server }) => {
  await openQuery(page, server, 'Orders');
  await run(page, 'SELECT id, owner FROM accounts ORDER BY id');
  await expect(status(page)).toHaveText('3 rows');
  await page.evaluate(() => {
    Object.defineProperty(navigator, 'clipboard', {
      value: { writeText: async (text: string) => Object.assign(window, { copied: text }) },
    });
  });
  await grid(page).focus();
  await page.keyboard.press('Control+a');
  await page.keyboard.press('Control+c');
  await expect
    .poll(() => page.evaluate(() => (window as { copied?: string }).copied))
    .toBe('id\towner\n1\tAlice\n2\t\n3\t');
});

test('Cancel stops the statement on the server', async ({ app: { page }, server }) => {
  await openQuery(page, server, 'Orders');
  await run(page, 'SELECT pg_sleep(600) AS nap');
  await expect.poll(() => running(server, 'pg_sleep(600)')).toBe(1);
  await expect(status(page)).toHaveText('Running on the server…');
  await page.getByRole('button', { name: /^Cancel/ }).click();
  await expect(status(page)).toHaveText('Cancelled');
  expect(await running(server, 'pg_sleep(600)')).toBe(0);
  await run(page, 'SELECT 1 AS again');
  await expect(status(page)).toHaveText('1 row');
});

test('a running statement can be cancelled from any other screen', async ({ app: { page }, server }) => {
  await openQuery(page, server, 'Orders');
  await run(page, 'SELECT pg_sleep(500) AS nap');
  await expect.poll(() => running(server, 'pg_sleep(500)')).toBe(1);
  await page.getByRole('link', { name: 'Overview' }).click();
  await page.getByRole('button', { name: 'Cancel the query on Orders' }).click();
  await expect.poll(() => running(server, 'pg_sleep(500)')).toBe(0);
});

test('a write is refused while writing is off, hidden in a function or a CTE too', async ({
  app: { page },
  server,
}) => {
  await openQuery(page, server, 'Orders');
  const before = await count(server, touched);
  for (const hidden of [
    'UPDATE accounts SET balance = 0',
    'SELECT pay()',
    'WITH gone AS (DELETE FROM accounts RETURNING id) SELECT count(*) FROM gone',
    "SELECT set_config('transaction_read_only', 'off', true), pay()",
  ]) {
    await run(page, hidden);
    await expect(error(page), hidden).toContainText(/read-only|must be set before/i);
    expect(await count(server, touched), hidden).toBe(before);
  }
  await expect(page.getByRole('link', { name: 'Allow writing' })).toBeVisible();
});

test('writing is switched on in the settings, chosen in the tab, and shown', async ({
  app: { page },
  server,
}) => {
  await openQuery(page, server, 'Orders', { writes: true });
  await run(page, 'SELECT pay()');
  await expect(error(page)).toContainText(/read-only/i);
  await chooseWriting(page);
  await run(page, "UPDATE accounts SET owner = 'Bob' WHERE id = 3");
  await expect(status(page)).toHaveText('UPDATE: 1 row');
  expect(await count(server, "SELECT count(*) AS n FROM accounts WHERE owner = 'Bob'")).toBe(1);
});

test('a transaction holds several statements together until it is committed or rolled back', async ({
  app: { page },
  server,
}) => {
  await openQuery(page, server, 'Orders', { writes: true });
  await chooseWriting(page);
  const added = () => count(server, 'SELECT count(*) AS n FROM accounts WHERE id > 3');
  const open = page.getByRole('region', { name: 'Open transaction' });

  await page.getByRole('button', { name: 'Begin transaction' }).click();
  await expect(open).toContainText('Transaction open');
  await run(page, "INSERT INTO accounts VALUES (4, 'Dora', 1)");
  await expect(status(page)).toHaveText('INSERT: 1 row');
  await expect(open).toContainText('1 statement');
  expect(await added()).toBe(0);
  await page.getByRole('button', { name: 'Roll back' }).click();
  await expect(open).toHaveCount(0);
  expect(await added()).toBe(0);

  await page.getByRole('button', { name: 'Begin transaction' }).click();
  await expect(open).toBeVisible();
  await type(page, "INSERT INTO accounts VALUES (5, 'Eva', 1);\nINSERT INTO accounts VALUES (6, 'Finn', 1);");
  await page.keyboard.press('Control+a');
  await page.getByRole('button', { name: 'Run selection' }).click();
  await expect(open).toContainText('2 statements');
  await page.getByRole('button', { name: 'Commit' }).click();
  await expect(open).toHaveCount(0);
  expect(await added()).toBe(2);
});

test('leaving an open transaction asks, and it stays in view wherever one goes', async ({
  app: { page },
  server,
}) => {
  await openQuery(page, server, 'Orders');
  await page.getByRole('button', { name: 'Begin transaction' }).click();
  await expect(page.getByRole('region', { name: 'Open transaction' })).toBeVisible();
  await openTab(page, 'Live');
  const dialog = page.getByRole('dialog', { name: 'A transaction is still open' });
  await dialog.getByRole('button', { name: 'Leave it open' }).click();
  await page.getByRole('link', { name: /^Transaction on Orders/ }).click();
  await expect(page.getByRole('region', { name: 'Open transaction' })).toBeVisible();
  await openTab(page, 'Live');
  await dialog.getByRole('button', { name: 'Roll back' }).click();
  await expect(page.getByRole('link', { name: /^Transaction on Orders/ })).toHaveCount(0);
  await expect.poll(() => openTransactions(server)).toBe(0);
});

const openTransactions = (server: TestServer) =>
  count(
    server,
    "SELECT count(*) AS n FROM pg_stat_activity WHERE application_name LIKE 'Poolscope%' AND state LIKE 'idle in%'",
  );

/** Closes the window as a user does. Its question, if any, is for the browser or the desktop to ask. */
async function closeWindow(page: Page, shell: ShellName, answer: 'stay' | 'leave'): Promise<void> {
  const asked = page.waitForEvent('dialog');
  page.on('dialog', (dialog) => {
    // In the desktop window the program itself answers: see STAND_IN_PRESSED_BUTTON.
    if (shell === 'web') void (answer === 'leave' ? dialog.accept() : dialog.dismiss());
  });
  await page.close({ runBeforeUnload: true });
  expect((await asked).type()).toBe('beforeunload');
}

test('closing the window with a transaction open asks, and the user may stay', async ({
  app: { page },
  server,
  shell,
}) => {
  test.skip(shell === 'electron', 'Nothing can press a button of a real desktop dialog.');
  await openQuery(page, server, 'Orders');
  await page.getByRole('button', { name: 'Begin transaction' }).click();
  const open = page.getByRole('region', { name: 'Open transaction' });
  await expect(open).toBeVisible();
  await closeWindow(page, shell, 'stay');
  await run(page, 'SELECT 7 AS seven');
  await expect(open).toContainText('1 statement');
  expect(await openTransactions(server)).toBe(1);
  await page.getByRole('button', { name: 'Roll back' }).click();
  await expect(open).toHaveCount(0);
});

test.describe('once the user has said so', () => {
  test.use({ environment: { STAND_IN_PRESSED_BUTTON: 'Roll back and leave' } });

  test('a window closes with its transaction, which is rolled back', async ({
    app: { page },
    server,
    shell,
  }) => {
    test.skip(shell === 'electron', 'Nothing can press a button of a real desktop dialog.');
    await openQuery(page, server, 'Orders');
    await page.getByRole('button', { name: 'Begin transaction' }).click();
    await expect(page.getByRole('region', { name: 'Open transaction' })).toBeVisible();
    const closed = page.waitForEvent('close');
    await closeWindow(page, shell, 'leave');
    await closed;
    await expect.poll(() => openTransactions(server)).toBe(0);
  });
});

test('a syntax error is marked where it stands, and a second statement is refused', async ({
  app: { page },
  server,
}) => {
  await openQuery(page, server, 'Orders');
  await run(page, 'SELECT id\nFORM accounts');
  await expect(error(page)).toContainText(/syntax error/i);
  await expect(page.locator('.cm-lintRange-error')).toHaveText('accounts');
  await expect(error(page).getByRole('button', { name: 'Go to line 2, column 6' })).toBeVisible();
  await type(page, 'SELECT 1; SELECT 2');
  await page.keyboard.press('Control+a');
  await page.getByRole('button', { name: 'Run selection' }).click();
  await expect(error(page)).toContainText(/statement/);
});

test('parameters are typed beside the statement, NULL among them', async ({ app: { page }, server }) => {
  await openQuery(page, server, 'Orders');
  await type(page, 'SELECT owner, $2::text IS NULL AS second_is_null FROM accounts WHERE id = $1');
  await page.getByLabel('Value of $1').fill('1');
  await page.getByLabel('$2 is NULL').check();
  await page.keyboard.press('Control+Enter');
  await expect(status(page)).toHaveText('1 row');
  expect(await cellsOf(page, 1)).toEqual(['Alice', 't']);
  await page.getByLabel('Value of $1').fill("1'; DROP TABLE accounts; --");
  await page.keyboard.press('Control+Enter');
  await expect(error(page)).toBeVisible();
  expect(await count(server, 'SELECT count(*) AS n FROM accounts')).toBe(3);
});

test('a plan is drawn as a tree; measuring runs the statement and asks first', async ({
  app: { page },
  server,
}) => {
  await openQuery(page, server, 'Orders', { writes: true });
  await chooseWriting(page);
  await type(page, 'UPDATE accounts SET balance = 0 WHERE id = 1');
  await page.getByRole('button', { name: 'Explain', exact: true }).click();
  const steps = result(page).getByRole('rowheader');
  await expect(steps.last()).toContainText(/Scan/);
  await page.getByRole('button', { name: 'More ways to explain' }).click();
  await page.getByRole('menuitem', { name: /ANALYZE/ }).click();
  await page.getByRole('button', { name: 'Run and measure' }).click();
  await expect(result(page)).toContainText('Run and measured, then rolled back.');
  await expect(result(page).getByRole('columnheader', { name: 'Share' })).toBeVisible();
  expect(await count(server, 'SELECT balance AS n FROM accounts WHERE id = 1')).toBe(10.5);
});

test('notices of the server are listed', async ({ app: { page }, server }) => {
  await openQuery(page, server, 'Orders', { writes: true });
  await chooseWriting(page);
  await run(page, "DO $$ BEGIN RAISE WARNING 'mind the gap'; END $$");
  await page.getByRole('tab', { name: 'Notices (1)' }).click();
  await expect(result(page)).toContainText('mind the gap');
});

test('the text survives other tabs and a reload; what was run is found in the history', async ({
  app: { page },
  server,
}) => {
  await openQuery(page, server, 'Orders');
  await run(page, "SELECT 'kept' AS word");
  await expect(status(page)).toHaveText('1 row');
  await openTab(page, 'Live');
  await openTab(page, 'Query');
  await expect(editor(page)).toContainText("'kept'");
  await expect(grid(page)).toContainText('kept');
  await page.reload();
  await expect(editor(page)).toContainText("'kept'");
  await type(page, 'SELECT 2');
  await page.getByRole('button', { name: 'Queries', exact: true }).click();
  await page.getByLabel('Search the history').fill('kept');
  await page.getByRole('button', { name: 'Delete from the history' }).click();
  await expect(page.getByText('Nothing that was run matches.')).toBeVisible();
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByRole('button', { name: 'Use', exact: true }).click();
  await expect(editor(page)).toHaveText("SELECT 'kept' AS word");
});

test('a query is saved under a name, renamed, deleted, and brought back', async ({
  app: { page },
  server,
}) => {
  await openQuery(page, server, 'Orders');
  await type(page, 'SELECT count(*) FROM accounts');
  await page.getByRole('button', { name: 'Queries', exact: true }).click();
  await page.getByRole('tab', { name: 'Saved' }).click();
  await page.getByLabel('Save what is in the editor as').fill('All of them');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByRole('button', { name: 'Rename All of them' }).click();
  await page.getByRole('textbox', { name: 'New name' }).fill('Everyone');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Delete Everyone' }).click();
  await expect(page.getByRole('heading', { name: 'Everyone' })).toHaveCount(0);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByRole('heading', { name: 'Everyone' })).toBeVisible();
});

test('a result is exported whole, as CSV and as JSON Lines', async ({ app, server }) => {
  const { page } = app;
  await openQuery(page, server, 'Orders');
  await run(page, 'SELECT id, owner FROM accounts ORDER BY id');
  await expect(status(page)).toHaveText('3 rows');
  const save = (format: string) =>
    app.saveAs(async () => {
      await page.getByRole('button', { name: 'Export', exact: true }).click();
      await page.getByRole('menuitem', { name: format }).click();
    });
  const csv = await readFile(await save('CSV'), 'utf8');
  expect(csv.trimEnd().split('\r\n')).toHaveLength(4);
  expect(csv).toContain('1,Alice');
  await expect(page.getByText('Export finished').first()).toBeVisible();
  const lines = (await readFile(await save('JSON Lines'), 'utf8')).trimEnd().split('\n');
  expect(lines.map((line) => JSON.parse(line).owner)).toEqual(['Alice', '', null]);
});

test('querying meets WCAG AA in light and dark', async ({ app: { page }, server }) => {
  // Six screens read by axe, one after the other.
  test.slow();
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await openQuery(page, server, 'Orders', { writes: true });
  await expectAccessible(page, 'empty');
  await type(page, 'SELECT n, NULL AS nothing FROM generate_series(1, 200) AS n WHERE n <> $1');
  await page.getByLabel('Value of $1').fill('7');
  await page.keyboard.press('Control+Enter');
  await expect(status(page)).toHaveText('199 rows');
  await expectAccessible(page, 'rows');
  await page.getByRole('button', { name: 'Explain', exact: true }).click();
  await expect(page.getByRole('tab', { name: 'Plan' })).toBeVisible();
  await expectAccessible(page, 'plan');
  await chooseWriting(page);
  await page.getByRole('button', { name: 'Begin transaction' }).click();
  await expect(page.getByRole('region', { name: 'Open transaction' })).toBeVisible();
  await run(page, 'SELECT 1 FORM nowhere');
  await expect(error(page)).toBeVisible();
  await expectAccessible(page, 'error in a transaction');
  await page.getByRole('button', { name: 'Queries', exact: true }).click();
  await expect(page.getByLabel('Search the history')).toBeVisible();
  await expectAccessible(page, 'history');
  await page.keyboard.press('Escape');
  await page.getByRole('link', { name: 'Query many' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Roll back' }).click();
  await page.getByRole('button', { name: 'All', exact: true }).click();
  await run(page, 'SELECT 1 AS one');
  await expect(page.getByText('1 of 1 succeeded')).toBeVisible();
  await expectAccessible(page, 'many databases');
});
