import pg from 'pg';
import { startTestPooler, type TestPooler } from '../tests/support/pgbouncer.ts';
import type { TestServer } from '../tests/support/postgres-server.ts';
import { expect, test } from './fixtures.ts';
import { addAndConnect, fleet, openGroup, openTab } from './pages.ts';
import { addPooler, grid, rowsWith, sessionFigure } from './pooler-pages.ts';

test.setTimeout(120_000);

/** Applications of an incident; all of them are gone after the test. */
class Applications {
  readonly #clients: pg.Client[] = [];

  /** Connects straight to the server, as `application`. */
  async direct(
    server: TestServer,
    application: string,
    login: Partial<pg.ClientConfig> = {},
  ): Promise<pg.Client> {
    const client = new pg.Client({ connectionString: server.url, application_name: application, ...login });
    // Being terminated is what happens to some of them.
    client.on('error', () => {});
    await client.connect();
    this.#clients.push(client);
    return client;
  }

  async through(pooler: TestPooler, application: string): Promise<pg.Client> {
    const client = await pooler.client('postgres', application);
    this.#clients.push(client);
    return client;
  }

  async end(): Promise<void> {
    await Promise.all(this.#clients.map((client) => client.end().catch(() => {})));
  }
}

let applications = new Applications();
test.beforeEach(async ({ server }) => {
  applications = new Applications();
  await server.admin((client) =>
    client.query('DROP TABLE IF EXISTS accounts; CREATE TABLE accounts AS SELECT 1 AS id, 0 AS amount'),
  );
});
test.afterEach(() => applications.end());

/** Billing changed the row, forgot its transaction and went to sleep. */
async function holdTheRow(server: TestServer): Promise<pg.Client> {
  const billing = await applications.direct(server, 'billing');
  await billing.query('BEGIN');
  await billing.query('UPDATE accounts SET amount = 1 WHERE id = 1 /* forgotten by billing */');
  return billing;
}

test('from a slow client in the pooler to the query that holds everything up in two clicks, and its end', async ({
  app: { page },
  server,
}) => {
  const pooler = await startTestPooler(server, { settings: { default_pool_size: '3' } });
  try {
    await addAndConnect(page, server, 'Orders');
    await addPooler(page, pooler, 'Edge');
    await holdTheRow(server);
    const shops = await Promise.all(
      Array.from({ length: 8 }, () => applications.through(pooler, 'web-shop')),
    );
    const answers = shops.map((shop) => shop.query('UPDATE accounts SET amount = amount + 1 WHERE id = 1'));

    // What the fleet, the figures and the table of pools say of it.
    await expect(fleet(page).getByText('5 waiting')).toBeVisible();
    await expect(page.getByText('3 / 3').first()).toBeVisible();
    await expect(rowsWith(page, 'Pools', '3 / 3')).toContainText('5');

    await openTab(page, 'Who waits for whom');
    await expect(
      page.getByText(/\(billing\) is idle in transaction .* 3 of 3 server connections/),
    ).toBeVisible();
    const waiting = rowsWith(page, 'Clients and what holds them up', /web-shop.*waiting/).last();
    await expect(waiting).toContainText('billing');

    // One click: the path. Two clicks: the statement.
    await waiting.click();
    const path = page.getByRole('region', { name: 'Path' });
    const culprit = path.getByRole('button', { name: /^Backend \d+ billing: idle in transaction/ });
    await expect(culprit).toHaveAttribute('data-path', 'true');
    await culprit.click();
    const details = page.getByRole('dialog', { name: /^Backend/ });
    await expect(details.getByText('forgotten by billing')).toBeVisible();

    await details.getByRole('button', { name: 'Terminate…' }).click();
    const question = page.getByRole('dialog', { name: 'Terminate sessions?' });
    await expect(question.getByText('rolled back')).toBeVisible();
    await question.getByRole('button', { name: 'Terminate 1 session' }).click();
    await expect(question.getByRole('cell', { name: 'Terminated' })).toBeVisible();
    await question.getByRole('button', { name: 'Close', exact: true }).last().click();

    expect((await Promise.all(answers)).map(({ rowCount }) => rowCount)).toEqual(Array(8).fill(1));
    await expect(details.getByText('This session has ended')).toBeVisible();
    await details.getByRole('button', { name: 'Close the details' }).click();
    await expect(path.getByText('Nothing holds this pool up.')).toBeVisible();
    await expect(fleet(page).getByText(/waiting/)).toHaveCount(0);

    // The event log of the server tells who was ended.
    await fleet(page)
      .getByRole('link', { name: /Orders/ })
      .click();
    await openTab(page, 'Live');
    await expect(page.getByText('Sessions terminated').first()).toBeVisible();
  } finally {
    await applications.end();
    await pooler.stop();
  }
});

test('who blocks whom shows as a tree, three deep, and a prepared transaction is named', async ({
  app: { page },
}) => {
  const { startTestServer } = await import('../tests/support/postgres-server.ts');
  const server = await startTestServer({ settings: { max_prepared_transactions: '5' } });
  try {
    await server.admin((client) =>
      client.query('CREATE TABLE accounts AS SELECT id, 0 AS amount FROM generate_series(1, 3) AS id'),
    );
    await addAndConnect(page, server, 'Orders');
    await openTab(page, 'Sessions');
    const billing = await applications.direct(server, 'billing');
    await billing.query('BEGIN');
    await billing.query('UPDATE accounts SET amount = 1 WHERE id = 1');
    const shop = await applications.direct(server, 'web-shop');
    await shop.query('BEGIN');
    await shop.query('UPDATE accounts SET amount = 1 WHERE id = 2');
    void shop.query('UPDATE accounts SET amount = 2 WHERE id = 1').catch(() => {});
    const report = await applications.direct(server, 'report');
    void report.query('UPDATE accounts SET amount = 3 WHERE id = 2').catch(() => {});
    const batch = await applications.direct(server, 'batch');
    await batch.query("BEGIN; UPDATE accounts SET amount = 4 WHERE id = 3; PREPARE TRANSACTION 'nightly'");
    void (await applications.direct(server, 'mailer'))
      .query('UPDATE accounts SET amount = 5 WHERE id = 3')
      .catch(() => {});

    await expect(sessionFigure(page, 'Waiting for a lock')).toContainText('3');
    await sessionFigure(page, 'Waiting for a lock').click();
    const tree = page.getByRole('region', { name: 'Who blocks whom' });
    const root = tree.getByRole('listitem').filter({ hasText: 'billing' }).first();
    await expect(root).toContainText('holds up 2 sessions');
    await expect(root.getByRole('listitem').getByRole('listitem')).toContainText(/report.*waits/);
    await expect(tree.getByText('Prepared transaction “nightly”')).toBeVisible();
    await expect(tree.getByRole('button', { name: 'Copy the rollback' })).toBeVisible();
  } finally {
    await applications.end();
    await server.stop();
  }
});

test('a group chosen by its figures is ended after its name was typed, and nobody else is', async ({
  app: { page },
  server,
}) => {
  await addAndConnect(page, server, 'Orders');
  await openTab(page, 'Sessions');
  for (let i = 0; i < 3; i += 1)
    await (await applications.direct(server, 'billing')).query('BEGIN; SELECT 1');
  const shop = await applications.direct(server, 'web-shop');
  await shop.query('BEGIN; SELECT 1');

  await expect(sessionFigure(page, 'Idle in transaction')).toContainText('4');
  await sessionFigure(page, 'Idle in transaction').click();
  await page.getByRole('combobox', { name: 'Application' }).click();
  await page.getByRole('option', { name: /billing/ }).click();
  await expect(rowsWith(page, 'Sessions', 'billing')).toHaveCount(3);
  await expect(rowsWith(page, 'Sessions', 'web-shop')).toHaveCount(0);

  await page.getByRole('button', { name: 'Terminate these…' }).click();
  const question = page.getByRole('dialog', { name: 'Terminate sessions?' });
  const end = question.getByRole('button', { name: 'Terminate 3 sessions' });
  await expect(question.getByRole('row')).toHaveCount(4);
  await expect(end).toBeDisabled();
  await question.getByRole('textbox').fill('terminate 2');
  await expect(end).toBeDisabled();
  await question.getByRole('textbox').fill('terminate 3');
  await end.click();
  await expect(question.getByRole('cell', { name: 'Terminated' })).toHaveCount(3);
  await expect((await shop.query('SELECT 2 AS alive')).rows).toEqual([{ alive: 2 }]);
});

test('the table of sessions is searched, sorted, moved through by keys, and its columns are chosen', async ({
  app: { page },
  server,
}) => {
  await addAndConnect(page, server, 'Orders');
  await openTab(page, 'Sessions');
  for (const name of ['alpha', 'beta', 'gamma']) await applications.direct(server, name);
  const table = grid(page, 'Sessions');
  await expect(rowsWith(page, 'Sessions', 'gamma')).toBeVisible();
  await page.getByRole('textbox', { name: 'Search sessions' }).fill('beta');
  await expect(table.getByRole('row')).toHaveCount(2);
  await page.getByRole('button', { name: 'Clear the search' }).click();

  await table.getByRole('columnheader', { name: 'Application' }).getByRole('button').click();
  await expect(table.getByRole('row').nth(1)).toContainText('alpha');
  await table.getByRole('columnheader', { name: 'Application' }).getByRole('button').click();
  await expect(table.getByRole('columnheader', { name: 'Application' })).toHaveAttribute(
    'aria-sort',
    'descending',
  );

  await table.focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowDown');
  const second = await table.getByRole('row').nth(2).getAttribute('id');
  await expect(table).toHaveAttribute('aria-activedescendant', second ?? 'none');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog', { name: /^Session \d+$/ })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(table).toBeFocused();

  await page.getByRole('button', { name: 'Choose columns' }).click();
  await page.getByRole('checkbox', { name: 'Client port' }).check();
  await page.keyboard.press('Escape');
  await expect(table.getByRole('columnheader', { name: 'Client port' })).toBeVisible();
});

test('a role that may see little is told so, with the GRANT that mends it, and unknown is not 0', async ({
  app: { page },
  server,
}) => {
  await server.admin((client) =>
    client.query('DROP ROLE IF EXISTS "Looker-1"; CREATE ROLE "Looker-1" LOGIN PASSWORD \'look\''),
  );
  await applications.direct(server, 'billing');
  const url = new URL(server.url);
  url.username = 'Looker-1';
  url.password = 'look';
  await addAndConnect(page, { ...server, url: url.href }, 'Orders');
  await openTab(page, 'Sessions');
  await expect(page.getByText('GRANT pg_monitor TO "Looker-1"')).toBeVisible();
  await expect(rowsWith(page, 'Sessions', 'billing')).toContainText('unknown');
  await expect(sessionFigure(page, 'State unknown')).toContainText(/[1-9]/);
  await expect(sessionFigure(page, 'Idle in transaction')).toContainText('unknown');
  await expect(page.getByText('Nobody is idle in a transaction')).toHaveCount(0);
});

test('a server that refuses connections is said to, in its own words', async ({ app: { page }, server }) => {
  await server.admin((client) =>
    client.query("DROP ROLE IF EXISTS cramped; CREATE ROLE cramped LOGIN PASSWORD 'one' CONNECTION LIMIT 1"),
  );
  const url = new URL(server.url);
  url.username = 'cramped';
  url.password = 'one';
  await addAndConnect(page, { ...server, url: url.href }, 'Orders');
  await openTab(page, 'Sessions');
  await expect(page.getByText('SQLSTATE 53300')).toBeVisible();
  await expect(page.getByText('Nothing is known of its sessions yet.')).toBeVisible();
  await server.admin((client) => client.query('ALTER ROLE cramped CONNECTION LIMIT 5'));
  await page.getByRole('button', { name: 'Try now' }).click();
  await expect(grid(page, 'Sessions').getByRole('row').nth(1)).toBeVisible();
  await expect(page.getByText('SQLSTATE 53300')).toHaveCount(0);
});

test('a read-only connection shows everything and ends nobody', async ({ app: { page }, server }) => {
  await addAndConnect(page, server, 'Orders');
  await openTab(page, 'Settings');
  await openGroup(page, 'Safety');
  await page.getByRole('switch', { name: /^Read-only/ }).check({ force: true });
  await page.getByRole('button', { name: 'Save' }).first().click();
  await applications.direct(server, 'billing');
  await openTab(page, 'Sessions');
  await rowsWith(page, 'Sessions', 'billing').click();
  const terminate = page.getByRole('dialog').getByRole('button', { name: 'Terminate…' });
  await expect(terminate).toHaveAttribute('aria-disabled', 'true');
  await terminate.hover();
  await expect(page.getByText('Orders is marked read-only')).toBeVisible();
});
