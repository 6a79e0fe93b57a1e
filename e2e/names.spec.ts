import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';
import { addAndConnect, openGroup, openTab } from './pages.ts';

const awkwardNames = [
  "'; drop table names; --",
  '<b>bold</b> & <script>alert(1)</script>',
  'Zoë 👩‍👩‍👧‍👦 🧑🏽‍🚀',
  'שלום עולם',
  'x'.repeat(10_000),
];

const list = (page: Page) => page.getByRole('region', { name: 'Names' });
const rowOf = (page: Page, id: number) => list(page).getByRole('row', { name: new RegExp(`^${id}\\b`) });
const create = (page: Page) => page.getByRole('button', { name: 'Create the names table' }).click();
async function addName(page: Page, name: string) {
  await page.getByLabel('Name', { exact: true }).fill(name);
  await page.getByRole('button', { name: 'Add name' }).click();
}
async function find(page: Page, id: number) {
  await page.getByLabel('Id', { exact: true }).fill(String(id));
  await page.getByRole('button', { name: 'Find' }).click();
}

test.beforeEach(async ({ app: { page }, server }) => {
  await server.admin((client) =>
    client.query('DROP TABLE IF EXISTS names; DROP SCHEMA IF EXISTS app CASCADE'),
  );
  await addAndConnect(page, server, 'Orders');
  await openTab(page, 'Names');
});

test('names are stored and shown exactly as typed', async ({ app: { page }, server }) => {
  await create(page);
  for (const [index, name] of awkwardNames.entries()) {
    await addName(page, name);
    await expect(page.getByText(`Added with id ${index + 3}.`)).toBeVisible();
    await expect(page.getByLabel(`Name with id ${index + 3}`)).toHaveValue(name);
  }
  const stored = await server.admin((client) =>
    client.query('SELECT name FROM names WHERE id > 2 ORDER BY id'),
  );
  expect(stored.rows.map((row) => row.name)).toEqual(awkwardNames);
  const cells = list(page).getByRole('gridcell');
  const short = awkwardNames.slice(0, 4);
  expect((await cells.allTextContents()).filter((text) => short.includes(text))).toEqual(short);
});

test('an empty and an overlong name are refused beside the field, and stay typed', async ({
  app: { page },
}) => {
  await create(page);
  await addName(page, '   ');
  await expect(page.getByText('A name needs at least one visible character.')).toBeVisible();
  await addName(page, 'y'.repeat(10_001));
  await expect(page.getByText('A name can be at most 10,000 characters long.')).toBeVisible();
  await expect(page.getByLabel('Name', { exact: true })).toHaveValue('y'.repeat(10_001));
});

test('a table of that name with other columns is left alone, and another schema can be chosen', async ({
  app: { page },
  server,
}) => {
  await server.admin((client) =>
    client.query('CREATE TABLE names (code int, label text); CREATE SCHEMA app'),
  );
  await page.reload();
  await expect(page.getByText('Another table is called names')).toBeVisible();
  await expect(page.getByText('label text', { exact: true })).toBeVisible();
  await page.getByRole('combobox', { name: 'Schema' }).click();
  await page.getByRole('option', { name: 'app (no names table)' }).click();
  await create(page);
  await expect(rowOf(page, 1)).toContainText('Sophia');
  await page.reload();
  await expect(rowOf(page, 2)).toContainText('Michael');
  const stored = await server.admin((client) => client.query('SELECT FROM app.names'));
  expect(stored.rowCount).toBe(2);
});

