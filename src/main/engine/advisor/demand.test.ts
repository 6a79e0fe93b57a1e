import { describe, expect, it } from 'vitest';
import { seededRandom } from '#shared/model/seeded-random.ts';
import { measuredOf } from '../../../../tests/support/advice.ts';
import { histogramOf, sampleAt } from '../../../../tests/support/samples.ts';
import { demandOf } from './demand.ts';

const startMs = 1_790_000_040_000;
const perSecond = 150;

/** Three minutes of independent callers, sampled after the intervals that `intervalMs` gives. */
async function variationOf(intervalMs: (second: number) => number): Promise<number | null> {
  const random = seededRandom(5);
  const gapMs = () => (-Math.log(1 - random()) * 1000) / perSecond;
  let nextMs = gapMs();
  let elapsedMs = 0;
  const samples = Array.from({ length: 180 }, (_, second) => {
    const interval = intervalMs(second);
    elapsedMs += interval;
    let arrivals = 0;
    for (; nextMs < elapsedMs; nextMs += gapMs()) arrivals += 1;
    const taken = {
      acquired: arrivals,
      released: arrivals,
      holdMs: histogramOf(new Array(arrivals).fill(20)),
    };
    return sampleAt(startMs + second * 1000 + 500, { intervalMs: interval, ...taken });
  });
  const measured = measuredOf(samples);
  return (await demandOf(measured, measured.minutes))?.arrivalCs2 ?? null;
}

describe('how unevenly requests arrive', () => {
  it('is not more because samples come late on a busy machine', async () => {
    expect(await variationOf(() => 1000)).toBe(1);
    expect(await variationOf((second) => (second % 4 === 1 ? 1350 : second % 4 === 2 ? 650 : 1000))).toBe(1);
  });

  it('is more where callers come in bursts', async () => {
    const random = seededRandom(9);
    const samples = Array.from({ length: 180 }, (_, second) => {
      const acquired = Math.round(perSecond * (second % 2 === 0 ? 1.6 : 0.4) + 10 * random());
      const taken = { acquired, released: acquired, holdMs: histogramOf(new Array(acquired).fill(20)) };
      return sampleAt(startMs + second * 1000 + 500, taken);
    });
    const measured = measuredOf(samples);
    expect((await demandOf(measured, measured.minutes))?.arrivalCs2).toBeGreaterThan(10);
  });
});
