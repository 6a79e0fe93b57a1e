import { expect, test } from './fixtures.ts';
import { expectStatus, openTab, tile } from './pages.ts';

test('a newcomer sees one card with two ways on', async ({ app: { page } }) => {
  const card = page.getByRole('region', { name: 'See what your PostgreSQL connection pools are doing' });
  await expect(card.getByRole('button')).toHaveText(['Add a connection', 'Try it with a sample database']);
});

test('the sample database starts and its charts move within seconds', { tag: '@shell' }, async ({
  app: { page },
}) => {
  await page.getByRole('button', { name: 'Try it with a sample database' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Sample database' })).toBeVisible({
    timeout: 30_000,
  });
  await expectStatus(page, 'Healthy');
  await expect(page.getByText('Synthetic workload running')).toBeVisible();
  await expect(tile(page, 'Throughput')).toHaveText(/[1-9]/);
  await expect(page.getByRole('img', { name: /Connections by state/ })).toBeVisible();

  await page.getByRole('button', { name: 'Stop the workload' }).click();
  await expect(page.getByText('No synthetic workload')).toBeVisible();
});

test('the sample server stops in place and comes back with what it held', async ({ app: { page } }) => {
  await page.getByRole('button', { name: 'Try it with a sample database' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Sample database' })).toBeVisible({
    timeout: 30_000,
  });
  await expectStatus(page, 'Healthy');
  await openTab(page, 'Names');
  await page.getByRole('button', { name: 'Create the names table' }).click();
  await expect(page.getByRole('gridcell', { name: 'Sophia' })).toBeVisible();

  await page.getByRole('button', { name: 'Stop the sample server' }).click();
  await expect(page.getByText('The pool is closed')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Stop the sample server' })).toHaveCount(0);
  await page.getByRole('button', { name: 'Connect', exact: true }).click();
  await expectStatus(page, 'Healthy');
  await expect(page.getByRole('gridcell', { name: 'Sophia' })).toBeVisible();
  await openTab(page, 'Live');
  await expect(tile(page, 'Throughput')).toHaveText(/[1-9]/);
});

test('the founding flow: list, add Alice, she has id 3, the list shows her, id 99 is not found', {
  tag: '@shell',
}, async ({ app: { page } }) => {
  await page.getByRole('button', { name: 'Try it with a sample database' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Sample database' })).toBeVisible({
    timeout: 30_000,
  });
  await page.getByRole('tab', { name: 'Names' }).click();
  await page.getByRole('button', { name: 'Create the names table' }).click();
  const rows = page.getByRole('region', { name: 'Names' }).getByRole('row');
  await expect(rows).toHaveText([/Id\s*Name/, /1\s*Sophia/, /2\s*Michael/]);

  await page.getByLabel('Name', { exact: true }).fill('Alice');
  await page.getByRole('button', { name: 'Add name' }).click();
  await expect(page.getByText('Added with id 3.')).toBeVisible();
  await expect(rows.last()).toHaveText(/3\s*Alice/);

  await page.getByLabel('Id', { exact: true }).fill('99');
  await page.getByRole('button', { name: 'Find' }).click();
  await expect(page.getByText('Name not found (id 99).')).toBeVisible();
});
