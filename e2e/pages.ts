import type { Locator, Page } from '@playwright/test';
import type { TestServer } from '../tests/support/postgres-server.ts';
import { expect } from './fixtures.ts';

/** What a user does on the screens, in their words. Locators go by role and name, as a screen reader does. */

export const fleet = (page: Page): Locator => page.getByRole('navigation', { name: 'Connections' });

export async function openAddForm(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Add a connection' }).first().click();
  await expect(page.getByLabel('Connection URL')).toBeVisible();
}

/** Pastes the server's address, names the connection, and leaves the form ready to save. */
export async function fillForm(page: Page, url: string, name: string): Promise<void> {
  await page.getByLabel('Connection URL').fill(url);
  await page.getByLabel('Name', { exact: true }).fill(name);
}

/** Adds a connection through the form and connects it; ends on its Live tab, healthy. */
export async function addAndConnect(page: Page, server: TestServer, name: string): Promise<void> {
  await openAddForm(page);
  await fillForm(page, server.url, name);
  await page.getByRole('button', { name: 'Save and connect' }).click();
  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible();
  await expectStatus(page, 'Healthy');
}

/** The status beside the connection's name in its header. */
export async function expectStatus(page: Page, word: string): Promise<void> {
  await expect(
    page.getByRole('banner').or(page.locator('main header')).getByText(word, { exact: true }).first(),
  ).toBeVisible({
    timeout: 20_000,
  });
}

export const openTab = (page: Page, name: 'Live' | 'Names' | 'Settings'): Promise<void> =>
  page.getByRole('tab', { name }).click();

/** Value of a stat tile of the Live tab, by its label. */
export const tile = (page: Page, label: string): Locator =>
  page
    .locator('dl > div', { has: page.locator('dt', { hasText: new RegExp(`^${label}$`) }) })
    .locator('dd')
    .first();
