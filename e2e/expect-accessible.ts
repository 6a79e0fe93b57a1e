import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect } from './fixtures.ts';

/** What a theme can break; the rest is the same in both. */
const rulesOfColour = ['color-contrast', 'link-in-text-block'];

/** Fails with what breaks WCAG AA on the page as it is, light and dark; `screen` says which one it was. */
export async function expectAccessible(page: Page, screen: string): Promise<void> {
  await showTheme(page, 'light');
  await expectNone(axe(page).withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']), screen);
  await showTheme(page, 'dark');
  await expectNone(axe(page).withRules(rulesOfColour), `${screen}, dark`);
}

async function showTheme(page: Page, colorScheme: 'light' | 'dark'): Promise<void> {
  await page.emulateMedia({ colorScheme });
  await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', colorScheme);
}

// Legacy mode: the other one opens a page of its own, and the Electron shell denies new windows.
const axe = (page: Page) => new AxeBuilder({ page }).setLegacyMode(true);

async function expectNone(builder: AxeBuilder, screen: string): Promise<void> {
  const { violations } = await builder.analyze();
  expect(violations.map(({ id, nodes }) => `${screen}: ${id}: ${nodes[0]?.html}`)).toEqual([]);
}
