import type { Locator, Page } from '@playwright/test';
import type { TestPooler } from '../tests/support/pgbouncer.ts';
import { expect } from './fixtures.ts';
import { expectStatus, fillForm, openAddForm, saveAndConnect } from './pages.ts';

/** Adds a connection to a pooler's console through the form, as any other; ends on its Pools tab, healthy. */
export async function addPooler(
  page: Page,
  pooler: TestPooler,
  name: string,
  user = pooler.admin,
): Promise<void> {
  const password = encodeURIComponent(pooler.password);
  await openAddForm(page);
  await fillForm(
    page,
    `postgres://${user}:${password}@${pooler.host}:${pooler.port}/pgbouncer?sslmode=disable`,
    name,
  );
  await saveAndConnect(page, name);
  await expectStatus(page, 'Healthy');
  await expect(page.getByRole('tab', { name: 'Who waits for whom' })).toBeVisible();
}

/** A table of many rows, by its name. */
export const grid = (page: Page, name: string): Locator => page.getByRole('grid', { name, exact: true });

/** The rows of a table that hold a text, without its head. */
export const rowsWith = (page: Page, name: string, text: string | RegExp): Locator =>
  grid(page, name).getByRole('row').filter({ hasText: text });

/** A figure of the Sessions tab, by its label: a button that leads to the sessions it counts. */
export const sessionFigure = (page: Page, label: string): Locator =>
  page.getByRole('button', { name: new RegExp(`^${label}`) });
