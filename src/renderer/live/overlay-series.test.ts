import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Bucket } from '#shared/model/bucket.ts';
import type { SeriesChange } from '../charts/series.ts';
import { OverlaySeries } from './overlay-series.ts';

const hourMs = 3_600_000;
const minuteMs = 60_000;

let asked: { fromMs: number; toMs: number; bucketMs: number; signal: AbortSignal }[];
let answer: (buckets: Bucket[]) => void;
let refuse: (error: Error) => void;
let toMs: number;
let tell: (change: SeriesChange) => void;

const base = {
  subscribe: (listener: (change: SeriesChange) => void) => {
    tell = listener;
    return () => {};
  },
  view: () => ({ fromMs: toMs - 5 * minuteMs, toMs, bucketMs: 1000, buckets: [] }),
};
const client = {
  request: (_route: string, input: (typeof asked)[0], options: { signal: AbortSignal }) => {
    asked.push({ ...input, ...options });
    return new Promise((resolve, reject) => {
      answer = (buckets) => resolve({ profileId: 'p', bucketMs: input.bucketMs, buckets, lastAtMs: 0 });
      refuse = reject;
    });
  },
} as never;
const settled = () => new Promise((resolve) => setTimeout(resolve));

function opened(offsetMs = hourMs): OverlaySeries {
  const overlay = new OverlaySeries({ profileId: 'p', base, offsetMs, client });
  overlay.open();
  return overlay;
}

beforeEach(() => {
  asked = [];
  toMs = 100 * hourMs;
});

describe('an earlier range behind a live one', () => {
  it('lies exactly that much earlier, and moves on with it', async () => {
    const overlay = opened();
    answer([]);
    await settled();
    expect(overlay.view()).toMatchObject({ fromMs: toMs - 5 * minuteMs - hourMs, toMs: toMs - hourMs });
    toMs += 1000;
    tell('tick');
    expect(overlay.view().toMs).toBe(toMs - hourMs);
  });

  it('says whether there is anything to lay behind', async () => {
    const empty = opened();
    expect(empty.state()).toBe('reading');
    answer([]);
    await settled();
    expect(empty.state()).toBe('empty');
    const failed = opened();
    refuse(new Error('no'));
    await settled();
    expect(failed.state()).toBe('failed');
  });

  it('asks for more than shows, and anew only when that is used up', async () => {
    opened();
    expect(asked[0]).toMatchObject({ bucketMs: 1000, toMs: toMs - hourMs + 2.5 * minuteMs });
    answer([]);
    await settled();
    toMs += 2 * minuteMs;
    tell('tick');
    expect(asked).toHaveLength(1);
    toMs += minuteMs;
    tell('tick');
    expect(asked).toHaveLength(2);
  });

  it('never asks for what has not happened yet', () => {
    opened(5 * minuteMs);
    expect(asked[0]?.toMs).toBeLessThanOrEqual(toMs);
  });

  it('gives up an answer that the range has left behind', async () => {
    const overlay = opened();
    const late = answer;
    toMs += hourMs;
    tell('whole');
    expect(asked[0]?.signal.aborted).toBe(true);
    late([{ startMs: 1 } as Bucket]);
    await settled();
    expect(overlay.view().buckets).toEqual([]);
  });

  it('does not ask again and again after a failure, but when the base is read anew', async () => {
    const overlay = opened();
    const told = vi.fn();
    overlay.subscribe(told);
    refuse(new Error('no history'));
    await settled();
    tell('tick');
    expect(asked).toHaveLength(1);
    tell('whole');
    expect(asked).toHaveLength(2);
    expect(told).toHaveBeenCalledWith('whole');
  });
});
