import { expect, test } from './fixtures.ts';
import { addAndConnect, openTab } from './pages.ts';

const awkwardNames = [
  "'; drop table names; --",
  '<b>bold</b> & <script>alert(1)</script>',
  'Zoë 👩‍👩‍👧‍👦 🧑🏽‍🚀',
  'שלום עולם',
  'x'.repeat(10_000),
];

test.beforeEach(async ({ app: { page }, server }) => {
  await server.admin((client) => client.query('DROP TABLE IF EXISTS names'));
  await addAndConnect(page, server, 'Orders');
  await openTab(page, 'Names');
});

test('names are stored and shown exactly as typed', async ({ app: { page }, server }) => {
  await page.getByRole('button', { name: 'Create the names table' }).click();
  for (const [index, name] of awkwardNames.entries()) {
    await page.getByLabel('Name', { exact: true }).fill(name);
    await page.getByRole('button', { name: 'Add name' }).click();
    await expect(page.getByText(`Added with id ${index + 3}.`)).toBeVisible();
  }
  const stored = await server.admin((client) =>
    client.query('SELECT name FROM names WHERE id > 2 ORDER BY id'),
  );
  expect(stored.rows.map((row) => row.name)).toEqual(awkwardNames);
  const cells = page.getByRole('region', { name: 'Names' }).getByRole('row').getByRole('cell');
  expect((await cells.allTextContents()).filter((text) => awkwardNames.includes(text))).toEqual(awkwardNames);
});

test('an empty and an overlong name are refused beside the field, and stay typed', async ({
  app: { page },
}) => {
  await page.getByRole('button', { name: 'Create the names table' }).click();
  await page.getByLabel('Name', { exact: true }).fill('   ');
  await page.getByRole('button', { name: 'Add name' }).click();
  await expect(page.getByText('A name needs at least one visible character.')).toBeVisible();
  await page.getByLabel('Name', { exact: true }).fill('y'.repeat(10_001));
  await page.getByRole('button', { name: 'Add name' }).click();
  await expect(page.getByText('A name can be at most 10,000 characters long.')).toBeVisible();
  await expect(page.getByLabel('Name', { exact: true })).toHaveValue('y'.repeat(10_001));
});

test('a table of that name with other columns is left alone', async ({ app: { page }, server }) => {
  await server.admin((client) => client.query('CREATE TABLE names (code int, label text)'));
  await page.reload();
  await expect(page.getByText('Another table is called names')).toBeVisible();
  await expect(page.getByText('label text', { exact: true })).toBeVisible();
});
