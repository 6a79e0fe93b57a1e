import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { adviceInputDefaults } from '#shared/model/advice.ts';
import type { SessionsPoint } from '#shared/model/sessions/point.ts';
import { evidenceOf, measuredOf, own, readingOf, sessionOf } from '../../../../tests/support/advice.ts';
import { histogramOf, sampleAt } from '../../../../tests/support/samples.ts';
import { simulatedPool } from '../../../../tests/support/simulated-pool.ts';
import { advise } from './advise.ts';

const busy = { size: 4, minutes: 7, arrivalsPerS: 60, holdMs: 60 };
const calmPool = { size: 10, minutes: 10, arrivalsPerS: 40, holdMs: 20 };
/** Fifty callers on five connections, all of them always waiting. */
const crowd = (minutes: number) =>
  Array.from({ length: minutes * 60 }, (_, second) =>
    sampleAt(60_000 * 1000 + second * 1000 + 500, {
      ...{ used: 5, idle: 0, usedPeak: 5, pending: 45, pendingPeak: 45, max: 5 },
      ...{ acquired: 50, released: 50 },
      waitMs: histogramOf(new Array(50).fill(900)),
      holdMs: histogramOf(new Array(50).fill(100)),
    }),
  );

describe('advice on size', () => {
  it('a pool that keeps its requests waiting is too small, and the size that mends it is told', async () => {
    const advice = await advise(evidenceOf(simulatedPool(busy)));
    expect(advice.verdict).toBe('tooSmall');
    expect(advice.demand?.load).toBeGreaterThan(3.4);
    expect(advice.demand?.arrivalCs2).toBeGreaterThan(0.6);
    expect(advice.demand?.arrivalCs2).toBeLessThan(1.5);
    expect(advice.recommended?.max).toBeGreaterThanOrEqual(5);
    expect(advice.recommended?.max).toBeLessThanOrEqual(10);
    // Tried out: the same traffic on that many connections waits no longer than asked for.
    const then = measuredOf(simulatedPool({ ...busy, size: advice.recommended?.max ?? 0, seed: 2 }));
    for (const { waitP95Ms } of then.minutes) {
      expect(waitP95Ms).toBeLessThanOrEqual(adviceInputDefaults.targetWaitMs);
    }
  });

  it('shows the waits predicted for sizes around it, fewer waits with each connection', async () => {
    const { predictions, recommended, measuredWait } = await advise(evidenceOf(simulatedPool(busy)));
    const sizes = predictions.map(({ size }) => size);
    expect(sizes).toContain(4);
    expect(sizes).toContain((recommended?.max ?? 0) + 4);
    const waits = predictions.map(({ waitP95Ms }) => waitP95Ms ?? Number.POSITIVE_INFINITY);
    expect(waits).toEqual(waits.toSorted((a, b) => b - a));
    expect(measuredWait?.size).toBe(4);
  });

  it('a pool that does well is right-sized and stays as it is', async () => {
    const advice = await advise(evidenceOf(simulatedPool(calmPool)));
    expect(advice).toMatchObject({ verdict: 'rightSized', recommended: { min: 0, max: 10 } });
    expect(advice.confidence?.level).not.toBe('low');
  });

  it('counts each of those who gave up, also while health checks get no connection either', () => {
    const samples = simulatedPool(calmPool)
      .slice(0, 60)
      .map((sample) => ({ ...sample, waitTimeouts: 1, healthCheck: { roundTripMs: null } }));
    expect(measuredOf(samples).minutes[0]?.timeouts).toBe(60);
  });

  it('counts those who gave up as demand: a full pool does not look right-sized', async () => {
    const gaveUp = simulatedPool(calmPool).map((sample) => ({
      ...sample,
      max: 1,
      used: 1,
      waitTimeouts: 60,
    }));
    const advice = await advise(evidenceOf(gaveUp));
    expect(advice.verdict).toBe('tooSmall');
    expect(advice.demand?.arrivalsPerS).toBeGreaterThan(90);
  });

  it('when the queue never empties, says that more is not known and sizes for all who asked at once', async () => {
    const advice = await advise(evidenceOf(crowd(10)));
    expect(advice).toMatchObject({ verdict: 'tooSmall', needed: 50, recommended: { max: 50 } });
    expect(advice.demand?.kind).toBe('callers');
    expect(advice.confidence?.level).not.toBe('high');
    expect(advice.confidence?.reasons.join()).toContain('never emptied');
    expect(advice.steps.join()).toContain('in steps');
  });

  it('a queue that grows for as long as it lasts tells the demand: not everyone in it needs a connection', async () => {
    const growing = crowd(10).map((sample, second) => {
      const pending = 1 + Math.floor(second / 10);
      return { ...sample, pending, pendingPeak: pending };
    });
    const advice = await advise(evidenceOf(growing));
    expect(advice).toMatchObject({ verdict: 'tooSmall', demand: { kind: 'open' } });
    expect(advice.needed).toBeLessThan(15);
  });

  it('a crowd that comes after quiet hours counts while it lasts, however few minutes it has', async () => {
    const quiet = simulatedPool({ size: 5, minutes: 60, arrivalsPerS: 20, holdMs: 100 });
    const lastMs = quiet.at(-1)?.atMs ?? 0;
    const now = crowd(2).map((sample, i) => ({ ...sample, atMs: lastMs + 1000 * (i + 1) }));
    const advice = await advise(evidenceOf([...quiet, ...now]));
    expect(advice).toMatchObject({ verdict: 'tooSmall', needed: 50, demand: { kind: 'callers' } });
  });

  it('a pool half idle at its peak for a day is too large; for an hour that takes longer to say', async () => {
    const hour = simulatedPool({ ...calmPool, size: 50, minutes: 60 });
    const short = await advise(evidenceOf(hour));
    expect(short.verdict).toBe('rightSized');
    expect(short.reasons.join()).toContain('takes a day to say');
    const minute = { intervalMs: 60_000, used: 1, usedPeak: 6, idle: 49, max: 50, acquired: 2400 };
    const holdMs = histogramOf(new Array(2400).fill(20));
    const day = Array.from({ length: 24 * 60 }, (_, i) =>
      sampleAt(60_000 * (1000 + i) + 500, { ...minute, released: 2400, holdMs }),
    );
    const long = await advise(evidenceOf(day));
    expect(long.verdict).toBe('tooLarge');
    expect(long.recommended?.max).toBeLessThan(50);
    expect(long.recommended?.max).toBeGreaterThanOrEqual(2);
  });

  it('never takes more than the server has for all instances, and says that it needs a pooler', async () => {
    const inputs = { ...adviceInputDefaults, instances: 10 };
    const others = Array.from({ length: 40 }, (_, i) => sessionOf(i + 1, { application: 'other' }));
    const server = { reading: readingOf(others), error: null, behindPooler: false };
    const advice = await advise(evidenceOf(crowd(10), { inputs, server }));
    // 100 less 40 of others less 10 in reserve, for ten instances.
    expect(advice.recommended?.max).toBe(5);
    expect(advice.bound).toMatchObject({ kind: 'server', cap: 5, binds: true });
    expect(advice.bound.sentence).toContain('pooler');
  });

  it('takes sessions of the lab for nobody’s: they are gone when a size is set', async () => {
    const boundWith = async (application: string) => {
      const others = Array.from({ length: 20 }, (_, i) => sessionOf(i + 1, { application }));
      const server = { reading: readingOf(others), error: null, behindPooler: false };
      return (await advise(evidenceOf(crowd(10), { server }))).bound.cap;
    };
    expect(await boundWith('other')).toBe(70);
    expect(await boundWith('poolscope-lab')).toBe(90);
  });

  it('the limit of a role binds before the server does', async () => {
    const reading = readingOf([]);
    reading.limits.roles = [{ name: own.user, limit: 12, taken: 4 }];
    const advice = await advise(
      evidenceOf(crowd(10), { server: { reading, error: null, behindPooler: false } }),
    );
    expect(advice.bound).toMatchObject({ kind: 'role', cap: 5 });
    expect(advice.recommended?.max).toBe(5);
  });

  it.each([
    ['nobody could ask the server', { server: null }],
    ['a pooler stands before it', { server: { reading: readingOf([]), error: null, behindPooler: true } }],
  ])('recommends nothing larger when %s', async (_name, more) => {
    const advice = await advise(evidenceOf(simulatedPool(busy), more));
    expect(advice).toMatchObject({ verdict: 'tooSmall', recommended: null, bound: { kind: 'unknown' } });
    expect(advice.needed).toBeGreaterThan(4);
  });

  it('keeps to the floor under which tasks that need several connections lock up', async () => {
    const inputs = { ...adviceInputDefaults, connectionsPerTask: 3 };
    const advice = await advise(evidenceOf(simulatedPool(calmPool), { inputs }));
    expect(advice.verdict).toBe('tooSmall');
    expect(advice.recommended?.max).toBeGreaterThan(10);
    expect(advice.reasons.join()).toContain('lock up');
  });

  it('waits for connections to open ask for a higher minimum, not for a larger pool', async () => {
    const opening = simulatedPool(calmPool).map((sample) => ({
      ...sample,
      opened: 1,
      connectMs: histogramOf([60]),
      waitMs: histogramOf(new Array(sample.acquired).fill(50)),
    }));
    const advice = await advise(evidenceOf(opening));
    expect(advice).toMatchObject({ verdict: 'rightSized', recommended: { max: 10 } });
    expect(advice.recommended?.min).toBeGreaterThan(0);
  });
});