test('a row is changed and deleted, and each is undone', async ({ app: { page }, server }) => {
  const stored = async () => {
    const { rows } = await server.admin((client) => client.query('SELECT name FROM names ORDER BY id'));
    return rows.map(({ name }) => name);
  };
  await create(page);
  await rowOf(page, 1).click();
  await page.getByLabel('Name with id 1').fill('Sofia');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(rowOf(page, 1)).toContainText('Sofia');
  expect(await stored()).toEqual(['Sofia', 'Michael']);
  const changed = page.getByRole('alert').filter({ hasText: 'Changed the name with id 1' });
  await expect(changed).toContainText(/waited .* took .* server process \d+/i);
  await changed.getByRole('button', { name: 'Undo' }).click();
  await expect(rowOf(page, 1)).toContainText('Sophia');

  await page.getByRole('grid').focus();
  await page.keyboard.press('ArrowDown');
  await expect(page.getByLabel('Name with id 2')).toHaveValue('Michael');
  await page.keyboard.press('Delete');
  await expect(rowOf(page, 2)).toHaveCount(0);
  expect(await stored()).toEqual(['Sophia']);
  await page.keyboard.press('Control+z');
  await expect(rowOf(page, 2)).toContainText('Michael');
  expect(await stored()).toEqual(['Sophia', 'Michael']);
});

test('what another writer stored meanwhile is told, not overwritten', async ({ app: { page }, server }) => {
  const sql = (text: string) => server.admin((client) => client.query(text));
  await create(page);
  await rowOf(page, 1).click();
  await page.getByLabel('Name with id 1').fill('Mine');
  await sql("UPDATE names SET name = 'Theirs' WHERE id = 1");
  await expect(page.getByText(/Somebody else changed this name while you edited it/)).toBeVisible();
  await expect(page.getByLabel('Name with id 1')).toHaveValue('Mine');
  await page.getByRole('button', { name: 'Take theirs' }).click();
  await expect(page.getByLabel('Name with id 1')).toHaveValue('Theirs');

  await sql("INSERT INTO names (name) VALUES ('From elsewhere'); DELETE FROM names WHERE id = 2");
  await expect(rowOf(page, 3)).toContainText('From elsewhere');
  await expect(rowOf(page, 2)).toContainText('deleted by someone else');
  await sql('DROP TABLE names');
  await expect(page.getByText(/What others change is not seen: .*no table "names"/)).toBeVisible();
  await page.getByRole('button', { name: 'First' }).click();
  await page.getByRole('button', { name: 'Look again' }).click();
  await expect(page.getByRole('button', { name: 'Create the names table' })).toBeVisible();
});

test('a hundred thousand names: browsed from either end, found, searched, counted and exported', async ({
  app,
  server,
}) => {
  const { page } = app;
  await server.admin(async (client) => {
    await client.query('CREATE TABLE names (id serial primary key, name text not null)');
    await client.query("INSERT INTO names (name) SELECT 'Name ' || i FROM generate_series(1, 100000) i");
    await client.query('ANALYZE names');
  });
  await page.reload();
  await expect(page.getByText('About 100,000 names')).toBeVisible();
  await page.getByRole('button', { name: 'Last' }).click();
  await expect(rowOf(page, 100_000)).toBeInViewport();
  await find(page, 50_000);
  await expect(rowOf(page, 50_000)).toBeInViewport();

  // Pages are put in above what is in view; the row under the pointer stays where it is.
  const grid = page.locator('[data-jump]');
  let before: Awaited<ReturnType<ReturnType<typeof rowOf>['boundingBox']>> = null;
  await expect
    .poll(async () => {
      before = await rowOf(page, 50_000).boundingBox();
      return before;
    })
    .not.toBeNull();
  await expect.poll(() => grid.evaluate((element) => element.scrollTop)).toBeGreaterThan(28 * 140);
  expect(await rowOf(page, 50_000).boundingBox()).toEqual(before);
  await page.getByRole('grid').focus();
  for (let presses = 0; presses < 30; presses += 1) await page.keyboard.press('PageUp');
  const selected = list(page).getByRole('row', { selected: true });
  await expect(selected).toBeInViewport();
  const id = Number((await selected.getByRole('gridcell').first().textContent()) ?? '');
  expect(id).toBeLessThan(49_700);
  await page.keyboard.press('Home');
  await expect(rowOf(page, 1)).toBeInViewport();

  await page.getByRole('combobox', { name: 'How to look for names' }).click();
  await page.getByRole('option', { name: 'contains' }).click();
  await page.getByRole('textbox', { name: 'Search names' }).fill('name 9999');
  await expect(page.getByText('11 matches', { exact: true })).toBeVisible();
  await page.getByRole('textbox', { name: 'Search names' }).fill('%');
  await expect(page.getByText('0 matches', { exact: true })).toBeVisible();
  await page.getByRole('button', { name: 'Clear the search' }).click();
  await page.getByRole('button', { name: 'Count exactly' }).click();
  await expect(page.getByText(/100,000 names, counted/)).toBeVisible();

  await page.getByRole('button', { name: 'Export' }).click();
  const file = await app.saveAs(() => page.getByRole('menuitem', { name: 'All names as CSV' }).click());
  await expect(page.getByText(/^Exported 100,000 rows/)).toBeVisible();
  const lines = (await readFile(file, 'utf8')).trimEnd().split('\r\n');
  expect(lines).toHaveLength(100_001);
  expect([lines[0], lines[1], lines.at(-1)]).toEqual(['id,name', '1,Name 1', '100000,Name 100000']);
});

