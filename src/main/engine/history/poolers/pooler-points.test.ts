import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PoolerTick } from '#shared/model/pooler.ts';
import { meanMs, perSecond } from '#shared/model/pooler-growth.ts';
import { everyPool, mergePerBucket, mostKeptPools } from '#shared/model/pooler-point.ts';
import { openHistory } from '../../../../../tests/support/history.ts';
import { poolAt, poolerTick } from '../../../../../tests/support/poolers.ts';
import { MinuteFold } from './minute.ts';

const startMs = 1_790_000_040_000;
const minuteMs = 60_000;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'poolscope-pooler-points-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const open = (nowMs = startMs) => {
  const under = openHistory(folder, nowMs);
  const { history, events } = under;
  return {
    ...under,
    hear: (tick: PoolerTick) => events.emit('pgbouncer.tick', tick),
    past: (changes: Partial<Parameters<typeof history.poolers.range>[0]> = {}) =>
      history.poolers.range({
        profileId: 'edge',
        scope: everyPool,
        fromMs: startMs,
        toMs: startMs + 86_400_000,
        bucketMs: minuteMs,
        ...changes,
      }),
    close: () => history.close(),
  };
};

/** Every two seconds; the queue of one moment is a spike. */
const ticksOf = (count: number, fromMs = startMs) =>
  Array.from({ length: count }, (_, i) =>
    poolerTick(fromMs + i * 2000, { intervalMs: i === 0 ? null : 2000, waiting: i === 33 ? 80 : 1 }),
  );