describe('advice that is not about size', () => {
  const waiting = (minutes: number) =>
    crowd(minutes).map((sample) => ({ ...sample, acquired: 0, released: 0, waitMs: histogramOf([]) }));

  it('names the session that lies idle in a transaction and holds up the pool, even after a second', async () => {
    const stuck = [1, 2, 3, 4, 5].map((pid) => sessionOf(pid, { waitEventType: 'Lock' }));
    const billing = sessionOf(77, {
      ...{ application: 'billing', state: 'idleInTransaction', stateChangeMs: 958_000 },
    });
    const blocked = stuck.map(({ pid }) => ({
      ...{ pid, blockers: [{ kind: 'session' as const, pid: 77 }], sinceMs: null },
      ...{ lockType: null, lockMode: null, relation: null },
    }));
    const reading = readingOf([...stuck, billing], {
      blocking: { blocked, prepared: [], notLookedAt: 0 },
    });
    const advice = await advise(
      evidenceOf(waiting(1).slice(0, 2), { server: { reading, error: null, behindPooler: false } }),
    );
    expect(advice.verdict).toBe('idleInTransaction');
    expect(advice.headline).toContain('process 77 (billing) is idle in transaction for 42 s');
    expect(advice.headline).toContain('5 connections of this pool');
    expect(advice.holders).toMatchObject([{ pid: 77, application: 'billing', holdsUp: 5, forMs: 42_000 }]);
    expect(advice.recommended).toBeNull();
  });

  it('a blocker that works is not called idle', async () => {
    const reading = readingOf([sessionOf(1), sessionOf(9, { application: 'batch' })], {
      blocking: {
        blocked: [
          {
            ...{ pid: 1, blockers: [{ kind: 'session', pid: 9 }], sinceMs: null },
            ...{ lockType: null, lockMode: null, relation: null },
          },
        ],
        ...{ prepared: [], notLookedAt: 0 },
      },
    });
    const advice = await advise(
      evidenceOf(waiting(1), { server: { reading, error: null, behindPooler: false } }),
    );
    expect(advice).toMatchObject({ verdict: 'blocked', recommended: null });
    expect(advice.headline).toContain('process 9 (batch) is running a statement');
  });

  it('names connections of the pool itself that lie idle in a transaction', async () => {
    const idle = sessionOf(5, { state: 'idleInTransaction', stateChangeMs: 990_000 });
    const advice = await advise(
      evidenceOf(waiting(1), {
        server: { reading: readingOf([idle]), error: null, behindPooler: false },
      }),
    );
    expect(advice).toMatchObject({ verdict: 'idleInTransaction', holders: [{ pid: 5, isOwn: true }] });
  });

  it('all connections out and none coming back is a leak, unless they work', async () => {
    const quiet = evidenceOf([...crowd(2), ...waiting(5).map((s) => ({ ...s, atMs: s.atMs + 120_000 }))]);
    expect(await advise(quiet)).toMatchObject({ verdict: 'leak', recommended: null });
    const working = readingOf([1, 2, 3, 4, 5].map((pid) => sessionOf(pid)));
    const advice = await advise({ ...quiet, server: { reading: working, error: null, behindPooler: false } });
    expect(advice.verdict).not.toBe('leak');
  });

  it('a hold that the pool suspects is a leak, by name, while requests wait and no statement of it runs', async () => {
    const hold = {
      ...{ connectionId: 1, processId: 7, holder: 'checkout', heldForMs: 360_000 },
      ...{ suspected: true, inTransaction: false },
    };
    const leaking = evidenceOf(crowd(1), {
      suspects: [hold],
      server: { reading: readingOf([sessionOf(7, { state: 'idle' })]), error: null, behindPooler: false },
    });
    const advice = await advise(leaking);
    expect(advice).toMatchObject({ verdict: 'leak', recommended: null, holders: [{ pid: 7, isOwn: true }] });
    expect(advice.headline).toContain('“checkout” has held a connection for up to 6 min');
    const working = { reading: readingOf([sessionOf(7)]), error: null, behindPooler: false };
    expect((await advise({ ...leaking, server: working })).verdict).not.toBe('leak');
    const calm = evidenceOf(simulatedPool(calmPool), { suspects: [hold] });
    expect((await advise(calm)).verdict).toBe('rightSized');
  });

  it('some connections out for far longer than any hold is a leak of that many', async () => {
    const leaking = simulatedPool(calmPool).map((s) => ({
      ...s,
      used: s.used + 3,
      usedPeak: s.usedPeak + 3,
    }));
    const advice = await advise(evidenceOf(leaking));
    expect(advice.verdict).toBe('leak');
    expect(advice.headline).toMatch(/[23] connections more than the load explains/);
  });

  it('holds that got longer when the pool grew mean a slow server', async () => {
    const slower = crowd(10).map((sample, i) => {
      if (i < 300) return sample;
      const holdMs = histogramOf(new Array(50).fill(400));
      return { ...sample, max: 20, used: 20, usedPeak: 20, pending: 30, holdMs };
    });
    const advice = await advise(evidenceOf(slower));
    expect(advice).toMatchObject({ verdict: 'slowServer', recommended: null });
    expect(advice.reasons[0]).toContain('With 20 connections instead of 5');
  });

  it('holds that got longer while more sessions work than the server has cores for mean a slow server', async () => {
    const cores = { count: 2, source: 'input' } as const;
    const slower = (waitEventType: string | null) => {
      const calm = simulatedPool({ ...calmPool, minutes: 8 });
      const lastMs = calm.at(-1)?.atMs ?? 0;
      const busyNow = crowd(1).map((sample, i) => ({ ...sample, max: 10, atMs: lastMs + 1000 * (i + 1) }));
      const active = [1, 2, 3, 4, 5, 6].map((pid) => sessionOf(pid, { waitEventType }));
      const server = { reading: readingOf(active), error: null, behindPooler: false };
      return advise(evidenceOf([...calm, ...busyNow], { cores, server }));
    };
    expect(await slower(null)).toMatchObject({ verdict: 'slowServer', recommended: null });
    // Asleep, or waiting for a client, they take nothing of the server.
    expect((await slower('Timeout')).verdict).not.toBe('slowServer');
  });

  it('of a time that is over, tells that sessions lay idle while requests waited, without a name', async () => {
    const samples = crowd(10);
    const points = samples.map(
      ({ atMs }) =>
        ({
          ...{ atMs, idleInTransactionMs: 90_000, blocked: 4, blockedMs: 60_000, left: 50, usable: 100 },
          groups: { application: [] },
          states: { active: 1 },
        }) as unknown as SessionsPoint,
    );
    const advice = await advise(
      evidenceOf(samples, { server: null, points, measured: measuredOf(samples, false) }),
    );
    expect(advice).toMatchObject({ verdict: 'idleInTransaction', holders: [], recommended: null });
    expect(advice.headline).toContain('Probably not a size problem');
  });
});

