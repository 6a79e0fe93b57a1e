import { type AddressInfo, createServer } from 'node:net';
import type { Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';
import { fillForm, openAddForm, openGroup } from './pages.ts';

const stages = ['Name', 'TCP', 'TLS', 'Login', 'Query'];

/** The stages before `stage` passed, it failed in these words, and the rest was not tried. */
async function expectTestEndsAt(page: Page, stage: string, words: RegExp): Promise<void> {
  const report = page.getByRole('region', { name: 'Connection test' });
  await expect(report.getByText('The connection does not work yet.')).toBeVisible();
  const failed = stages.indexOf(stage);
  await expect(report.getByRole('listitem')).toHaveText(
    stages.map(
      (name, i) => new RegExp(`${name}.*${i < failed ? 'Passed' : i === failed ? 'Failed' : 'Skipped'}`),
    ),
  );
  await expect(report.getByRole('listitem').nth(failed)).toHaveText(words);
}

test('a pasted address fills the form, and the test ticks every stage', async ({ app: { page }, server }) => {
  await openAddForm(page);
  await fillForm(page, server.url, 'Orders');
  await expect(page.getByLabel('Port')).toHaveValue(String(server.port));
  await page.getByRole('button', { name: 'Test connection' }).click();
  const report = page.getByRole('region', { name: 'Connection test' });
  await expect(report.getByText('The connection works.')).toBeVisible();
  const items = report.getByRole('listitem');
  await expect(items).toHaveCount(stages.length);
  for (const [index, stage] of stages.entries()) {
    await expect(items.nth(index)).toContainText(stage);
    await expect(items.nth(index)).toContainText('Passed');
  }
});

test('a wrong password fails at Login, the rest is skipped, and the remedy is said', async ({
  app: { page },
  server,
}) => {
  await openAddForm(page);
  await fillForm(page, server.url, 'Orders');
  await page.getByLabel('Password', { exact: true }).fill('not the password');
  await page.getByRole('button', { name: 'Test connection' }).click();
  await expectTestEndsAt(page, 'Login', /refused the password.*Check the user name and the password/);
  await expect(page.locator('body')).not.toContainText('not the password');
});

/** One setting that is wrong; at which stage the test ends, and in what words. */
const wrongSettings = [
  {
    what: 'an unknown database',
    label: 'Database',
    value: 'no_such_database',
    stage: 'Login',
    words: /no_such_database/,
  },
  {
    what: 'an unknown host name',
    label: 'Host',
    value: 'no-such-host.invalid',
    stage: 'Name',
    // The latter on a machine without a name server.
    words: /The host name "no-such-host\.invalid" (was not found|could not be looked up)/,
  },
  {
    what: 'a port that refuses',
    label: 'Port',
    value: '1',
    stage: 'TCP',
    words: /Nothing accepts connections/,
  },
  {
    what: 'a host that cannot be reached',
    label: 'Host',
    // To everybody on the network at once: no system lets TCP go there.
    value: '255.255.255.255',
    stage: 'TCP',
    words: /There is no way through the network to 255\.255\.255\.255/,
  },
];

for (const { what, label, value, stage, words } of wrongSettings) {
  test(`${what} is said in words, at the stage ${stage}`, async ({ app: { page }, server }) => {
    await openAddForm(page);
    await fillForm(page, server.url, 'Orders');
    await page.getByLabel(label, { exact: true }).fill(value);
    await page.getByRole('button', { name: 'Test connection' }).click();
    await expectTestEndsAt(page, stage, words);
  });
}

test('a host that never answers is given up on, in words', async ({ app: { page } }) => {
  const silent = createServer(() => {});
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  try {
    await openAddForm(page);
    await fillForm(page, `postgres://app@127.0.0.1:${(silent.address() as AddressInfo).port}/app`, 'Silent');
    await page.getByRole('button', { name: 'Test connection' }).click();
    await expectTestEndsAt(page, 'TLS', /took longer than 5 s.*firewall/);
  } finally {
    silent.close();
  }
});

test('bad input is refused beside its field and nothing typed is lost', async ({ app: { page }, server }) => {
  await openAddForm(page);
  await fillForm(page, server.url, 'Orders');
  await page.getByLabel('Host').fill('   ');
  await page.getByLabel('Port').fill('70000');
  await openGroup(page, 'Size');
  await openGroup(page, 'Time');
  await page.getByLabel('Minimum size').fill('20');
  await page.getByLabel('Maximum size').fill('10');
  await page.getByLabel('Wait timeout (ms)').fill('5');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.getByText('Host must not be empty.')).toBeVisible();
  await expect(page.getByText('Port must be a whole number from 1 to 65535.')).toBeVisible();
  await expect(page.getByText('Wait timeout (ms) must be a whole number from 100 to 600,000.')).toBeVisible();
  await expect(page.getByLabel('Port')).toHaveValue('70000');

  await page.getByLabel('Host').fill(server.host);
  await page.getByLabel('Port').fill(String(server.port));
  await page.getByLabel('Wait timeout (ms)').fill('1000');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.getByText('Maximum size must be at least the minimum size.')).toBeVisible();
});

test('an address with a bad percent code is refused in words, which never quote the password', async ({
  app: { page },
}) => {
  await openAddForm(page);
  const address = page.getByLabel('Connection URL');
  await address.fill('postgres://us%zzer@localhost/db');
  await expect(page.getByText(/user has a bad percent code, "%zz"/i)).toBeVisible();
  await address.fill('postgres://user:hidden%qq@localhost/db');
  await expect(page.getByText(/password has a bad percent code: write a plain "%" as "%25"/i)).toBeVisible();
  await expect(page.getByText('%qq')).toHaveCount(0);
});
