import { expectAccessible } from './expect-accessible.ts';
import { expect, test } from './fixtures.ts';
import { addAndConnect, fleet, openAddForm, openTab, tile } from './pages.ts';

for (const colorScheme of ['light', 'dark'] as const) {
  test(`every screen meets WCAG AA in ${colorScheme}`, async ({ app: { page }, server }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await expectAccessible(page, 'first run');
    await openAddForm(page);
    await expectAccessible(page, 'add a connection');
    await page.keyboard.press('Escape');
    await addAndConnect(page, server, 'Orders');
    await expect(tile(page, 'Round trip')).toHaveText(/ms/);
    await expectAccessible(page, 'live');
    await openTab(page, 'Names');
    await expectAccessible(page, 'names');
    await openTab(page, 'Settings');
    await expectAccessible(page, 'settings');
    await page.getByRole('link', { name: 'Overview' }).click();
    await expect(page.getByRole('table')).toBeVisible();
    await expectAccessible(page, 'overview');
  });
}

test('a connection can be added, watched and left by keyboard alone', async ({ app: { page }, server }) => {
  const tabTo = async (name: string) => {
    for (let presses = 0; presses < 60; presses += 1) {
      await page.keyboard.press('Tab');
      const focused = await page.evaluate(() => {
        const element = document.activeElement as HTMLElement & { labels?: NodeListOf<HTMLLabelElement> };
        return [element.getAttribute('aria-label'), element.labels?.[0]?.textContent, element.textContent]
          .find(Boolean)
          ?.trim();
      });
      if (focused === name) return;
    }
    throw new Error(`"${name}" was not reached with the Tab key.`);
  };
  await tabTo('Add a connection');
  await page.keyboard.press('Enter');
  await page.getByLabel('Connection URL').waitFor();
  await tabTo('Connection URL');
  await page.keyboard.insertText(server.url);
  await tabTo('Name');
  await page.keyboard.type('Orders');
  await tabTo('Save and connect');
  await page.keyboard.press('Enter');
  await expect(fleet(page).getByText('Healthy')).toBeVisible();

  await page.keyboard.press('Control+k');
  await expect(page.getByRole('dialog')).toBeVisible();
  await page.keyboard.type('overview');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('table')).toBeVisible();

  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: /shortcuts/i })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
});
