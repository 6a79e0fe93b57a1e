import type { Locator, Page } from '@playwright/test';
import type { TestServer } from '../tests/support/postgres-server.ts';
import { expect } from './fixtures.ts';
import { addAndConnect, openGroup, openTab } from './pages.ts';

/** The Query tab and the many-databases screen as a user works with them. */

/** Adds the server, optionally with writing allowed, and opens its Query tab. */
export async function openQuery(
  page: Page,
  server: TestServer,
  name: string,
  { writes = false } = {},
): Promise<void> {
  await addAndConnect(page, server, name);
  if (writes) {
    await openTab(page, 'Settings');
    await openGroup(page, 'Safety');
    await page.getByLabel('Queries may write').check({ force: true });
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await expect(page.getByRole('button', { name: 'Save', exact: true })).toBeDisabled();
  }
  await openTab(page, 'Query');
  await expect(editor(page)).toBeVisible();
}

export const editor = (page: Page): Locator => page.getByRole('textbox', { name: 'SQL' });

/** Puts a text in place of what the editor holds. */
export async function type(page: Page, text: string): Promise<void> {
  await editor(page).click();
  await page.keyboard.press('Control+a');
  await page.keyboard.press('Delete');
  await page.keyboard.insertText(text);
}

export async function run(page: Page, text: string): Promise<void> {
  await type(page, text);
  await page.keyboard.press('Control+Enter');
}

export const result = (page: Page): Locator => page.getByRole('region', { name: 'Result' });

/** How the last run stands: "3 rows", "Running on the server…". */
export const status = (page: Page): Locator => result(page).getByRole('status').first();

export const grid = (page: Page, name = 'Rows of the result'): Locator => page.getByRole('grid', { name });

/** The texts of a row's cells, the first row being 1. */
export const cellsOf = (page: Page, row: number, name?: string): Promise<string[]> =>
  grid(page, name)
    .locator(`[aria-rowindex="${row + 1}"] [role="gridcell"]`)
    .allInnerTexts();

export const error = (page: Page): Locator => result(page).getByRole('alert');

export const chooseWriting = (page: Page): Promise<void> =>
  page.getByText('Writing', { exact: true }).click();

/** Sessions of Poolscope that run a statement which holds this text, as the server sees it. */
export const running = (server: TestServer, text: string): Promise<number> =>
  server.admin(async (client) => {
    const sql = `SELECT count(*)::int AS n FROM pg_stat_activity
                 WHERE state = 'active' AND application_name LIKE 'Poolscope%' AND query LIKE $1`;
    return (await client.query<{ n: number }>(sql, [`%${text}%`])).rows[0]?.n ?? Number.NaN;
  });

/** A single number of the server's, asked as a superuser. */
export const count = (server: TestServer, sql: string): Promise<number> =>
  server.admin(async (client) => Number((await client.query(sql)).rows[0]?.n));
