/**
 * What drawing charts costs: the real Live tab, built for production, in Chromium, with a tick per
 * second, beside the raw points of the same ranges drawn by uPlot in the same run; hovering; opening
 * 30 days; and the whole app's overview of 50 connections.
 *
 *   node bench/charts.ts [--json] [--minutes N] [--quick]
 *
 * `--minutes` is how long the heap is watched (5); `--quick` measures for 20 seconds each.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { Page } from 'playwright';
import { servePage } from './charts/build-page.ts';
import {
  heapAfterCollection,
  launch,
  type Measured,
  openPage,
  scriptPerFrame,
  steadyCost,
} from './charts/measure.ts';

const { values: options } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    minutes: { type: 'string', default: '5' },
    quick: { type: 'boolean', default: false },
  },
});
const minutes = options.quick ? 1 / 3 : Number(options.minutes);
if (!(minutes > 0)) throw new Error('--minutes takes a number above 0.');

const warmUpMs = 8000;
/** A minute holds each chart's turn at laying out its axes anew. */
const steadyMs = options.quick ? 20_000 : 60_000;
const hoverMoves = options.quick ? 300 : 900;
const overviewPools = 50;

const rounded = (value: number, digits = 1) => Number(value.toFixed(digits));
const chooseRange = (page: Page, label: string) =>
  page.getByRole('radiogroup', { name: 'Range' }).getByText(label, { exact: true }).click();

/** Live charts over a range, and uPlot's over the same. */
async function liveCost(live: Measured, label: string, spanMinutes: number) {
  const uplot = await openPage(browser, `${served.url}?show=uplot&spanMinutes=${spanMinutes}`);
  const theirs = await steadyCost(uplot, '.uplot', warmUpMs, steadyMs);
  await uplot.page.close();
  await live.page.bringToFront();
  await chooseRange(live.page, label);
  const ours = await steadyCost(live, '[data-series]', warmUpMs, steadyMs);
  return {
    scriptMsPerSecond: rounded(ours.scriptMsPerSecond),
    uplotScriptMsPerSecond: rounded(theirs.scriptMsPerSecond),
    ratio: rounded(ours.scriptMsPerSecond / theirs.scriptMsPerSecond, 2),
    taskMsPerSecond: rounded(ours.taskMsPerSecond),
    uplotTaskMsPerSecond: rounded(theirs.taskMsPerSecond),
  };
}

/** The pointer going to and fro over a chart, sixty moves a second. */
async function hoverCost(live: Measured) {
  const box = await live.page.locator('[data-chart-plot]').first().boundingBox();
  if (box === null) throw new Error('There is no chart to hover over.');
  const frames = await scriptPerFrame(live, async () => {
    for (let move = 0; move < hoverMoves; move++) {
      const x = box.x + 60 + Math.abs(((move * 7) % (2 * (box.width - 80))) - (box.width - 80));
      const due = sleep(1000 / 60);
      await live.cdp.send('Input.dispatchMouseEvent', { type: 'mouseMoved', x, y: box.y + 60 });
      await due;
    }
  });
  const at = (fraction: number) => rounded(frames[Math.floor((frames.length - 1) * fraction)] ?? 0, 2);
  return { hoverFrameMsMedian: at(0.5), hoverFrameMsP99: at(0.99), hoverFrameMsMax: at(1) };
}

/** From the click on "30 d" until the picture with its answer is painted; the bridge takes 80 ms of it. */
async function openingCost({ page }: Measured) {
  const times: number[] = [];
  for (let i = 0; i < 7; i++) {
    await chooseRange(page, '5 m');
    await sleep(1500);
    await page.evaluate('void (globalThis.opening = timeOpening("30 d"))');
    await chooseRange(page, '30 d');
    times.push(await page.evaluate<number>('opening'));
  }
  times.sort((a, b) => a - b);
  return { open30dMsMedian: rounded(times[3] ?? 0, 0), open30dMsMax: rounded(times.at(-1) ?? 0, 0) };
}

async function overviewCost() {
  const app = await openPage(browser, `${served.url}?show=app&pools=${overviewPools}#/overview`);
  const cost = await steadyCost(app, 'tbody tr', warmUpMs, steadyMs);
  const rows = await app.page.locator('tbody tr').count();
  await app.page.close();
  return { overviewRows: rows, overviewScriptMsPerSecond: rounded(cost.scriptMsPerSecond) };
}

async function heapGrowth({ cdp }: Measured) {
  const before = await heapAfterCollection(cdp);
  await sleep(minutes * 30_000);
  const halfway = await heapAfterCollection(cdp);
  await sleep(minutes * 30_000);
  const after = await heapAfterCollection(cdp);
  return {
    heapMinutes: rounded(minutes),
    heapStartMb: rounded(before.heapBytes / 1e6, 2),
    heapGrowthMb: rounded((after.heapBytes - before.heapBytes) / 1e6, 2),
    /** What is left once compiled code and caches have settled: a leak would show here. */
    heapGrowthSecondHalfMb: rounded((after.heapBytes - halfway.heapBytes) / 1e6, 2),
    nodeGrowth: after.nodes - before.nodes,
  };
}

const served = await servePage();
const browser = await launch();
try {
  const live = await openPage(browser, `${served.url}?show=live`);
  await live.page.waitForSelector('[data-series]');
  const fiveMinutes = await liveCost(live, '5 m', 5);
  const hover = await hoverCost(live);
  await live.page.mouse.move(5, 5);
  const opening = await openingCost(live);
  const oneHour = await liveCost(live, '1 h', 60);
  const result = {
    charts: await live.page.locator('[data-chart-plot]').count(),
    /** Over one hour. */
    ...oneHour,
    ...Object.fromEntries(Object.entries(fiveMinutes).map(([name, value]) => [`${name}Over5m`, value])),
    ...hover,
    ...opening,
    ...(await overviewCost()),
    ...(await heapGrowth(live)),
  };
  if (options.json) console.log(JSON.stringify(result));
  else console.table(Object.entries(result).map(([figure, value]) => ({ figure, value })));
} finally {
  await browser.close();
  await served.close();
}
