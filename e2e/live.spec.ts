import type { Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';
import {
  addAndConnect,
  chart,
  crosshairTimes,
  drawnPieces,
  goOnLive,
  lastCheckTime,
  nextCheckTime,
  openTab,
  pause,
  readout,
  samplesArrive,
  showAllCharts,
  tile,
} from './pages.ts';

const chartTitles = [
  'Connections by state',
  'Pending requests',
  'Wait time',
  'Hold time',
  'Throughput',
  'Errors and timeouts',
  'Health round trip',
];

const chooseRange = (page: Page, label: string) =>
  page.getByRole('radiogroup', { name: 'Range' }).getByText(label, { exact: true }).click();

test('every chart draws the pool as it is, in every range', async ({ app: { page }, server }) => {
  await addAndConnect(page, server, 'Orders');
  await showAllCharts(page);
  await expect(tile(page, 'Used')).toHaveText(/\d+ \/ 10/);
  await expect(tile(page, 'Round trip')).toHaveText(/ms/);
  for (const [label, length] of [
    ['15 m', '15 min'],
    ['1 h', '1 h'],
    ['30 d', '30 d'],
    ['5 m', '5 min'],
  ] as const) {
    await chooseRange(page, label);
    for (const title of chartTitles) {
      const drawing = page.getByRole('img', { name: new RegExp(`^${title}, ${length} to `) });
      await expect(drawing).toBeVisible();
    }
    await expect(readout(page, 'Connections by state', 'max')).toHaveText('10');
  }
});

test('the range chosen stays chosen on other tabs and screens', async ({ app: { page }, server }) => {
  await addAndConnect(page, server, 'Orders');
  await chooseRange(page, '15 m');
  await openTab(page, 'Names');
  await openTab(page, 'Live');
  await expect(page.getByRole('radio', { name: '15 m' })).toBeChecked();
  await page.getByRole('link', { name: 'Overview' }).click();
  await page.getByRole('table').getByRole('link', { name: 'Orders' }).click();
  await expect(page.getByRole('radio', { name: '15 m' })).toBeChecked();
  await expect(page.getByRole('img', { name: /^Throughput, 15 min to/ })).toBeVisible();
});

test('pause holds drawing and figures while samples go on; going on live leaves no hole', async ({
  app: { page },
  server,
}) => {
  await addAndConnect(page, server, 'Orders');
  await showAllCharts(page);
  await expect(tile(page, 'Round trip')).toHaveText(/ms/);
  const paths = page.locator('path[data-series]');
  const picture = async () => ({
    drawn: await paths.evaluateAll((all) => all.map((path) => path.getAttribute('d'))),
    figures: await page.locator('dl').first().textContent(),
  });
  await pause(page);
  await samplesArrive(page, 1);
  const still = await picture();
  const [before] = await drawnPieces(page, 'Throughput', 'acquired');
  expect(still.drawn.filter(Boolean).length).toBeGreaterThan(5);
  await page.getByRole('button', { name: 'Check now' }).click();
  await samplesArrive(page, 4);
  expect(await picture()).toEqual(still);

  await goOnLive(page);
  await expect.poll(async () => (await picture()).figures).not.toEqual(still.figures);
  const pieces = await drawnPieces(page, 'Throughput', 'acquired');
  expect(pieces).toHaveLength(1);
  expect(pieces[0]?.endsAgo).toBeLessThan(3);
  expect(pieces[0]?.startsAgo).toBeGreaterThan((before?.startsAgo ?? 0) + 3);
});

test('the mouse over one chart shows the figures of that moment in all of them', async ({
  app: { page },
  server,
}) => {
  await addAndConnect(page, server, 'Orders');
  await showAllCharts(page);
  await expect(tile(page, 'Round trip')).toHaveText(/ms/);
  const plot = page.getByRole('img', { name: /^Throughput/ });
  const { width, height } = (await plot.boundingBox()) ?? { width: 0, height: 0 };
  const [now] = await newestMoment(page, () => plot.hover({ position: { x: width - 1, y: height / 2 } }));
  await expect(readout(page, 'Connections by state', 'max')).toHaveText('10');
  await expect(readout(page, 'Throughput', 'acquired')).toHaveText(/\/s$/);
  await expect(readout(page, 'Pending requests', 'pending')).toHaveText(/^\d+$/);

  await plot.hover({ position: { x: width / 2, y: height / 2 } });
  await expect(readout(page, 'Connections by state', 'max')).toHaveText('–');
  const [earlier, ...others] = await crosshairTimes(page);
  expect(others).toEqual(others.map(() => earlier));
  expect(secondsBetween(earlier, now)).toBeGreaterThan(100);
  for (const readouts of await page.locator('[data-readout]').allInnerTexts()) expect(readouts).toBe('–');

  await page.mouse.move(0, 0);
  await expect.poll(() => crosshairTimes(page)).toEqual(chartTitles.map(() => ''));
  await expect(readout(page, 'Connections by state', 'max')).toHaveText('10');
});

test('arrow keys move the crosshair, and every chart reads that very second', async ({
  app: { page },
  server,
}) => {
  await addAndConnect(page, server, 'Orders');
  await showAllCharts(page);
  // The first check falls into the moment of connecting; the second stands alone.
  await nextCheckTime(page);
  await pause(page);
  const checkedAt = (await lastCheckTime(page)) ?? '';

  await page.getByRole('img', { name: /^Connections by state/ }).focus();
  await page.keyboard.press('End');
  const [end = ''] = await newestMoment(page, async () => {});
  for (let seconds = secondsBetween(checkedAt, end); seconds > 0; seconds -= 1)
    await page.keyboard.press('ArrowLeft');
  await expect.poll(() => crosshairTimes(page)).toEqual(chartTitles.map(() => checkedAt));
  await expect(readout(page, 'Throughput', 'acquired')).toHaveText(/^[01]\.\d\/s$/);
  await expect(readout(page, 'Wait time', 'p50')).toHaveText(/ms$/);
  await expect(readout(page, 'Hold time', 'p50')).toHaveText(/ms$/);
  const roundTrip = (await tile(page, 'Round trip').textContent()) ?? '';
  await expect(readout(page, 'Health round trip', 'roundTrip')).toHaveText(roundTrip);
  await expect(page.getByText(`${checkedAt}: Used 0`)).toBeAttached();

  await page.keyboard.press('ArrowLeft');
  await expect(readout(page, 'Throughput', 'acquired')).toHaveText('0/s');
  await expect(readout(page, 'Wait time', 'p50')).toHaveText('–');
  const [before] = await crosshairTimes(page);
  expect(secondsBetween(before, checkedAt)).toBe(1);
  await page.keyboard.press('PageUp');
  await expect.poll(async () => secondsBetween((await crosshairTimes(page))[6], checkedAt)).toBe(11);
  await page.keyboard.press('Escape');
  await expect.poll(() => crosshairTimes(page)).toEqual(chartTitles.map(() => ''));
});

test('the legend hides a series and shows it alone, by keyboard', async ({ app: { page }, server }) => {
  await addAndConnect(page, server, 'Orders');
  const title = 'Connections by state';
  const drawnSeries = () =>
    chart(page, title)
      .locator('path[data-series]')
      .evaluateAll((paths) => paths.filter((path) => path.getAttribute('d')).length);
  await expect.poll(drawnSeries).toBeGreaterThan(2);
  const all = await drawnSeries();
  const max = chart(page, title).getByRole('button', { name: /^Max/ });
  await max.focus();
  await page.keyboard.press('Shift+Enter');
  await expect(chart(page, title).getByRole('button', { pressed: true })).toHaveCount(1);
  await expect.poll(drawnSeries).toBe(1);
  await page.keyboard.press('Shift+Enter');
  await expect.poll(drawnSeries).toBe(all);
  await page.keyboard.press('Enter');
  await expect(max).toHaveAttribute('aria-pressed', 'false');
  await expect.poll(drawnSeries).toBe(all - 1);
});

/** Where the crosshair stands after `move`, once all charts say the same. */
async function newestMoment(page: Page, move: () => Promise<void>): Promise<string[]> {
  await expect
    .poll(async () => {
      await move();
      return new Set(await crosshairTimes(page));
    })
    .toEqual(new Set([expect.stringMatching(/^\d\d:\d\d:\d\d$/)]));
  return await crosshairTimes(page);
}

/** From one time of day to a later one, also past midnight. */
function secondsBetween(from = '', to = ''): number {
  const seconds = (time: string) => time.split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
  return (seconds(to) - seconds(from) + 86_400) % 86_400;
}
