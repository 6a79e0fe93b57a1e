import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultAlertRules } from '#shared/model/alert-defaults.ts';
import type { AlertRule } from '#shared/model/alert-rule.ts';
import { type Bucket, bucketOfSample, foldSample } from '#shared/model/bucket.ts';
import type { PoolSample } from '#shared/model/pool-sample.ts';
import type { SessionsPoint } from '#shared/model/sessions/point.ts';
import { histogramOf, sampleAt } from '../../../../../tests/support/samples.ts';
import { ConnectionWatch } from '../rules/connection-watch.ts';
import { type Recorded, testRule } from './test-rule.ts';

const minuteMs = 60_000;
const startMs = 1_790_000_040_000;

/** What happens for some seconds: everything else is a pool at ease. */
interface Episode {
  at: number;
  lasts: number;
  sample: Partial<PoolSample>;
}

const queue = (pending: number): Partial<PoolSample> => ({
  ...{ pending, pendingPeak: pending + 1, longestPendingMs: pending * 40, used: 10, usedPeak: 10, idle: 0 },
  waitMs: histogramOf([pending * 40, 3]),
});

function seriesOf(seconds: number, episodes: readonly Episode[]): PoolSample[] {
  return Array.from({ length: seconds }, (_, at) => {
    const going = episodes.find((episode) => at >= episode.at && at < episode.at + episode.lasts);
    const health = at % 5 === 0 ? { roundTripMs: 1 } : null;
    const calm = {
      used: 2,
      usedPeak: 4,
      pendingPeak: 2,
      acquired: 5,
      waitMs: histogramOf([0.1, 0.2]),
      healthCheck: health,
    };
    return sampleAt(startMs + at * 1000 + 500, { ...calm, ...going?.sample });
  });
}

function recordedOf(series: readonly PoolSample[], onlyMinutes = false): Recorded & { asked: number[] } {
  const asked: number[] = [];
  return {
    asked,
    async range({ fromMs, toMs, bucketMs }) {
      const used = onlyMinutes ? minuteMs : bucketMs;
      asked.push(bucketMs);
      const buckets: Bucket[] = [];
      for (const sample of series)
        if (sample.atMs >= fromMs && sample.atMs < toMs) foldSample(buckets, sample, used);
      return { bucketMs: used, buckets };
    },
    sessions: async () => [],
  };
}

const ruleOf = (ruleId: string, changes: Partial<AlertRule> = {}): AlertRule => ({
  ...(defaultAlertRules.find((rule) => rule.ruleId === ruleId) as AlertRule),
  ...changes,
});

const test = (rule: AlertRule, source: Recorded, more: { signal?: AbortSignal; seconds?: number } = {}) =>
  testRule({
    rule,
    profileIds: ['a'],
    range: { fromMs: startMs, toMs: startMs + (more.seconds ?? 900) * 1000 },
    source,
    onProgress: () => {},
    signal: more.signal ?? new AbortController().signal,
  });

/** As it would have gone live: every second, one after another. */
function live(rule: AlertRule, series: readonly PoolSample[]) {
  const watch = new ConnectionWatch('a', [rule]);
  return series
    .flatMap((sample) =>
      watch.observe({ atMs: sample.atMs, spanMs: 1000, pool: bucketOfSample(sample, 1000) }),
    )
    .filter(({ kind }) => kind !== 'changed');
}

