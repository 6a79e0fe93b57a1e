import { startTestPooler } from '../tests/support/pgbouncer.ts';
import { expect, test } from './fixtures.ts';
import { ask, chart, drawnPieces, fleet, keepingPasswords, openTab, reconnect } from './pages.ts';
import { addPooler, grid, rowsWith } from './pooler-pages.ts';

test.setTimeout(90_000);

const pooler = test.extend<{ pooler: Awaited<ReturnType<typeof startTestPooler>> }>({
  pooler: async ({ server }, use) => {
    const started = await startTestPooler(server, { databases: { 'My-DB': 'postgres' } });
    await use(started);
    await started.stop();
  },
});

pooler(
  'a paused database is loud on every screen, and one key lets it go',
  async ({ app: { page }, pooler }) => {
    const client = await pooler.client('My-DB');
    try {
      await addPooler(page, pooler, 'Edge');
      await openTab(page, 'Databases');
      await rowsWith(page, 'Databases', 'My-DB').click();
      await page.getByRole('dialog').getByRole('button', { name: 'Pause…' }).click();
      const question = page.getByRole('dialog', { name: 'Command the pooler' });
      await expect(question.getByText('PAUSE "My-DB"', { exact: true })).toBeVisible();
      await question.getByRole('button', { name: /^Pause/ }).click();
      await expect(question).toHaveCount(0);
      const banner = page.getByRole('alert').filter({ hasText: '“My-DB” of Edge is paused' });
      await expect(banner).toBeVisible();
      const answer = client.query('SELECT 1 AS one');
      await page.getByRole('link', { name: 'Overview' }).click();
      await expect(banner).toBeVisible();
      await page.keyboard.press('r');
      await expect(banner).toHaveCount(0);
      expect((await answer).rows).toEqual([{ one: 1 }]);
    } finally {
      await client.end();
    }
  },
);

pooler(
  'a console is no database: its clients are counted, it is not queried',
  async ({ app: { page }, pooler }) => {
    const client = await pooler.client('My-DB');
    try {
      await client.query('SELECT 1');
      await addPooler(page, pooler, 'Edge');
      await page.getByRole('link', { name: 'Overview' }).click();
      await expect(page.getByRole('cell', { name: '1 client', exact: true })).toBeVisible();
      await page.getByRole('link', { name: 'Query many' }).click();
      await expect(page.getByText('No connection leads to a database.')).toBeVisible();
      await expect(page.getByRole('button', { name: 'All', exact: true })).toBeDisabled();
    } finally {
      await client.end();
    }
  },
);

pooler('a kill must be typed, and its trace is the banner', async ({ app: { page }, pooler }) => {
  const client = await pooler.client('My-DB');
  await client.query('SELECT 1');
  await addPooler(page, pooler, 'Edge');
  await openTab(page, 'Databases');
  await rowsWith(page, 'Databases', 'My-DB').click();
  await page.getByRole('dialog').getByRole('button', { name: 'Kill…' }).click();
  const question = page.getByRole('dialog', { name: 'Command the pooler' });
  const kill = question.getByRole('button', { name: /^Kill/ });
  await expect(kill).toBeDisabled();
  await question.getByRole('textbox', { name: /To go on/ }).fill('My-DB');
  await kill.click();
  const banner = page.getByRole('alert').filter({ hasText: 'stays paused' });
  await expect(banner).toBeVisible();
  await banner.getByRole('button', { name: /^Resume Edge/ }).click();
  await expect(banner).toHaveCount(0);
});

