import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultAlertRules } from '#shared/model/alert-defaults.ts';
import { alertKinds } from '#shared/model/alert-kinds.ts';
import { type AlertRule, isBeyond } from '#shared/model/alert-rule.ts';
import { bucketOfSample } from '#shared/model/bucket.ts';
import type { PoolSample } from '#shared/model/pool-sample.ts';
import { histogramOf, sampleAt } from '../../../../../tests/support/samples.ts';
import { ConnectionWatch, type Transition } from './connection-watch.ts';
import type { Observation } from './observation.ts';

const startMs = 1_790_000_000_500;

function ruleOf(changes: Partial<AlertRule> = {}): AlertRule {
  return {
    ...{ ruleId: 'r', kind: 'pending', name: 'Waiting', enabled: true, severity: 'warning' },
    ...{ threshold: 0, clearThreshold: 0, forMs: 10_000, cooldownMs: 0, scope: { kind: 'all' } },
    ...changes,
  } as AlertRule;
}

const seen = (
  at: number,
  sample: Partial<PoolSample> = {},
  more: Partial<Observation> = {},
): Observation => ({
  atMs: startMs + at * 1000,
  spanMs: 1000,
  pool: bucketOfSample(sampleAt(startMs + at * 1000, sample), 1000),
  ...more,
});

const play = (watch: ConnectionWatch, observations: readonly Observation[]): Transition[] =>
  observations.flatMap((observation) => watch.observe(observation));

/** When it fired and was over, in seconds since the start. */
const story = (transitions: readonly Transition[]) =>
  transitions
    .filter(({ kind }) => kind !== 'changed')
    .map(({ kind, atMs }) => `${kind} ${Math.round((atMs - startMs) / 1000)}`);

const seconds = (count: number, sampleOf: (at: number) => Partial<PoolSample>): Observation[] =>
  Array.from({ length: count }, (_, at) => seen(at, sampleOf(at)));

