import { expectAccessible } from './expect-accessible.ts';
import { expect, test } from './fixtures.ts';
import { addAndConnect, fillForm, openAddForm, openGroup, openTab } from './pages.ts';

// Each looks at the whole form several times, which takes a busy machine a while.
test.setTimeout(240_000);

const hikari = `spring:
  datasource:
    hikari:
      maximum-pool-size: 25
      minimum-idle: 5
      connection-timeout: 4000
      keepalive-time: 120000
`;

test('a preset says what it would change, changes the form, and is taken back', async ({
  app: { page },
  server,
}) => {
  await addAndConnect(page, server, 'Orders');
  await openTab(page, 'Settings');
  await page.getByRole('button', { name: 'Presets' }).click();
  await page.getByRole('menuitem', { name: /^Production/ }).click();
  const dialog = page.getByRole('dialog', { name: 'Preset: Production' });
  await expect(dialog.getByRole('row', { name: /Maximum size 10 100/ })).toBeVisible();
  await expect(dialog.getByText(/A transaction that was forgotten/)).toBeVisible();
  await expectAccessible(page, 'preset');
  await dialog.getByRole('button', { name: 'Put into the form' }).click();

  await expect(page.getByText(/“Production” changed \d+ settings; nothing is saved yet/)).toBeVisible();
  await expect(page.getByRole('button', { name: /^Size/ })).toContainText('Maximum size 100');
  await openGroup(page, 'Size');
  await page.getByLabel('Overflow').fill('3');
  await page.getByRole('button', { name: 'Undo “Production”' }).click();
  await expect(page.getByLabel('Maximum size')).toHaveValue('10');
  await expect(page.getByLabel('Overflow')).toHaveValue('3');
  await page.getByRole('button', { name: 'Discard changes' }).click();
  await expect(page.getByRole('button', { name: 'Save', exact: true })).toBeDisabled();
});

test('settings of HikariCP are previewed and put into the form; what has no place is said', async ({
  app: { page },
}) => {
  await openAddForm(page);
  await page.getByRole('button', { name: 'Translate…' }).click();
  await page.getByRole('combobox', { name: 'Library' }).click();
  await page.getByRole('option', { name: 'HikariCP (Spring Boot YAML)' }).click();
  const dialog = page.getByRole('dialog', { name: 'Translate' });
  await expect(dialog.getByText('maximum-pool-size: 10')).toBeVisible();
  await expectAccessible(page, 'copy for a library');
  await dialog.getByRole('tab', { name: /^Paste from/ }).click();
  const box = dialog.getByRole('textbox', { name: /^Text of/ });
  await box.fill('spring:\n\tdatasource: x\n  hikari');
  await expect(dialog.getByText('Line 2: YAML is indented with spaces, not with tabs.')).toBeVisible();
  await expect(dialog.getByRole('button', { name: 'Put into the form' })).toBeDisabled();
  await box.fill(hikari);
  await expect(dialog.getByText('Maximum size: 25')).toBeVisible();
  await expect(dialog.getByText(/Asks idle connections this often/)).toBeVisible();
  await expectAccessible(page, 'paste from a library');
  await dialog.getByRole('button', { name: 'Put into the form' }).click();

  await openGroup(page, 'Size');
  await openGroup(page, 'Time');
  await expect(page.getByLabel('Maximum size')).toHaveValue('25');
  await expect(page.getByLabel('Minimum size')).toHaveValue('5');
  await expect(page.getByLabel('Wait timeout (ms)')).toHaveValue('4000');
  // As HikariCP has it where the text is silent.
  await expect(page.getByLabel('Maximum lifetime (ms)')).toHaveValue('1800000');
});

test('an error in a closed group opens it and takes the cursor there', async ({ app: { page }, server }) => {
  await openAddForm(page);
  await fillForm(page, server.url, 'Orders');
  await openGroup(page, 'Resilience');
  await page.getByLabel('Retries').fill('many');
  await page.getByRole('button', { name: /^Resilience/ }).click();
  await expect(page.getByLabel('Retries')).toHaveCount(0);
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.getByText('Retries must be a whole number from 0 to 10.')).toBeVisible();
  await expect(page.getByLabel('Retries')).toBeFocused();
  await expect(page.getByLabel('Retries')).toHaveValue('many');
  await expect(page.getByRole('button', { name: /^Resilience/ })).toContainText('1 to mend');
});

test('what is wrong with TLS files stands beside their fields before anything is saved', async ({
  app: { page },
  server,
}) => {
  await openAddForm(page);
  await fillForm(page, server.url, 'Orders');
  await openGroup(page, 'TLS');
  await page.getByLabel('CA file').fill('/nowhere/ca.pem');
  await expect(page.getByText('There is no file "/nowhere/ca.pem".')).toBeVisible();
  await expect(page.getByRole('button', { name: /^TLS/ })).toContainText('1 to mend');
  await page.getByLabel('CA file').fill('');
  await expect(page.getByText('There is no file "/nowhere/ca.pem".')).toHaveCount(0);
});

test('a setting is found by the name it has elsewhere, by keyboard alone', async ({
  app: { page },
  server,
}) => {
  await openAddForm(page);
  await fillForm(page, server.url, 'Orders');
  await page.getByRole('searchbox', { name: 'Find a setting' }).focus();
  await page.keyboard.type('pool_recycle');
  await expect(page.getByText('SQLAlchemy: pool_recycle')).toBeVisible();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await expect(page.getByLabel('Maximum lifetime (ms)')).toBeFocused();
  await page.keyboard.type('9');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog', { name: 'Names elsewhere' })).toContainText('max_lifetime');
  await page.keyboard.press('Escape');
  await page.getByRole('searchbox', { name: 'Find a setting' }).focus();
  await page.keyboard.press('Escape');
  await expect(page.getByLabel('Host', { exact: true })).toBeVisible();
  const size = page.getByRole('button', { name: /^Size/ });
  await size.focus();
  await page.keyboard.press('Enter');
  await expect(page.getByLabel('Overflow')).toBeVisible();
});

test('hosts and session parameters are rows, saved and shown again', async ({ app: { page }, server }) => {
  await openAddForm(page);
  await fillForm(page, server.url, 'Orders');
  await openGroup(page, 'More hosts');
  await openGroup(page, 'Session');
  await page.getByRole('button', { name: 'Add a host' }).click();
  await expect(page.getByLabel('Address of further host 1')).toBeFocused();
  await page.keyboard.type('standby.example');
  await page.getByRole('button', { name: 'Add a parameter' }).click();
  await page.keyboard.type('work_mem');
  await page.getByLabel('Value of session parameter 1').fill('64MB');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Orders' })).toBeVisible();
  await openTab(page, 'Settings');
  await expect(page.getByRole('button', { name: /^More hosts/ })).toContainText('More hosts 1');
  await openGroup(page, 'Session');
  await expect(page.getByLabel('Session parameter 1', { exact: true })).toHaveValue('work_mem');
  await page.getByRole('button', { name: 'Remove session parameter 1' }).click();
  await expect(page.getByLabel('Session parameter 1', { exact: true })).toHaveCount(0);
});

test('the form with every group open meets WCAG AA in light and dark', async ({ app: { page } }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  // High enough for all of it: what is scrolled halfway under the buttons below counts as too small.
  await page.setViewportSize({ width: 1280, height: 3600 });
  await openAddForm(page);
  for (const title of ['More hosts', 'TLS', 'Size', 'Time', 'Session', 'On release', 'Resilience', 'Safety'])
    await openGroup(page, title);
  await page.getByRole('button', { name: 'Add a host' }).click();
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expectAccessible(page, 'all settings');
});