pooler(
  'a setting is searched and changed, and one that needs a restart is explained',
  async ({ app: { page }, pooler }) => {
    await addPooler(page, pooler, 'Edge');
    await openTab(page, 'Configuration');
    const settings = 'Settings of the pooler';
    await page.getByRole('textbox', { name: 'Search settings' }).fill('query_wait');
    await rowsWith(page, settings, 'query_wait_timeout').click();
    const dialog = page.getByRole('dialog', { name: 'query_wait_timeout' });
    await dialog.getByLabel('Value').fill('77');
    await dialog.getByRole('button', { name: 'Go on…' }).click();
    await page
      .getByRole('dialog', { name: 'Command the pooler' })
      .getByRole('button', { name: /^Set/ })
      .click();
    await expect(rowsWith(page, settings, 'query_wait_timeout')).toContainText('77');
    await page.getByRole('textbox', { name: 'Search settings' }).fill('listen_port');
    await rowsWith(page, settings, 'listen_port').click();
    await expect(page.getByText('from its file at its start only')).toBeVisible();
  },
);

pooler('every table of the console shows with all its columns', async ({ app: { page }, pooler }) => {
  const client = await pooler.client('My-DB', 'shop');
  try {
    await client.query('SELECT 1');
    await addPooler(page, pooler, 'Edge');
    await expect(fleet(page).getByText(/PgBouncer, \d+ clients?/)).toBeVisible();
    await openTab(page, 'Clients');
    await expect(rowsWith(page, 'Clients', 'My-DB')).toBeVisible();
    await page.getByRole('textbox', { name: 'Search clients' }).fill('my-db');
    await expect(grid(page, 'Clients').getByRole('row')).toHaveCount(2);
    await openTab(page, 'Servers');
    await expect(rowsWith(page, 'Server connections', 'idle')).toBeVisible();
    await openTab(page, 'More tables');
    await expect(rowsWith(page, 'Users', 'boss')).toBeVisible();
    await page.getByRole('combobox', { name: 'Table' }).selectOption('lists');
    await expect(rowsWith(page, 'Lists', 'used_clients')).toBeVisible();
  } finally {
    await client.end();
  }
});

pooler('one who may only look is told so, and commands are off', async ({ app: { page }, pooler }) => {
  await addPooler(page, pooler, 'Edge', pooler.looker);
  await expect(page.getByText('The user looker may look and not command.')).toBeVisible();
  await page.getByRole('button', { name: 'Command the pooler' }).click();
  await expect(page.getByRole('menuitem', { name: /Pause everything/ })).toBeDisabled();
});

pooler.use({ environment: keepingPasswords });
pooler(
  'a console that was lost keeps what was known and comes back by itself, and its past survives a restart',
  async ({ app, pooler }) => {
    const { page } = app;
    const client = await pooler.client('My-DB');
    await client.query('SELECT 1');
    await addPooler(page, pooler, 'Edge');
    await expect.poll(() => drawnPieces(page, 'Server connections by state', 'svIdle')).not.toEqual([]);
    await client.end();
    await expect(page.getByText(/^PgBouncer \d/)).toBeVisible();
    await pooler.kill();
    await expect(page.getByText('It is tried again by itself.').first()).toBeVisible();
    await pooler.start();
    await expect(page.getByText('It is tried again by itself.')).toHaveCount(0, { timeout: 30_000 });

    const stoppedMs = Date.now();
    const again = await app.restart();
    const [profile] = await ask(again, 'profiles.list', {});
    const past = await ask(again, 'pgbouncer.history', {
      ...{ profileId: profile?.profileId ?? '', scope: { database: null, user: null } },
      // The last minute may end with a sample that came while it stopped.
      ...{ fromMs: stoppedMs - 600_000, toMs: stoppedMs + 60_000, bucketMs: 60_000 },
    });
    expect(past.points.map(({ busiest }) => busiest.clActive)).toContain(1);
    // Also before it is connected again: it may be the pooler that is down.
    await fleet(again).getByRole('link', { name: 'Edge' }).click();
    await again.getByRole('button', { name: 'Show its history' }).click();
    await expect.poll(() => drawnPieces(again, 'Clients', 'clActive')).not.toEqual([]);
    await reconnect(again, 'Edge');
    await again.getByRole('radiogroup', { name: 'Range' }).getByText('1 h', { exact: true }).click();
    await expect(chart(again, 'Server connections by state')).toBeVisible();
    await expect.poll(() => drawnPieces(again, 'Clients', 'clActive')).not.toEqual([]);
  },
);