describe('a rule', () => {
  it('fires once its condition has held for its duration, and is over with the first good sample', () => {
    const watch = new ConnectionWatch('a', [ruleOf()]);
    const told = play(
      watch,
      seconds(40, (at) => ({ pending: at >= 5 && at < 30 ? 3 : 0 })),
    );
    expect(story(told)).toEqual(['fired 15', 'resolved 30']);
  });

  it('does not fire for what stops in time, and begins anew each time', () => {
    const watch = new ConnectionWatch('a', [ruleOf()]);
    expect(
      play(
        watch,
        seconds(100, (at) => ({ pending: at % 10 === 9 ? 0 : 2 })),
      ),
    ).toEqual([]);
  });

  it('stays as it is between its two thresholds', () => {
    const rule = ruleOf({ kind: 'utilization', threshold: 80, clearThreshold: 70, forMs: 0 });
    const used = [5, 8, 7, 8, 7, 7, 8, 6, 7, 7];
    const told = play(
      new ConnectionWatch('a', [rule]),
      seconds(used.length, (at) => ({ used: used[at] ?? 0 })),
    );
    expect(story(told)).toEqual(['fired 1', 'resolved 7']);
  });

  it('stays quiet about a connection for its cooldown, then tells of what is still wrong', () => {
    const watch = new ConnectionWatch('a', [ruleOf({ forMs: 0, cooldownMs: 20_000 })]);
    const told = play(
      watch,
      seconds(40, (at) => ({ pending: at === 5 ? 0 : 1 })),
    );
    expect(story(told)).toEqual(['fired 0', 'resolved 5', 'fired 25']);
  });

  it('knows nothing without data: it neither fires nor is over', () => {
    const rule = ruleOf({ kind: 'idleInTransaction', threshold: 60_000, clearThreshold: 60_000, forMs: 0 });
    const point = {
      atMs: startMs,
      clients: 1,
      usable: 97,
      left: 90,
      blocked: 0,
      blockedMs: null,
      full: true,
    };
    const server = (idleInTransactionMs: number | null) =>
      ({ ...point, idleInTransactionMs }) as NonNullable<Observation['server']>;
    const told = play(new ConnectionWatch('a', [rule]), [
      seen(0),
      seen(1, {}, { server: server(90_000) }),
      seen(2),
      seen(3),
      seen(4, {}, { server: { ...server(null), full: false } }),
      seen(5, {}, { server: server(null) }),
    ]);
    expect(story(told)).toEqual(['fired 1', 'resolved 5']);
    expect(told[1]).toMatchObject({ kind: 'changed', firing: { unknownSinceMs: startMs + 2000 } });
  });

  it('counts timeouts and errors of the last minute, each once', () => {
    const rules = [
      ruleOf({ ruleId: 't', kind: 'waitTimeouts', threshold: 1, clearThreshold: 1, forMs: 0 }),
      ruleOf({ ruleId: 'e', kind: 'errorRate', threshold: 10, clearThreshold: 10, forMs: 0 }),
    ];
    const told = play(
      new ConnectionWatch('a', rules),
      seconds(100, (at) => ({ acquired: 1, waitTimeouts: at === 20 ? 1 : 0 })),
    );
    expect(story(told)).toEqual(['fired 20', 'resolved 80']);
    expect(told[0]).toMatchObject({ rule: { ruleId: 't' }, firing: { value: 1 } });
  });

  it('takes a queue for growing that grows three times without shrinking', () => {
    const rule = ruleOf({ kind: 'queueGrowing', threshold: 3, clearThreshold: 1, forMs: 0 });
    const pending = [0, 1, 2, 1, 2, 2, 3, 4, 4, 4, 3, 0];
    const told = play(
      new ConnectionWatch('a', [rule]),
      seconds(pending.length, (at) => ({ pending: pending[at] ?? 0 })),
    );
    expect(story(told)).toEqual(['fired 7', 'resolved 10']);
  });

  it('judges waits by p95 of ten seconds, and by whoever waits while nobody is served', () => {
    const rule = ruleOf({ kind: 'waitP95', threshold: 100, clearThreshold: 80, forMs: 0 });
    const fast = histogramOf(Array(19).fill(5));
    const told = play(
      new ConnectionWatch('a', [rule]),
      seconds(40, (at) => {
        if (at === 3) return { waitMs: histogramOf([5000]) };
        if (at >= 20 && at < 25) return { pending: 1, longestPendingMs: (at - 19) * 1000 };
        return at < 20 ? { waitMs: fast } : {};
      }),
    );
    expect(story(told)).toEqual(['fired 20', 'resolved 25']);
  });
});

describe('the rules of a new installation', () => {
  /** A busy pool in which a few requests wait for a fraction of a second, over and over. */
  const withBursts = (everySeconds: number) =>
    seconds(120, (at) => ({
      acquired: 10,
      // A burst may end in the next sample.
      waitMs: histogramOf([1, 2, ...(at % everySeconds < 2 ? [300, 320, 350, 380] : [])]),
    }));

  it('tell nothing of a short burst, and of waits that go on', () => {
    const rules = [...defaultAlertRules];
    expect(play(new ConnectionWatch('a', rules), withBursts(25))).toEqual([]);
    const told = play(new ConnectionWatch('a', rules), withBursts(4));
    expect(told.filter(({ kind }) => kind === 'fired').map(({ rule }) => rule.ruleId)).toEqual(['wait-p95']);
  });

  it('do not take the waits of health checks for those of requests', () => {
    const told = play(
      new ConnectionWatch('a', [...defaultAlertRules]),
      seconds(120, (at) =>
        at % 5 === 0
          ? { acquired: 1, waitMs: histogramOf([900]), healthCheck: { roundTripMs: 901 } }
          : { used: 1, idle: 0 },
      ),
    );
    expect(told).toEqual([]);
  });
});

describe('a circuit breaker', () => {
  it('that tries once and fails has not recovered: one alert until it is closed', () => {
    const rule = ruleOf({ kind: 'breakerOpen', threshold: 1, clearThreshold: 1, forMs: 0 });
    const states = [
      'closed',
      'open',
      'open',
      'half-open',
      'half-open',
      'open',
      'half-open',
      'closed',
    ] as const;
    const told = play(
      new ConnectionWatch('a', [rule]),
      states.map((breaker, at) => seen(at, {}, { breaker })),
    );
    expect(story(told)).toEqual(['fired 1', 'resolved 7']);
  });
});

