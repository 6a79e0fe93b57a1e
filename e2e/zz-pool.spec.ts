import type pg from 'pg';
import { startTestPooler } from '../tests/support/pgbouncer.ts';
import { expect, test } from './fixtures.ts';
import { addAndConnect, expectStatus, fillForm, openAddForm, openTab, saveAndConnect } from './pages.ts';

test('look at the pooler', async ({ app: { page }, server }) => {
  test.setTimeout(120_000);
  page.setDefaultTimeout(6000);
  const shot = (name: string) => page.screenshot({ path: `/tmp/sui/${name}.png` });
  const pooler = await startTestPooler(server, { poolMode: 'transaction', settings: { default_pool_size: '4' } });
  const clients: pg.Client[] = [];
  const open = async (app: string) => { const c = await pooler.client('postgres', app); clients.push(c); return c; };
  try {
    await server.admin((c) => c.query('CREATE TABLE IF NOT EXISTS acc(id int primary key, v int)'));
    await server.admin((c) => c.query('INSERT INTO acc VALUES (1,1),(2,2) ON CONFLICT DO NOTHING'));
    await page.setViewportSize({ width: 1440, height: 1000 });
    await addAndConnect(page, server, 'Orders');
    await openAddForm(page);
    await fillForm(page, `postgres://boss:${encodeURIComponent(pooler.password)}@127.0.0.1:${pooler.port}/pgbouncer?sslmode=disable`, 'Edge');
    await saveAndConnect(page, 'Edge');
    await expectStatus(page, 'Healthy');
    const pgm = (await import('pg')).default;
    const a = new pgm.Client({ connectionString: server.url, application_name: 'billing' });
    a.on('error', () => {});
    await a.connect();
    await a.query('BEGIN; UPDATE acc SET v = 2 WHERE id = 1');
    for (let i = 0; i < 12; i++) { const b = await open(i % 2 ? 'web-shop' : 'mobile-api'); void b.query('UPDATE acc SET v = v + 1 WHERE id = 1').catch(() => {}); }
    await page.waitForTimeout(9000);
    await shot('p-pools');
    for (const [tab, name] of [['Who waits for whom', 'picture'], ['Clients', 'clients'], ['Servers', 'servers'], ['Databases', 'databases'], ['More tables', 'tables'], ['Configuration', 'config']] as const) {
      await openTab(page, tab);
      await page.waitForTimeout(2500);
      await shot(`p-${name}`);
    }
    await openTab(page, 'Databases');
    await page.getByRole('gridcell', { name: 'postgres', exact: true }).first().click();
    await page.waitForTimeout(600);
    await shot('p-db');
    await page.getByRole('button', { name: 'Pause…' }).click();
    await page.waitForTimeout(600);
    await shot('p-pause');
    await page.getByRole('dialog').getByRole('button', { name: /^Pause/ }).last().click();
    await page.waitForTimeout(1200);
    await shot('p-pausing');
    await page.keyboard.press('Escape'); await page.waitForTimeout(300);
    await page.keyboard.press('Escape'); await page.waitForTimeout(300);
    await openTab(page, 'Who waits for whom');
    await page.waitForTimeout(2500);
    await page.getByRole('grid').getByRole('row').nth(2).click();
    await page.waitForTimeout(300);
    await page.locator('[data-culprit]').first().click();
    await page.waitForTimeout(1500);
    await shot('p-culprit');
    await page.keyboard.press('Escape');
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.waitForTimeout(600);
    await shot('p-picture-dark');
    await page.setViewportSize({ width: 700, height: 1000 });
    await page.waitForTimeout(1200);
    await shot('p-picture-narrow');
    await openTab(page, 'Pools');
    await page.waitForTimeout(1200);
    await shot('p-pools-narrow');
    await a.end();
    await page.setViewportSize({ width: 1440, height: 1000 });
    await page.getByRole('link', { name: 'Overview' }).click();
    await page.waitForTimeout(1200);
    await shot('p-overview');
  } finally {
    for (const c of clients) await c.end().catch(() => {});
    await pooler.stop();
  }
});
