import { describe, expect, it } from 'vitest';
import type { PoolStatus } from '#shared/contract/pools.ts';
import type { HistoryEvent } from '#shared/model/history-event.ts';
import type { PoolSample } from '#shared/model/pool-sample.ts';
import { sampleAt } from '../../../../tests/support/samples.ts';
import { createEventBus } from '../base/event-bus.ts';
import { recordTimeline } from './timeline.ts';

const startMs = 1_790_000_000_000;

function setUp(lastRunEndedMs = 0) {
  const events = createEventBus((error) => {
    throw error;
  });
  const told: HistoryEvent[] = [];
  let nowMs = startMs;
  const stop = recordTimeline({
    events,
    nowMs: () => nowMs,
    lastRunEndedMs: async () => lastRunEndedMs,
    add: (event) => told.push(event),
  });
  const pool = (state: PoolStatus['state'], message: string | null = null) => {
    const error = message === null ? null : { code: 'auth_failed' as const, message, details: {} };
    events.emit('pools.changed', { profileId: 'a', state, error } as PoolStatus);
  };
  const tick = (atMs: number, changes: Partial<PoolSample> = {}) =>
    events.emit('samples.tick', { atMs, samples: [sampleAt(atMs, changes)] });
  return {
    told,
    stop,
    pool,
    tick,
    setNow: (atMs: number) => {
      nowMs = atMs;
    },
    kinds: () => told.map(({ kind }) => kind),
  };
}

describe('the timeline', () => {
  it('tells when a pool opened and closed, and why', () => {
    const { told, pool, setNow } = setUp();
    for (const state of ['opening', 'open', 'open', 'closing'] as const) pool(state);
    setNow(startMs + 5000);
    pool('closed');
    pool('opening');
    pool('open');
    pool('closed', 'The password is wrong.');
    expect(
      told.map(({ kind, profileId, fromMs, text }) => [kind, profileId, fromMs - startMs, text]),
    ).toEqual([
      ['poolOpened', 'a', 0, 'The pool was opened.'],
      ['poolClosed', 'a', 5000, 'The pool was closed.'],
      ['poolOpened', 'a', 5000, 'The pool was opened.'],
      ['poolClosed', 'a', 5000, 'The pool was closed: The password is wrong.'],
    ]);
  });

  it('says nothing of a pool that never opened', () => {
    const { told, pool } = setUp();
    pool('opening');
    pool('closed', 'The password is wrong.');
    pool('closed');
    expect(told).toEqual([]);
  });

  it('tells a change of size once, from what to what', () => {
    const { told, tick } = setUp();
    tick(startMs);
    tick(startMs + 1000, { min: 2, max: 20 });
    tick(startMs + 2000, { min: 2, max: 20 });
    expect(told).toMatchObject([
      {
        ...{ kind: 'poolResized', profileId: 'a', fromMs: startMs + 1000, toMs: startMs + 1000 },
        text: 'The pool is now of 2 to 20 connections; it was of 0 to 10.',
      },
    ]);
  });

  it('tells a change of size that reopened the pool', () => {
    const { kinds, pool, tick } = setUp();
    pool('open');
    tick(startMs);
    pool('closed');
    pool('open');
    tick(startMs + 60_000, { min: 2, max: 20 });
    expect(kinds()).toEqual(['poolOpened', 'poolClosed', 'poolOpened', 'poolResized']);
  });

  it('tells the time between two runs of Poolscope, and not a quick restart', async () => {
    const long = setUp(startMs - 600_000);
    long.tick(startMs);
    await expect.poll(() => long.told).toHaveLength(1);
    expect(long.told[0]).toMatchObject({
      ...{ kind: 'recordingGap', profileId: null, fromMs: startMs - 600_000, toMs: startMs },
    });
    const quick = setUp(startMs - 3000);
    quick.tick(startMs);
    const first = setUp(0);
    first.tick(startMs);
    await Promise.resolve();
    expect([...quick.told, ...first.told]).toEqual([]);
  });

  it('tells sleep as a gap and a clock that was set back, but no pause of a closed pool', () => {
    const { told, tick, pool, kinds } = setUp();
    tick(startMs);
    tick(startMs + 1000);
    tick(startMs + 7_200_000);
    tick(startMs + 7_201_000);
    tick(startMs + 3_600_000);
    expect(kinds()).toEqual(['recordingGap', 'clockSetBack']);
    expect(told[0]).toMatchObject({ profileId: null, fromMs: startMs + 1000, toMs: startMs + 7_200_000 });
    pool('open');
    pool('closed');
    tick(startMs + 9_000_000);
    expect(kinds()).toEqual(['recordingGap', 'clockSetBack', 'poolOpened', 'poolClosed']);
  });

  it('ends when it is stopped', () => {
    const { told, stop, pool } = setUp();
    stop();
    pool('open');
    expect(told).toEqual([]);
  });
});