describe('a gap', () => {
  const wrong = { pending: 3, used: 10, waitTimeouts: 1, connectFailures: 5 };

  it.each([
    ['the computer slept for an hour', 3600],
    ['the clock was set back by an hour', -3600],
  ])('raises nothing after %s, though all is wrong at first', (_what, jump) => {
    const watch = new ConnectionWatch('a', [...defaultAlertRules]);
    const before = seconds(30, () => ({ acquired: 1 }));
    const after = Array.from({ length: 14 }, (_, at) => seen(30 + jump + at, wrong, { health: 'unhealthy' }));
    expect(play(watch, [...before, ...after])).toEqual([]);
  });

  it('starts durations anew, and tells of what is still wrong when things have settled', () => {
    const watch = new ConnectionWatch('a', [ruleOf()]);
    const all = [
      ...seconds(8, () => ({ pending: 1 })),
      ...Array.from({ length: 40 }, (_, at) => seen(1000 + at, { pending: 1 })),
    ];
    expect(story(play(watch, all))).toEqual(['fired 1025']);
  });

  it('leaves an alert open that was, until a sample clears it', () => {
    const watch = new ConnectionWatch('a', [ruleOf({ forMs: 0 })]);
    const all = [seen(0, { pending: 1 }), seen(5000, { pending: 1 }), seen(5001)];
    expect(story(play(watch, all))).toEqual(['fired 0', 'resolved 5001']);
  });
});

