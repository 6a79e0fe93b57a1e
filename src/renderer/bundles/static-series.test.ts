import { describe, expect, it } from 'vitest';
import { historyRoutes } from '#shared/contract/history.ts';
import type { RouteInput } from '#shared/contract/routes.ts';
import { StaticSeries } from './static-series.ts';

const signal = new AbortController().signal;

async function read(fromMs: number, toMs: number, answeredBucketMs?: number) {
  const asked: RouteInput<'history.range'>[] = [];
  const series = await StaticSeries.read(
    { profileId: 'a', bundleId: 'b', fromMs, toMs },
    async (input) => {
      asked.push(input);
      return { profileId: 'a', bucketMs: answeredBucketMs ?? input.bucketMs, buckets: [], lastAtMs: 0 };
    },
    signal,
  );
  return { view: series.view(), asked: asked[0] as RouteInput<'history.range'> };
}

describe('the series of a bundle', () => {
  it('covers the whole range of the bundle, in buckets a chart has room for', async () => {
    for (const spanMs of [1, 999, 300_000, 3_600_000, 86_400_000, 90 * 86_400_000]) {
      const fromMs = 1_700_000_000_123;
      const { view, asked } = await read(fromMs, fromMs + spanMs);
      expect(view.fromMs).toBeLessThanOrEqual(fromMs);
      expect(view.toMs).toBeGreaterThanOrEqual(fromMs + spanMs);
      expect((view.toMs - view.fromMs) / view.bucketMs).toBeLessThanOrEqual(302);
      expect(historyRoutes['history.range'].input.safeParse(asked).success).toBe(true);
    }
  });

  it('asks within the contract also when a bundle says nonsense of its range', async () => {
    for (const [fromMs, toMs] of [
      [0, 0],
      [5000, 1000],
    ] as const) {
      const { asked } = await read(fromMs, toMs);
      expect(historyRoutes['history.range'].input.safeParse(asked).success).toBe(true);
    }
  });

  it('is drawn in the buckets it was answered with', async () => {
    const { view } = await read(0, 300_000, 60_000);
    expect(view.bucketMs).toBe(60_000);
  });
});