describe('what a pooler did', () => {
  it('is there after a restart, with its spikes and counts, and goes on without a seam', async () => {
    const first = open();
    for (const tick of ticksOf(90)) first.hear(tick);
    const before = await first.past();
    expect(before.lastAtMs).toBe(startMs + 89 * 2000);
    await first.close();

    const second = open(startMs + 180_000);
    for (const tick of ticksOf(45, startMs + 181_000)) second.hear(tick);
    const after = await second.past();
    expect(before.points.map(({ busiest }) => busiest.clWaiting)).toEqual([1, 80, 1]);
    expect(after.points.slice(0, 3)).toEqual(before.points);
    expect(after.points.map(({ busiest }) => busiest.clWaiting)).toEqual([1, 80, 1, 1, 80]);
    // Each sample but the first of a run told of 20 queries.
    const whole = await second.past({ bucketMs: 86_400_000 });
    expect(whole.points).toHaveLength(1);
    const { growth } = whole.points[0] ?? { growth: null };
    expect(growth).toMatchObject({ queries: (89 + 44) * 20, overMs: (89 + 44) * 2000 });
    expect(growth && perSecond(growth, 'queries')).toBe(10);
    expect(growth && meanMs(growth, 'waitMs', 'waits')).toBe(2.5);
    await second.close();
  });

  it('counts each sample once while memory, the disk and the minute that goes on overlap', async () => {
    const under = open();
    const ticks = ticksOf(1200);
    for (const [i, tick] of ticks.entries()) {
      under.hear(tick);
      if (i % 100 !== 0) continue;
      const { points } = await under.past({ bucketMs: 2000 });
      const covered = points.reduce((sum, { growth }) => sum + growth.overMs, 0);
      expect(covered).toBe(i * 2000);
      const times = points.map(({ atMs }) => atMs);
      expect(times).toEqual([...new Set(times)].sort((a, b) => a - b));
    }
    // The last quarter of an hour as sampled, older by the minute.
    const { points } = await under.past({ bucketMs: 2000 });
    expect(points.at(-2)).toMatchObject({ atMs: ticks.at(-2)?.atMs, fromMs: ticks.at(-2)?.atMs });
    expect(points[0]).toMatchObject({ fromMs: startMs, atMs: startMs + 58_000 });
    await under.close();
  });

  it('of one pool has its own counts, and what is unknown stays unknown', async () => {
    const first = open();
    const pools = [
      poolAt('shop', 'web', { clWaiting: 7, svTested: null, maxwaitMs: 12.5 }),
      poolAt('shop', 'job'),
    ];
    first.hear(poolerTick(startMs, { pools }));
    first.hear(poolerTick(startMs + 1000, { pools, intervalMs: 1000 }));
    const scope = { database: 'shop', user: 'web' };
    const live = await first.past({ scope });
    await first.close();
    const second = open(startMs + minuteMs);
    const [kept] = (await second.past({ scope })).points;
    expect(kept).toEqual(live.points[0]);
    expect(kept).toMatchObject({ busiest: { clWaiting: 7, svTested: null }, maxwaitMs: 12.5 });
    expect(kept?.growth.queries).toBe(20);
    expect((await second.past({ scope: { database: 'shop', user: 'gone' } })).points).toEqual([]);
    expect((await second.past()).points).toMatchObject([{ busiest: { clWaiting: 8 } }]);
    await second.close();
  });

  it('keeps the busiest of very many pools one by one, and the sum of all', async () => {
    const first = open();
    const pools = Array.from({ length: mostKeptPools + 10 }, (_, i) =>
      poolAt('shop "one", two', `user ${i}`, { clWaiting: i }),
    );
    first.hear(poolerTick(startMs, { pools }));
    await first.close();
    const second = open(startMs + minuteMs);
    const waiting = async (i: number) => {
      const scope = { database: 'shop "one", two', user: `user ${i}` };
      return (await second.past({ scope })).points.map(({ busiest }) => busiest.clWaiting);
    };
    expect(await waiting(mostKeptPools + 9)).toEqual([mostKeptPools + 9]);
    expect(await waiting(10)).toEqual([10]);
    expect(await waiting(9)).toEqual([]);
    const sum = pools.reduce((total, { clWaiting }) => total + (clWaiting ?? 0), 0);
    expect((await second.past()).points[0]?.busiest.clWaiting).toBe(sum);
    await second.close();
  });

  it('remembers clients that came and went, where nothing else was busier', async () => {
    const { hear, past, close } = open();
    const clients = [3, 900, 3];
    for (const [i, clActive] of clients.entries()) {
      hear(poolerTick(startMs + i * 1000, { pools: [poolAt('shop', 'web', { clActive })] }));
    }
    expect((await past()).points).toMatchObject([{ busiest: { clActive: 900 } }]);
    await close();
  });

  it('reads the same from hours as from minutes, all pools and one, over weeks', async () => {
    const { history, past, close } = open();
    const scope = { database: 'shop', user: 'web' };
    for (let i = 0; i < 300; i += 1) {
      const fold = new MinuteFold(poolerTick(startMs + i * minuteMs, { waiting: i, intervalMs: 1000 }));
      await history.store.appendPooler({ profileId: 'edge', name: 'Edge', minute: fold.taken() });
    }
    for (const about of [everyPool, scope]) {
      const minutes = (await past({ scope: about })).points;
      expect(minutes).toHaveLength(300);
      const hours = await past({ scope: about, bucketMs: 3 * 3_600_000 });
      expect(hours.points).toEqual(mergePerBucket(minutes, 3 * 3_600_000));
    }
    // A minute that comes late is not lost behind the hour it belongs to.
    const late = new MinuteFold(poolerTick(startMs + 70 * minuteMs + 1000, { waiting: 900 }));
    await history.store.appendPooler({ profileId: 'edge', name: 'Edge', minute: late.taken() });
    const { points } = await past({ bucketMs: 24 * 3_600_000 });
    expect(points.map(({ busiest }) => busiest.clWaiting)).toContain(900);
    await close();
  });

  it('is counted as stored, and deleted with its connection, from memory too', async () => {
    const { history, context, hear, past, close } = open();
    for (const tick of ticksOf(300)) hear(tick);
    await history.poolers.flush();
    const stored = await history.handlers['history.storage']({}, context);
    expect(stored.profiles).toMatchObject([{ profileId: 'edge', oldestAtMs: startMs }]);
    expect(stored.profiles[0]?.bytes).toBeGreaterThan(0);
    expect(stored.projectedBytes).toBeGreaterThan(0);
    const request = { profileId: 'edge', beforeMs: null, dryRun: true };
    const counted = await history.handlers['history.deleteRange'](request, context);
    expect(counted).toMatchObject({ rollups: 10, bytes: stored.profiles[0]?.bytes });
    await history.handlers['history.deleteRange']({ ...request, dryRun: false }, context);
    expect((await past()).points).toEqual([]);
    expect((await history.handlers['history.storage']({}, context)).profiles).toEqual([]);
    await close();
  });

  it('waits in memory while the disk takes nothing', async () => {
    const { hear, close, history } = open();
    await history.store.opened();
    const write = history.store.appendPooler.bind(history.store);
    history.store.appendPooler = () => Promise.reject(new Error('no room'));
    for (const tick of ticksOf(60)) hear(tick);
    history.store.appendPooler = write;
    for (const tick of ticksOf(60, startMs + 120_000)) hear(tick);
    await close();
    const second = open(startMs + 300_000);
    expect((await second.past()).points).toHaveLength(4);
    await second.close();
  });

  it('stays in order when the clock is set back', async () => {
    const { hear, past, close } = open();
    for (const tick of ticksOf(100)) hear(tick);
    for (const tick of ticksOf(100, startMs - 3_600_000)) hear(tick);
    const { points } = await past({ fromMs: startMs - 7_200_000, bucketMs: 2000 });
    expect(points).toHaveLength(100);
    expect(points.at(-1)?.atMs).toBe(startMs - 3_600_000 + 99 * 2000);
    await close();
  });
});