test('many names are previewed and added at once, or none of them', async ({ app: { page }, server }) => {
  await create(page);
  await expect(rowOf(page, 2)).toContainText('Michael');
  await server.admin((client) => client.query('CREATE UNIQUE INDEX one_of_each ON names (name)'));
  await page.getByRole('button', { name: 'Add many…' }).click();
  const people = Array.from({ length: 100_000 }, (_, i) => `${i},Person ${i}`);
  const csv = ['id,name', ...people.slice(0, 3), 'x', ...people.slice(3), '100000,Michael', ''].join('\n');
  const file = (text: string) => ({ name: 'people.csv', mimeType: 'text/csv', buffer: Buffer.from(text) });
  await page.locator('input[type="file"]').setInputFiles(file(csv));
  await expect(page.getByText(/^100,001 names understood from “people.csv”/)).toBeVisible();
  await expect(page.getByText('Line 5 has no such column')).toBeVisible();
  await expect(page.getByRole('row', { name: /^2 Person 0/ })).toBeVisible();
  await page.getByRole('button', { name: 'Add 100,001 names' }).click();
  await expect(
    page.getByText(/^Nothing was added. That value is taken: Key \(name\)=\(Michael\)/),
  ).toBeVisible();

  await page.getByRole('button', { name: 'Choose something else' }).click();
  await page.locator('input[type="file"]').setInputFiles(file(csv.replace('100000,Michael', '')));
  await page.getByRole('button', { name: 'Add 100,000 names' }).click();
  await expect(page.getByText('Added 100,000 names to public.names, in one transaction.')).toBeVisible();
  await page.getByRole('button', { name: 'Close', exact: true }).click();
  await expect(list(page).getByRole('row', { name: /Person 99999$/ })).toBeInViewport();
  const stored = await server.admin((client) => client.query('SELECT count(*)::int AS n FROM names'));
  expect(stored.rows[0].n).toBe(100_002);
});

test('a read-only connection shows names and changes none', async ({ app: { page }, server }) => {
  await create(page);
  await expect(rowOf(page, 2)).toContainText('Michael');
  await openTab(page, 'Settings');
  await openGroup(page, 'Safety');
  await page.getByRole('switch', { name: /^Read-only/ }).check({ force: true });
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await openTab(page, 'Names');
  await expect(rowOf(page, 2)).toContainText('Michael');
  await rowOf(page, 2).click();
  await expect(
    page.getByText('This connection is read-only: names are shown, not changed.').first(),
  ).toBeVisible();
  await expect(page.getByRole('button', { name: 'Add name' })).toBeDisabled();
  await expect(page.getByRole('button', { name: 'Add many…' })).toBeDisabled();
  await page.getByRole('grid').focus();
  await page.keyboard.press('Delete');
  const stored = await server.admin((client) => client.query('SELECT FROM names'));
  expect(stored.rowCount).toBe(2);
});
