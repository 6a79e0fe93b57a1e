import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect } from './fixtures.ts';

/** Fails with what breaks WCAG AA on the page as it is; `screen` says which one it was. */
export async function expectAccessible(page: Page, screen: string): Promise<void> {
  // Legacy mode: the other one opens a page of its own, and the Electron shell denies new windows.
  const { violations } = await new AxeBuilder({ page })
    .setLegacyMode(true)
    .withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'])
    .analyze();
  expect(violations.map(({ id, nodes }) => `${screen}: ${id}: ${nodes[0]?.html}`)).toEqual([]);
}
