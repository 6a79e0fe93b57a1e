import { describe, expect, it } from 'vitest';
import { isGap } from '../charts/series.ts';
import { TickSeries } from './tick-series.ts';

const at = (atMs: number, value = atMs) => ({ atMs, value });

function seriesAt(nowMs: number) {
  const clock = { nowMs };
  const series = new TickSeries<{ atMs: number; value: number }>({
    spanMs: 60_000,
    bucketMs: 2000,
    now: () => clock.nowMs,
  });
  return { series, clock };
}

describe('what came in the last minutes', () => {
  it('keeps every tick of a slot, so that a spike of one second is not lost', () => {
    const { series } = seriesAt(100_000);
    series.add([at(98_100), at(99_100)]);
    expect(series.view().buckets).toMatchObject([
      { startMs: 98_000, ticks: [at(98_100), at(99_100)], last: at(99_100) },
    ]);
  });

  it('joins what was remembered with what came meanwhile, each once and in order', () => {
    const { series } = seriesAt(100_000);
    series.add([at(99_000)]);
    series.add([at(95_000), at(97_000), at(99_000)]);
    expect(series.view().buckets.flatMap(({ ticks }) => ticks.map(({ atMs }) => atMs))).toEqual([
      95_000, 97_000, 99_000,
    ]);
  });

  it('makes a new slot when a tick joins, since charts remember what they worked out of one', () => {
    const { series } = seriesAt(100_000);
    series.add([at(98_100)]);
    const [before] = series.view().buckets;
    series.add([at(99_100)]);
    expect(series.view().buckets[0]).not.toBe(before);
  });

  it('lets go of what is older than its span, and leaves a hole where nothing came', () => {
    const { series, clock } = seriesAt(100_000);
    series.add([at(30_000), at(99_000)]);
    expect(series.view().buckets).toHaveLength(1);
    clock.nowMs = 110_000;
    series.add([at(110_000)]);
    const { buckets, bucketMs, toMs } = series.view();
    expect(toMs).toBe(110_000);
    expect(isGap(buckets[0], buckets[1] as (typeof buckets)[1], bucketMs)).toBe(true);
  });

  it('keeps a part of the past that is looked at, however long ago it was', () => {
    const { series } = seriesAt(1_000_000);
    series.zoomTo({ fromMs: 10_000, toMs: 20_000 });
    series.add([at(5000), at(12_000)]);
    expect(series.view().buckets.map(({ last }) => last.atMs)).toEqual([12_000]);
  });

  it('stands still while a part is looked at closely', () => {
    const { series, clock } = seriesAt(100_000);
    series.add([at(90_000)]);
    series.zoomTo({ fromMs: 80_000, toMs: 95_000 });
    clock.nowMs = 104_000;
    series.add([at(104_000)]);
    expect(series.view()).toMatchObject({ fromMs: 80_000, toMs: 95_000 });
  });

  it('merges the ticks of a slot where they are too many to keep, each once', () => {
    const series = new TickSeries<{ atMs: number; value: number }>({
      ...{ spanMs: 60_000, bucketMs: 2000, now: () => 100_000 },
      joinedWithinMs: ({ value }) => value,
      merge: (before, tick) => ({ atMs: tick.atMs, value: before.value + tick.value }),
    });
    series.replace([at(98_100, 1)]);
    series.add([at(98_100, 7)]);
    series.add([at(99_100, 2)]);
    expect(series.view().buckets).toEqual([
      { startMs: 98_000, joinedWithinMs: 3, ticks: [at(99_100, 3)], last: at(99_100, 3) },
    ]);
    series.replace([at(97_000, 5)]);
    expect(series.view().buckets.map(({ last }) => last.value)).toEqual([5]);
  });
});
