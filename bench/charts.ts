/**
 * What drawing charts costs: the real Live tab, built for production, in Chromium, with a tick per
 * second, beside the raw points of the same ranges drawn by uPlot in the same run; hovering; opening
 * 30 days; and the whole app's overview of 50 connections.
 *
 *   node bench/charts.ts [--json] [--minutes N] [--quick]
 *
 * `--minutes` is how long the heap is watched (5); `--quick` measures for 20 seconds each. The
 * browser is the first Chromium, Chrome or Edge found, or the one CHROME_PATH names. Exits with 1
 * when a bar is missed.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { Page } from 'playwright';
import { servePage } from './charts/build-page.ts';
import {
  heapAfterCollection,
  launch,
  type Measured,
  metrics,
  openPage,
  scriptPerFrame,
  steadyCost,
} from './charts/measure.ts';
import { type Figure, report } from './report.ts';

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
/**
 * How much the heap may grow in the second half of the run, when compiled code and caches have
 * settled. "No growth" needs room: a collected heap comes back some tenths of a megabyte off. Every
 * tick's sample kept for ever would take 0.16 MB a minute, so a longer run shows even that.
 */
const heapGrowthBarMb = 0.5;

const chooseRange = (page: Page, label: string) =>
  page.getByRole('radiogroup', { name: 'Range' }).getByText(label, { exact: true }).click();

/** Live charts over a range, and uPlot's over the same, under names that end in `suffix`. */
async function liveCost(
  live: Measured,
  range: { label: string; minutes: number; atMost: number },
  suffix = '',
) {
  const uplot = await openPage(browser, `${served.url}?show=uplot&spanMinutes=${range.minutes}`);
  const theirs = await steadyCost(uplot, '.uplot', warmUpMs, steadyMs);
  await uplot.page.close();
  await live.page.bringToFront();
  await chooseRange(live.page, range.label);
  const ours = await steadyCost(live, '[data-series]', warmUpMs, steadyMs);
  const ratio = ours.scriptMsPerSecond / theirs.scriptMsPerSecond;
  return {
    [`scriptMsPerSecond${suffix}`]: {
      measured: ours.scriptMsPerSecond,
      digits: 1,
      bar: { atMost: range.atMost },
    },
    [`uplotScriptMsPerSecond${suffix}`]: { measured: theirs.scriptMsPerSecond, digits: 1 },
    [`ratio${suffix}`]: { measured: ratio, digits: 2, bar: { atMost: 4 } },
    [`taskMsPerSecond${suffix}`]: { measured: ours.taskMsPerSecond, digits: 1 },
    [`uplotTaskMsPerSecond${suffix}`]: { measured: theirs.taskMsPerSecond, digits: 1 },
  };
}

/** The pointer going to and fro over a chart, sixty moves a second, while samples come in. */
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
  await live.page.mouse.move(5, 5);
  const at = (fraction: number) => frames[Math.floor((frames.length - 1) * fraction)] ?? Number.NaN;
  return {
    hoverFrameMsMedian: { measured: at(0.5), digits: 2, bar: { atMost: 16 } },
    hoverFrameMsP99: { measured: at(0.99), digits: 2, bar: { atMost: 16 } },
    /** One frame in some thousand holds a chart's turn at laying out its axes as well. */
    hoverFrameMsMax: { measured: at(1), digits: 2 },
  };
}

/** From the click on "30 d" until the picture with its answer is painted; the bridge takes 80 ms of it. */
async function openingCost({ page, cdp }: Measured) {
  const times: number[] = [];
  const busy: number[] = [];
  for (let i = 0; i < 7; i++) {
    await chooseRange(page, '5 m');
    await sleep(1500);
    await page.evaluate('void (globalThis.opening = timeOpening("30 d"))');
    const before = await metrics(cdp);
    await chooseRange(page, '30 d');
    times.push(await page.evaluate<number>('opening'));
    busy.push((await metrics(cdp)).taskMs - before.taskMs);
  }
  times.sort((a, b) => a - b);
  busy.sort((a, b) => a - b);
  return {
    open30dMsMedian: { measured: times[3] ?? Number.NaN, bar: { atMost: 300 } },
    /** What the page's main thread worked of it. */
    open30dTaskMsMedian: { measured: busy[3] ?? Number.NaN },
    open30dMsMax: { measured: times.at(-1) ?? Number.NaN },
  };
}

async function overviewCost() {
  const app = await openPage(browser, `${served.url}?show=app&pools=${overviewPools}#/overview`);
  const cost = await steadyCost(app, 'tbody tr', warmUpMs, steadyMs);
  const rows = await app.page.locator('tbody tr').count();
  await app.page.close();
  return {
    overviewRows: { measured: rows, bar: { atLeast: overviewPools } },
    overviewScriptMsPerSecond: { measured: cost.scriptMsPerSecond, digits: 1, bar: { atMost: 60 } },
  };
}

async function heapGrowth({ cdp }: Measured) {
  const before = await heapAfterCollection(cdp);
  await sleep(minutes * 30_000);
  const halfway = await heapAfterCollection(cdp);
  await sleep(minutes * 30_000);
  const after = await heapAfterCollection(cdp);
  const grownMb = (from: typeof before) => (after.heapBytes - from.heapBytes) / 1e6;
  return {
    heapMinutes: { measured: minutes, digits: 1 },
    heapStartMb: { measured: before.heapBytes / 1e6, digits: 2 },
    heapGrowthMb: { measured: grownMb(before), digits: 2 },
    heapGrowthSecondHalfMb: { measured: grownMb(halfway), digits: 2, bar: { atMost: heapGrowthBarMb } },
    nodeGrowth: { measured: after.nodes - before.nodes },
  };
}

const served = await servePage();
const browser = await launch();
try {
  const live = await openPage(browser, `${served.url}?show=live`);
  await live.page.waitForSelector('[data-series]');
  const fiveMinutes = await liveCost(live, { label: '5 m', minutes: 5, atMost: 80 }, 'Over5m');
  const hover = await hoverCost(live);
  const opening = await openingCost(live);
  const figures: Record<string, Figure> = {
    charts: { measured: await live.page.locator('[data-chart-plot]').count() },
    ...(await liveCost(live, { label: '1 h', minutes: 60, atMost: 30 })),
    ...fiveMinutes,
    ...hover,
    ...opening,
    ...(await overviewCost()),
    ...(await heapGrowth(live)),
  };
  report(figures);
} finally {
  await browser.close();
  await served.close();
}
