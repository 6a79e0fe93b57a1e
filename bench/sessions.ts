/**
 * What 2,000 sessions cost the screen: `node bench/sessions.ts [--json]`. The real Sessions tab, built
 * for production, in Chromium, over sessions as a busy server has them, a tenth of which change in each
 * sample; exits with 1 when a bar is missed. Script is counted in the processor's time, per sixtieth of a second.
 * No sample comes while it scrolls and filters; what one costs is told by itself.
 *
 * - scrollFrameMs*: the wheel going up and down the table of all sessions.
 * - filterFrameMs*: letters typed into the search and taken away again, one at a time.
 * - sampleFrameMs*: what a sample costs, every two seconds, while nobody touches anything.
 * - sampleOnScreenMs: from when a sample comes until what it changed is painted, by the wall. What comes
 *   before, from the server to here, is `sample2000Ms` of `bench:server`.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright';
import { servePage } from './charts/build-page.ts';
import { launch, type Measured, openPage, scriptPerFrame } from './charts/measure.ts';
import { report } from './report.ts';

const wheelTurns = 300;
const typed = ['shop', 'idle in', 'billing', 'order_id'];
/** Slower than a fast typist, so that no two letters share a frame. */
const letterMs = 100;
const samples = 24;

/** The wheel turned up and down over the table, sixty times a second. */
async function scrollFrames(measured: Measured): Promise<number[]> {
  const { page, cdp } = measured;
  const box = await page.getByRole('grid', { name: 'Sessions' }).boundingBox();
  if (box === null) throw new Error('There is no table to scroll.');
  const at = { x: box.x + 200, y: box.y + 100 };
  return await scriptPerFrame(measured, async () => {
    for (let turn = 0; turn < wheelTurns; turn += 1) {
      const due = sleep(1000 / 60);
      const deltaY = turn % 300 < 150 ? 84 : -84;
      await cdp.send('Input.dispatchMouseEvent', { type: 'mouseWheel', ...at, deltaX: 0, deltaY });
      await due;
    }
  });
}

/** Every letter of some searches, each taken back again. */
async function filterFrames(measured: Measured): Promise<number[]> {
  const { page } = measured;
  await page.getByRole('textbox', { name: 'Search sessions' }).focus();
  const keys = typed.flatMap((text) => [...text, ...[...text].map(() => 'Backspace')]);
  return await scriptPerFrame(measured, async () => {
    for (const key of keys) {
      await (key.length === 1 ? page.keyboard.type(key) : page.keyboard.press(key));
      await sleep(letterMs);
    }
  });
}

async function samplesOnScreen(page: Page): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0; i < samples; i += 1) {
    times.push(await page.evaluate<number>('timeSample()'));
    await sleep(100);
  }
  // The first ones compile what runs.
  return times.slice(4).sort((a, b) => a - b);
}

const at = (sorted: readonly number[], fraction: number) =>
  sorted[Math.floor((sorted.length - 1) * fraction)] ?? Number.NaN;

const served = await servePage(new URL('./sessions/', import.meta.url));
const browser = await launch();
try {
  const measured = await openPage(browser, served.url);
  const { page } = measured;
  await page.waitForFunction(
    `document.querySelector('[role=grid]')?.getAttribute('aria-rowcount') === '2001'`,
  );
  await page.getByRole('grid', { name: 'Sessions' }).scrollIntoViewIfNeeded();
  await sleep(5000);
  await page.evaluate('stopSamples()');
  const shown = await samplesOnScreen(page);
  // Once unmeasured, as after the first seconds of use: code that has run is compiled.
  await filterFrames(measured);
  const filter = await filterFrames(measured);
  const scroll = await scrollFrames(measured);
  await page.mouse.move(2, 2);
  await page.evaluate('startSamples()');
  const idle = await scriptPerFrame(measured, () => sleep(12_000));
  report({
    scrollFrameMsMedian: { measured: at(scroll, 0.5), digits: 2, bar: { atMost: 16 } },
    scrollFrameMsP99: { measured: at(scroll, 0.99), digits: 2, bar: { atMost: 16 } },
    scrollFrameMsMax: { measured: at(scroll, 1), digits: 2 },
    filterFrameMsMedian: { measured: at(filter, 0.5), digits: 2, bar: { atMost: 16 } },
    filterFrameMsP99: { measured: at(filter, 0.99), digits: 2, bar: { atMost: 16 } },
    filterFrameMsMax: { measured: at(filter, 1), digits: 2 },
    sampleFrameMsMax: { measured: at(idle, 1), digits: 2 },
    sampleOnScreenMs: { measured: at(shown, 0.5), bar: { atMost: 100 } },
    sampleOnScreenMsMax: { measured: at(shown, 1) },
  });
} finally {
  await browser.close();
  await served.close();
}