describe('any series', () => {
  const gauge = fc.nat(12);
  const sample = fc.record({
    ...{ pending: gauge, used: gauge, idle: gauge, acquired: gauge, waitTimeouts: fc.nat(1) },
    ...{ connectFailures: fc.nat(1), longestPendingMs: fc.nat(5000), max: fc.constant(10) },
    waitMs: fc.array(fc.nat(400), { maxLength: 4 }).map(histogramOf),
  });
  const step = fc.record({
    sample,
    /** Mostly a second; now and then a sleep, or a clock set back. */
    afterMs: fc.oneof(
      { weight: 20, arbitrary: fc.constant(1000) },
      fc.integer({ min: 200, max: 9000 }),
      fc.constantFrom(60_000, -5000, -3_600_000),
    ),
    health: fc.constantFrom('healthy' as const, 'unhealthy' as const, 'unknown' as const),
    hasServer: fc.boolean(),
    idleMs: fc.option(fc.nat(120_000)),
  });
  const series = fc.array(step, { minLength: 1, maxLength: 120 }).map((steps) => {
    let atMs = startMs;
    return steps.map(({ sample: values, afterMs, health, hasServer, idleMs }): Observation => {
      atMs += afterMs;
      const pool = bucketOfSample(sampleAt(atMs, values), 1000);
      const server = {
        ...{ atMs, clients: 1, usable: 100, left: 15, blocked: 0, blockedMs: null, full: true },
        idleInTransactionMs: idleMs,
      } as NonNullable<Observation['server']>;
      return { atMs, spanMs: 1000, pool, health, ...(hasServer && { server }) };
    });
  });
  const anyRule = fc
    .record({
      kind: fc.constantFrom(...alertKinds.slice(0, 12)),
      threshold: fc.integer({ min: 1, max: 90 }),
      band: fc.integer({ min: 0, max: 20 }),
      forMs: fc.constantFrom(0, 1000, 5000, 10_000),
      cooldownMs: fc.constantFrom(0, 5000),
    })
    .map(({ kind, threshold, band, ...times }, index = 0) => {
      const clearThreshold = kind === 'serverHeadroom' ? threshold + band : Math.max(1, threshold - band);
      return ruleOf({ ruleId: `r${index}`, kind, threshold, clearThreshold, ...times });
    });
  const rules = fc
    .array(anyRule, { minLength: 1, maxLength: 6 })
    .map((list) => list.map((rule, index) => ({ ...rule, ruleId: `r${index}` })));

  it('fires no rule whose condition has not held for its duration in the samples before', () => {
    fc.assert(
      fc.property(rules, series, (chosen, observations) => {
        const watch = new ConnectionWatch('a', chosen);
        const figures: { atMs: number; value: Record<string, number | null> }[] = [];
        for (const observation of observations) {
          const told = watch.observe(observation);
          figures.push({ atMs: observation.atMs, value: { ...watch.figures } });
          for (const { kind, rule, atMs, firing } of told) {
            if (kind !== 'fired') continue;
            expect(atMs - firing.sinceMs).toBeGreaterThanOrEqual(rule.forMs);
            const since = figures.findLastIndex((past) => past.atMs === firing.sinceMs);
            for (const { value } of figures.slice(since)) {
              const figure = value[rule.kind];
              expect(
                figure !== null && figure !== undefined && isBeyond(rule.kind, figure, rule.threshold),
              ).toBe(true);
            }
          }
        }
      }),
    );
  });

  it('never has two open alerts of one rule, and never ends one within the band', () => {
    fc.assert(
      fc.property(rules, series, (chosen, observations) => {
        const watch = new ConnectionWatch('a', chosen);
        const open = new Set<string>();
        for (const observation of observations) {
          for (const { kind, rule } of watch.observe(observation)) {
            if (kind === 'fired') {
              expect(open.has(rule.ruleId)).toBe(false);
              open.add(rule.ruleId);
            } else {
              expect(open.has(rule.ruleId)).toBe(true);
            }
            if (kind !== 'resolved') continue;
            open.delete(rule.ruleId);
            const figure = watch.figures[rule.kind];
            expect(figure !== null && !isBeyond(rule.kind, figure, rule.clearThreshold)).toBe(true);
          }
        }
      }),
    );
  });

  it('gives the same alerts whole and in pieces, and again', () => {
    fc.assert(
      fc.property(rules, series, fc.nat(120), (chosen, observations, cut) => {
        const whole = play(new ConnectionWatch('a', chosen), observations);
        const inPieces = new ConnectionWatch('a', chosen);
        const pieces = [observations.slice(0, cut), observations.slice(cut)].flatMap((piece) => {
          // Rules are set again in between, as saving another rule does.
          inPieces.setRules(chosen.map((rule) => ({ ...rule })));
          return play(inPieces, structuredClone(piece));
        });
        expect(pieces).toEqual(whole);
      }),
    );
  });

  it('raises nothing with the first sample after a gap', () => {
    fc.assert(
      fc.property(rules, series, (chosen, observations) => {
        const watch = new ConnectionWatch('a', chosen);
        let lastMs = observations[0]?.atMs ?? 0;
        for (const observation of observations) {
          const stepMs = observation.atMs - lastMs;
          lastMs = observation.atMs;
          const told = watch.observe(observation);
          if (stepMs <= 11_000 && stepMs >= -2000) continue;
          expect(told.filter(({ kind }) => kind === 'fired')).toEqual([]);
        }
      }),
    );
  });
});

describe('a change of rules', () => {
  it('ends open alerts of rules whose condition changed, were switched off, or lost the connection', () => {
    const rules = ['a', 'b', 'c', 'd'].map((ruleId) => ruleOf({ ruleId, forMs: 0 }));
    const watch = new ConnectionWatch('a', rules);
    play(watch, [seen(0, { pending: 1 })]);
    const [a, b, c, d] = rules as [AlertRule, AlertRule, AlertRule, AlertRule];
    const ended = watch.setRules([
      { ...a, name: 'Another name', cooldownMs: 1000 },
      { ...b, threshold: 5 },
      { ...c, enabled: false },
      { ...d, scope: { kind: 'chosen', profileIds: ['other'] } },
    ]);
    expect(ended.map(({ ruleId }) => ruleId)).toEqual(['b', 'c', 'd']);
    expect(watch.states().map(({ state }) => state.firing !== null)).toEqual([true, false]);
  });
});
