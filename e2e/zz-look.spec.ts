import pg from 'pg';
import { expect, test } from './fixtures.ts';
import { addAndConnect, openTab } from './pages.ts';

test('look', async ({ app: { page }, server }) => {
  test.setTimeout(90_000);
  page.setDefaultTimeout(6000);
  const shot = (name: string) => page.screenshot({ path: `/tmp/sui/${name}.png`, fullPage: false });
  const clients: pg.Client[] = [];
  const open = async (app: string) => {
    const c = new pg.Client({ connectionString: server.url, application_name: app });
    c.on('error', () => {});
    await c.connect();
    clients.push(c);
    return c;
  };
  await server.admin((c) => c.query('CREATE TABLE IF NOT EXISTS acc(id int primary key, v int); '));
  await server.admin((c) => c.query('INSERT INTO acc VALUES (1,1),(2,2) ON CONFLICT DO NOTHING'));
  const a = await open('billing');
  await a.query('BEGIN; UPDATE acc SET v = 2 WHERE id = 1');
  for (let i = 0; i < 6; i++) {
    const b = await open('web-shop');
    void b
      .query(
        'UPDATE acc SET v = v + 1 WHERE id = 1 /* a rather long statement that goes on and on so that the table has to cut it off somewhere, and the details must show the whole of it by asking the server again for all that it keeps of the text */',
      )
      .catch(() => {});
  }
  for (let i = 0; i < 14; i++)
    await open(['mailer', 'reports', 'web-shop', 'cron', 'api', 'search', 'auth'][i % 7] ?? '');
  const v = await open('vacuum-cron');
  void v.query('LOCK TABLE acc IN ACCESS EXCLUSIVE MODE').catch(() => {});
  await page.setViewportSize({ width: 1440, height: 1000 });
  await addAndConnect(page, server, 'Orders');
  await openTab(page, 'Sessions');
  await expect(page.getByRole('grid', { name: 'Sessions' }).getByRole('row').nth(4)).toBeVisible();
  await page.waitForTimeout(9000);
  await shot('s-loaded');
  await page.getByText('Blocking (', { exact: false }).click();
  await page.waitForTimeout(500);
  await shot('s-blocking');
  for (const n of ['Wait events', 'Limits', 'Databases']) {
    await page.getByText(n, { exact: true }).click();
    await page.waitForTimeout(400);
    await shot(`s-${n}`);
  }
  await page.locator('label', { hasText: /^Sessions$/ }).click();
  await page.getByRole('button', { name: 'More charts', exact: false }).click();
  await page.waitForTimeout(1500);
  await shot('s-more');
  await page.getByRole('button', { name: 'Fewer charts' }).click();
  await page.getByRole('gridcell', { name: 'billing' }).click();
  await page.waitForTimeout(800);
  await shot('s-drawer');
  await page.getByRole('button', { name: 'Terminate…' }).click();
  await page.waitForTimeout(800);
  await shot('s-preview1');
  await page.keyboard.press('Escape');
  await page.waitForTimeout(400);
  await page.keyboard.press('Escape');
  await page.waitForTimeout(400);
  await page.getByRole('combobox', { name: 'State', exact: true }).selectOption({ label: 'idle' });
  await page.waitForTimeout(400);
  await page.getByRole('button', { name: 'Terminate these…' }).click();
  await page.waitForTimeout(900);
  await shot('s-preview');
  const box = page.getByRole('dialog').getByRole('textbox');
  await box.fill((await page.getByRole('dialog').locator('label code').textContent()) ?? '');
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /^Terminate/ })
    .click();
  await page.waitForTimeout(1500);
  await shot('s-report');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Clear', exact: true }).click();
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.waitForTimeout(800);
  await shot('s-dark');
  await page.setViewportSize({ width: 700, height: 1000 });
  await page.waitForTimeout(1500);
  await shot('s-narrow');
  for (const c of clients) await c.end().catch(() => {});
});
