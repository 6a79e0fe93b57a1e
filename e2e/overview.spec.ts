import type { Page } from '@playwright/test';
import type { TestServer } from '../tests/support/postgres-server.ts';
import { expect, test } from './fixtures.ts';
import {
  addAndConnect,
  expectStatus,
  fillForm,
  openAddForm,
  openGroup,
  openTab,
  saveAndConnect,
} from './pages.ts';

async function addBroken(page: Page, server: TestServer, name: string): Promise<void> {
  await openAddForm(page);
  await fillForm(page, server.url, name);
  await page.getByLabel('Port').fill('1');
  await saveAndConnect(page, name);
  await expectStatus(page, 'Unhealthy');
}

async function addClosed(page: Page, server: TestServer, name: string): Promise<void> {
  await openAddForm(page);
  await fillForm(page, server.url, name);
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible();
}

/** A pool of one connection, which will be held for as long as somebody has the table `names` locked. */
async function addSmall(page: Page, server: TestServer, name: string): Promise<void> {
  await openAddForm(page);
  await fillForm(page, server.url, name);
  await openGroup(page, 'Size');
  await openGroup(page, 'Resilience');
  await page.getByLabel('Minimum size').fill('0');
  await page.getByLabel('Maximum size').fill('1');
  await page.getByLabel('Health check interval (ms)').fill('1000');
  await saveAndConnect(page, name);
  await expectStatus(page, 'Healthy');
  await openTab(page, 'Names');
  await page.getByRole('button', { name: 'Create the names table' }).click();
  await expect(page.getByRole('button', { name: 'Add name' })).toBeEnabled();
}

test('the overview has the worst first, whatever their names', async ({ app: { page }, server }) => {
  await server.admin((client) => client.query('DROP TABLE IF EXISTS names'));
  await addClosed(page, server, 'A closed');
  await addAndConnect(page, server, 'B calm');
  await addBroken(page, server, 'D broken');
  await addSmall(page, server, 'C busy');
  await server.admin(async (client) => {
    await client.query('BEGIN; LOCK TABLE names');
    await page.getByLabel('Name', { exact: true }).fill('Alice');
    await page.getByRole('button', { name: 'Add name' }).click();
    await page.getByRole('link', { name: 'Overview' }).click();
    const table = page.getByRole('table', { name: 'Connections, worst first' });
    await expect(table.getByRole('rowheader')).toHaveText([/^D broken/, /^C busy/, /^B calm/, /^A closed/]);
    const rows = table.getByRole('row');
    await expect(rows.nth(1)).toContainText('Unhealthy');
    await expect(rows.nth(1)).toContainText('Nothing accepts connections');
    await expect(rows.nth(2)).toContainText('Degraded');
    await expect(rows.nth(2)).toContainText('1 / 1');
    await expect(rows.nth(3)).toContainText('Healthy');
    await expect(rows.nth(3)).toContainText('0 / 10');
    await expect(rows.nth(4)).toContainText('Closed');
    await client.query('COMMIT');
    await expect(rows.nth(2)).toContainText('Healthy');

    await page.setViewportSize({ width: 480, height: 800 });
    const cutOff = () =>
      page.evaluate(() =>
        [...document.querySelectorAll('body, main, main *')]
          .filter(({ scrollWidth, clientWidth }) => clientWidth > 1 && scrollWidth > clientWidth)
          .map(({ tagName, className, textContent }) => `${tagName} ${className}: ${textContent}`),
      );
    await expect.poll(cutOff).toEqual([]);
    for (const name of ['D broken', 'C busy', 'B calm', 'A closed']) {
      await expect(table.getByRole('rowheader', { name })).toBeInViewport();
    }
    await expect(rows.nth(3).getByRole('cell', { name: '0 / 10' })).toBeInViewport({ ratio: 1 });
  });
});
