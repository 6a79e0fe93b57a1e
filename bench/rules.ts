/**
 * What watching by rules costs: `node bench/rules.ts [--json]`.
 *
 * - tickMs: one second of 50 pools × 30 rules, from the samples to what fired; median of 300.
 * - tickP99Ms: the slowest but one percent of them.
 * - replayWeekMs: a week of one pool, recorded second by second, with a quarter of an hour a day in which
 *   requests queue, read from its file and played through all 30 rules: every minute in which nothing
 *   can fire by itself, all others second by second.
 * - replayDayBySecondMs: a day of it through a rule that every minute may fire, so that all seconds are read.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { silentLogger } from '#engine/base/log.ts';
import { defaultAlertRules } from '#shared/model/alert-defaults.ts';
import type { AlertRule } from '#shared/model/alert-rule.ts';
import { bucketOfSample } from '#shared/model/bucket.ts';
import type { PoolSample } from '#shared/model/pool-sample.ts';
import type { SessionsPoint } from '#shared/model/sessions/point.ts';
import { Player } from '../src/main/engine/alerts/replay/player.ts';
import { replayPool } from '../src/main/engine/alerts/replay/replay-pool.ts';
import { ConnectionWatch } from '../src/main/engine/alerts/rules/connection-watch.ts';
import { dayMs, hourMs } from '../src/main/engine/history/database/windows.ts';
import { SqliteStore } from '../src/main/engine/history/store/sqlite-store.ts';
import { buildHistory, profileIdOf } from './history/build-history.ts';
import { BusyPool } from './history/busy-pool.ts';
import { report } from './report.ts';

const pools = 50;
const ruleCount = 30;
const ticks = 300;
const endMs = Math.floor(Date.now() / dayMs) * dayMs;

/** The rules of a new installation, and as many again with other thresholds as are wanting. */
const rules: AlertRule[] = Array.from({ length: ruleCount }, (_, at) => {
  const rule = defaultAlertRules[at % defaultAlertRules.length] as AlertRule;
  if (at < defaultAlertRules.length) return rule;
  return { ...rule, ruleId: `${rule.ruleId}-${at}`, forMs: rule.forMs + 5000 };
});

const quantile = (values: number[], p: number) =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * p))] ?? Number.NaN;

const server = {
  ...{ atMs: endMs, clients: 40, usable: 97, left: 57, blocked: 0, blockedMs: null, full: true },
  ...{ idleInTransactionMs: 20, transactionMs: 40 },
} as SessionsPoint;

/** A quarter of an hour a day in which nobody gets through at once. */
function withIncident(sample: PoolSample): PoolSample {
  const intoDayMs = sample.atMs % dayMs;
  if (intoDayMs < 10 * hourMs || intoDayMs > 10.25 * hourMs) return sample;
  return { ...sample, used: 20, usedPeak: 20, idle: 0, pending: 8, pendingPeak: 9, longestPendingMs: 900 };
}

function timeTicks(): number[] {
  const loads = Array.from({ length: pools }, (_, at) => new BusyPool(profileIdOf(at), 100, at + 1));
  const watches = loads.map((_, at) => new ConnectionWatch(profileIdOf(at), rules));
  const times: number[] = [];
  for (let tick = 0; tick < ticks; tick += 1) {
    const atMs = endMs + tick * 1000;
    const samples = loads.map((load) => load.sample(atMs));
    const startedMs = performance.now();
    for (const [at, sample] of samples.entries()) {
      const pool = bucketOfSample(sample, 1000);
      (watches[at] as ConnectionWatch).observe({
        atMs,
        spanMs: 1000,
        pool,
        health: 'healthy',
        longestHoldMs: 30,
        server,
      });
    }
    times.push(performance.now() - startedMs);
  }
  return times;
}

const folder = mkdtempSync(path.join(tmpdir(), 'poolscope-bench-rules-'));
try {
  const times = timeTicks();
  const file = path.join(folder, 'history.db');
  buildHistory(file, { pools: 2, rawDays: 7, perSecond: 20, endMs, change: withIncident });
  const store = new SqliteStore({
    file,
    clock: { nowMs: () => Date.now(), monotonicMs: () => performance.now() },
    log: silentLogger(),
    notify: (_level, message) => console.error(message),
    onRecording: () => {},
    onCompactProgress: () => {},
  });
  await store.opened();
  const { signal } = new AbortController();
  const replay = async (chosen: readonly AlertRule[], days: number) => {
    const player = new Player(profileIdOf(0), chosen);
    const startedMs = performance.now();
    for (let at = endMs - days * dayMs; at < endMs; at += 6 * hourMs) {
      await replayPool(player, store, { fromMs: at, toMs: at + 6 * hourMs }, signal);
    }
    return { tookMs: performance.now() - startedMs, hits: player.end().hits.length };
  };
  const week = await replay(rules, 7);
  if (week.hits < 7) throw new Error(`The incidents of the week were not found: ${week.hits} hits.`);
  const anyUse = {
    ...(rules[0] as AlertRule),
    kind: 'utilization' as const,
    threshold: 1,
    clearThreshold: 1,
  };
  const bySecond = await replay([anyUse], 1);
  await store.close();
  report({
    tickMs: { measured: quantile(times, 0.5), digits: 2, bar: { atMost: 2 } },
    tickP99Ms: { measured: quantile(times, 0.99), digits: 2 },
    replayWeekMs: { measured: week.tookMs, bar: { atMost: 3000 } },
    replayDayBySecondMs: { measured: bySecond.tookMs },
  });
} finally {
  rmSync(folder, { recursive: true, force: true });
}
