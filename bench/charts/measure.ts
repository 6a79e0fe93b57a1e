import { setTimeout as sleep } from 'node:timers/promises';
import { type Browser, type CDPSession, chromium, type Page } from 'playwright';
import { findChromium } from '../../src/main/web/find-chromium.ts';

/** An open page and the means to see what it costs. */
export interface Measured {
  page: Page;
  cdp: CDPSession;
}

export function launch(): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === null) {
    throw new Error(
      'No Chromium, Chrome or Edge was found. Install one, or name its program in CHROME_PATH.',
    );
  }
  return chromium.launch({
    executablePath,
    args: ['--disable-gpu', ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])],
  });
}

export async function openPage(browser: Browser, url: string): Promise<Measured> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 1400 } });
  page.on('pageerror', (error) => {
    throw error;
  });
  await page.goto(url);
  const cdp = await page.context().newCDPSession(page);
  // The processor's time, not the wall's: what else runs on the machine is not the page's doing.
  await cdp.send('Performance.enable', { timeDomain: 'threadTicks' });
  return { page, cdp };
}

/** Time the page's main thread has spent since it opened, in milliseconds, and when that was. */
export async function metrics(cdp: CDPSession) {
  const { metrics: list } = await cdp.send('Performance.getMetrics');
  const of = (name: string) => list.find((metric) => metric.name === name)?.value ?? 0;
  return {
    atMs: performance.now(),
    scriptMs: of('ScriptDuration') * 1000,
    taskMs: of('TaskDuration') * 1000,
    heapBytes: of('JSHeapUsedSize'),
    nodes: of('Nodes'),
  };
}

export async function heapAfterCollection(cdp: CDPSession) {
  await cdp.send('HeapProfiler.collectGarbage');
  await cdp.send('HeapProfiler.collectGarbage');
  return metrics(cdp);
}

/** What a page costs per second once it runs steadily. */
export async function steadyCost({ page, cdp }: Measured, ready: string, warmUpMs: number, steadyMs: number) {
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

interface TraceEvent {
  name: string;
  ts: number;
  /** Microseconds by the wall, and of the processor. */
  dur?: number;
  tdur?: number;
  tid: number;
}

const frameUs = 1_000_000 / 60;

/** Milliseconds of script in each sixtieth of a second while `work` runs; frames without script left out. */
export async function scriptPerFrame({ page, cdp }: Measured, work: () => Promise<void>): Promise<number[]> {
  const events: TraceEvent[] = [];
  cdp.on('Tracing.dataCollected', ({ value }) => events.push(...(value as unknown as TraceEvent[])));
  await page.bringToFront();
  await cdp.send('Tracing.start', { traceConfig: { includedCategories: ['devtools.timeline', 'v8'] } });
  await work();
  const complete = new Promise((resolve) => cdp.once('Tracing.tracingComplete', resolve));
  await cdp.send('Tracing.end');
  await complete;
  const frames = new Map<number, number>();
  let endUs = 0;
  const calls = events.filter(({ name, dur }) => name === 'FunctionCall' && dur !== undefined);
  for (const { ts, dur = 0, tdur = dur } of calls.sort((a, b) => a.ts - b.ts)) {
    // A call within a call is counted with the outer one.
    if (ts < endUs) continue;
    endUs = ts + dur;
    const frame = Math.floor(ts / frameUs);
    frames.set(frame, (frames.get(frame) ?? 0) + tdur / 1000);
  }
  return [...frames.values()].sort((a, b) => a - b);
}