describe('too little data', () => {
  it('says what is missing instead of guessing', async () => {
    const minute = await advise(evidenceOf(simulatedPool({ ...calmPool, minutes: 1, arrivalsPerS: 2 })));
    expect(minute).toMatchObject({ verdict: 'tooLittleData', recommended: null, demand: null });
    expect(minute.missing).toHaveLength(2);
    expect(minute.missing[0]).toContain('5 min are needed');
    const nothing = await advise(evidenceOf([]));
    expect(nothing.missing).toEqual([
      'Nothing was recorded in this range. Choose another one, or connect and wait.',
    ]);
  });
});

describe('whatever was measured', () => {
  it('never recommends what the server has no room for, nor less than it can do with', async () => {
    const load = fc.record({
      size: fc.integer({ min: 1, max: 30 }),
      minutes: fc.constant(6),
      arrivalsPerS: fc.integer({ min: 4, max: 60 }),
      holdMs: fc.integer({ min: 1, max: 400 }),
      seed: fc.nat(1000),
    });
    const property = fc.asyncProperty(
      load,
      fc.integer({ min: 0, max: 100 }),
      fc.integer({ min: 1, max: 20 }),
      async (given, taken, instances) => {
        const others = Array.from({ length: taken }, (_, i) => sessionOf(i + 1, { application: 'other' }));
        const server = { reading: readingOf(others), error: null, behindPooler: false };
        const inputs = { ...adviceInputDefaults, instances };
        const advice = await advise(evidenceOf(simulatedPool(given), { server, inputs }));
        if (advice.recommended === null) return;
        const { min, max } = advice.recommended;
        expect(max * instances).toBeLessThanOrEqual(100 - taken - 10);
        expect(max).toBeGreaterThanOrEqual(1);
        expect(min).toBeLessThanOrEqual(max);
        expect(max).toBeLessThanOrEqual(Math.max(given.size, advice.needed ?? 0));
      },
    );
    await fc.assert(property, { numRuns: 25 });
  });
});
