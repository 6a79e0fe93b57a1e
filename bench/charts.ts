/**
 * What drawing live charts costs: the real Live tab, built for production, in Chromium, with a
 * full 5-minute window and a tick per second, beside the same data drawn by uPlot.
 *
 *   node bench/charts.ts [--json] [--minutes N] [--quick]
 *
 * `--minutes` is how long the heap is watched (5); `--quick` measures for 20 seconds in all. The
 * browser is the first Chromium, Chrome or Edge found, or the one CHROME_PATH names. Exits with 1
 * when a bar is missed.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { type CDPSession, chromium, type Page } from 'playwright';
import { findChromium } from '../src/main/web/find-chromium.ts';
import { servePage } from './charts/build-page.ts';
import { report } from './report.ts';

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
/**
 * How much the heap may grow in the second half of the run, when compiled code and caches have
 * settled. "No growth" needs room: a collected heap comes back some tenths of a megabyte off. Every
 * tick's sample kept for ever would take 0.16 MB a minute, so a longer run shows even that.
 */
const heapGrowthBarMb = 0.5;

/** Time in the page's main thread since a moment, in milliseconds. */
async function metrics(cdp: CDPSession) {
  const { metrics: list } = await cdp.send('Performance.getMetrics');
  const of = (name: string) => list.find((metric) => metric.name === name)?.value ?? 0;
  return {
    atMs: of('Timestamp') * 1000,
    scriptMs: of('ScriptDuration') * 1000,
    taskMs: of('TaskDuration') * 1000,
    heapBytes: of('JSHeapUsedSize'),
    nodes: of('Nodes'),
  };
}

async function heapAfterCollection(cdp: CDPSession) {
  await cdp.send('HeapProfiler.collectGarbage');
  await cdp.send('HeapProfiler.collectGarbage');
  return metrics(cdp);
}

async function steadyCost(page: Page, cdp: CDPSession, ready: string) {
  await page.waitForSelector(ready);
  await sleep(warmUpMs);
  const before = await metrics(cdp);
  await sleep(steadyMs);
  const after = await metrics(cdp);
  const seconds = (after.atMs - before.atMs) / 1000;
  return {
    scriptMsPerSecond: (after.scriptMs - before.scriptMs) / seconds,
    taskMsPerSecond: (after.taskMs - before.taskMs) / seconds,
  };
}

async function openPage(url: string): Promise<{ page: Page; cdp: CDPSession }> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 1400 } });
  page.on('pageerror', (error) => {
    throw error;
  });
  await page.goto(url);
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('Performance.enable');
  return { page, cdp };
}

const executablePath = findChromium();
if (executablePath === null) {
  throw new Error('No Chromium, Chrome or Edge was found. Install one, or name its program in CHROME_PATH.');
}
const served = await servePage();
const browser = await chromium.launch({
  executablePath,
  args: ['--disable-gpu', ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])],
});
try {
  const uplot = await openPage(`${served.url}?drawnBy=uplot`);
  const uplotCost = await steadyCost(uplot.page, uplot.cdp, '.uplot');
  await uplot.page.close();

  const live = await openPage(`${served.url}?drawnBy=poolscope`);
  const cost = await steadyCost(live.page, live.cdp, '[data-series]');
  const charts = await live.page.locator('[data-chart-plot]').count();
  const before = await heapAfterCollection(live.cdp);
  await sleep(minutes * 30_000);
  const halfway = await heapAfterCollection(live.cdp);
  await sleep(minutes * 30_000);
  const after = await heapAfterCollection(live.cdp);

  report({
    charts: { measured: charts },
    windowSeconds: { measured: 300 },
    scriptMsPerSecond: { measured: cost.scriptMsPerSecond, digits: 1, bar: { atMost: 100 } },
    uplotScriptMsPerSecond: { measured: uplotCost.scriptMsPerSecond, digits: 1 },
    ratio: { measured: cost.scriptMsPerSecond / uplotCost.scriptMsPerSecond, digits: 2 },
    taskMsPerSecond: { measured: cost.taskMsPerSecond, digits: 1 },
    uplotTaskMsPerSecond: { measured: uplotCost.taskMsPerSecond, digits: 1 },
    heapMinutes: { measured: minutes, digits: 1 },
    heapStartMb: { measured: before.heapBytes / 1e6, digits: 2 },
    heapGrowthMb: { measured: (after.heapBytes - before.heapBytes) / 1e6, digits: 2 },
    heapGrowthSecondHalfMb: {
      measured: (after.heapBytes - halfway.heapBytes) / 1e6,
      digits: 2,
      bar: { atMost: heapGrowthBarMb },
    },
    nodeGrowth: { measured: after.nodes - before.nodes },
  });
} finally {
  await browser.close();
  await served.close();
}