describe('testing a rule on the past', () => {
  it('finds when it would have fired, and for how long', async () => {
    const series = seriesOf(900, [
      { at: 100, lasts: 60, sample: queue(3) },
      { at: 400, lasts: 5, sample: queue(9) },
      { at: 850, lasts: 50, sample: queue(1) },
    ]);
    const found = await test(ruleOf('pending'), recordedOf(series));
    expect(found.hits).toEqual([
      expect.objectContaining({
        profileId: 'a',
        firedAtMs: startMs + 110_500,
        resolvedAtMs: startMs + 160_500,
      }),
      expect.objectContaining({ firedAtMs: startMs + 860_500, resolvedAtMs: null }),
    ]);
    expect(found).toMatchObject({
      hitCount: 2,
      isExact: true,
      coveredMs: 900_000,
      firingMs: 50_000 + 39_000,
    });
    expect(found.sentence).toBe('Would have fired 2 times, for 89 s in all.');
    expect(found.exactness).toBe('Tested on every second recorded.');
  });

  it('gives what watching live would have given, though it reads few seconds', async () => {
    const episode = fc.record({
      at: fc.nat(899),
      lasts: fc.integer({ min: 1, max: 150 }),
      sample: fc.oneof(
        fc.integer({ min: 1, max: 12 }).map(queue),
        fc.record({ waitTimeouts: fc.integer({ min: 1, max: 3 }), acquired: fc.nat(9) }),
        fc.record({ used: fc.nat(10) }).map(({ used }) => ({ used, usedPeak: used })),
        fc.constant({ healthCheck: { roundTripMs: null }, idle: 0, used: 0, connectFailures: 1 }),
        fc.nat(400).map((ms) => ({ waitMs: histogramOf([ms, ms, 1]) })),
      ),
    });
    const rule = fc.constantFrom(
      ruleOf('pending'),
      ruleOf('pending', { forMs: 0, threshold: 3, clearThreshold: 1 }),
      ruleOf('queue-growing'),
      ruleOf('wait-p95'),
      ruleOf('wait-timeouts', { threshold: 2, clearThreshold: 1 }),
      ruleOf('utilization', { forMs: 20_000 }),
      ruleOf('error-rate'),
    );
    await fc.assert(
      fc.asyncProperty(rule, fc.array(episode, { maxLength: 4 }), async (chosen, episodes) => {
        const series = seriesOf(900, episodes);
        const found = await test(chosen, recordedOf(series));
        const told = live(chosen, series);
        const fired = told.filter(({ kind }) => kind === 'fired').map(({ firing }) => firing.firedAtMs);
        const resolved = told.filter(({ kind }) => kind === 'resolved').map(({ atMs }) => atMs);
        expect(found.hits.map(({ firedAtMs }) => firedAtMs)).toEqual(fired);
        expect(found.hits.flatMap(({ resolvedAtMs }) => resolvedAtMs ?? [])).toEqual(resolved);
      }),
      { numRuns: 60 },
    );
  });

  it('reads no second of a past in which nothing could fire', async () => {
    const source = recordedOf(seriesOf(900, []));
    const found = await test(ruleOf('pending'), source);
    expect(found.sentence).toBe('Would not have fired in the 15 min recorded.');
    expect(new Set(source.asked)).toEqual(new Set([minuteMs]));
  });

  it('says how far it can be trusted where only minutes are kept', async () => {
    const series = seriesOf(900, [
      { at: 120, lasts: 180, sample: queue(3) },
      { at: 610, lasts: 20, sample: queue(3) },
    ]);
    const found = await test(ruleOf('pending'), recordedOf(series, true));
    expect(found).toMatchObject({ hitCount: 1, isExact: false });
    expect(found.exactness).toContain('it may have fired more often');
    const growing = await test(ruleOf('queue-growing'), recordedOf(series, true));
    expect(growing).toMatchObject({
      hitCount: 0,
      exactness: expect.stringContaining('do not tell how a queue grows'),
    });
  });

  it('does not take an alert for one that went on while nothing was recorded', async () => {
    const series = seriesOf(900, [{ at: 100, lasts: 800, sample: queue(3) }]).filter(
      ({ atMs }) => atMs < startMs + 200_000 || atMs > startMs + 600_000,
    );
    const found = await test(ruleOf('pending'), recordedOf(series));
    expect(found.hits.map(({ firedAtMs }) => (firedAtMs - startMs) / 1000)).toEqual([110.5, 610.5]);
  });

  it('tests rules over sessions on what is recorded of them', async () => {
    const point = { clients: 3, usable: 97, left: 90, blocked: 0, blockedMs: null, full: true };
    const points = Array.from({ length: 60 }, (_, at) => ({
      ...point,
      atMs: startMs + at * 15_000,
      idleInTransactionMs: at >= 20 && at < 40 ? (at - 20) * 15_000 : null,
    })) as SessionsPoint[];
    const source: Recorded = { ...recordedOf([]), sessions: async () => points };
    const found = await test(ruleOf('idle-in-transaction'), source);
    expect(found.hits).toMatchObject([
      { firedAtMs: startMs + 25 * 15_000, resolvedAtMs: startMs + 40 * 15_000 },
    ]);
    expect(found.exactness).toContain('every ten seconds at most');
  });

  it('says when there is nothing to test on', async () => {
    expect(await test(ruleOf('pending'), recordedOf([]))).toMatchObject({
      hitCount: 0,
      sentence: 'Nothing to test the rule on.',
      exactness: 'Nothing is recorded of that time on the connections in scope.',
    });
    expect(await test(ruleOf('pooler-paused'), recordedOf([]))).toMatchObject({
      exactness: expect.stringContaining('does not record what this rule watches'),
    });
  });

  it('stops when asked to', async () => {
    const cancel = new AbortController();
    cancel.abort(new Error('enough'));
    await expect(
      test(ruleOf('pending'), recordedOf(seriesOf(60, [])), { signal: cancel.signal }),
    ).rejects.toThrow('enough');
  });
});
