/**
 * What the history costs: `node bench/history.ts [--json]`. 50 pools of 20 requests a second each
 * (and a few at 2 and 100, for their size), recorded for 7 days, with rollups of 30.
 *
 * - insertMsPerTickP99: one tick of all pools, from handing it over to knowing it is on disk.
 * - range24hMs, range30dMs: one pool in about 300 points by a store just opened, its file evicted
 *   from the system's cache where this account may do so; median of several pools.
 * - bytesPerPoolDay: the file's size by pool and day, rollups and everything else included.
 * - csvRowsPerSecond, csvMemoryMb: a week of a pool as CSV, from asking for it to its last byte, median of
 *   three; how much memory grows meanwhile, at most.
 * - openDbMs: from nothing to recording, with 7 days of 50 pools and a journal left by a crash.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { silentLogger } from '#engine/base/log.ts';
import { bucketStepMs } from '#shared/model/bucket-steps.ts';
import { exportStream } from '../src/main/engine/exporter/export-stream.ts';
import type { ExportTask } from '../src/main/engine/exporter/export-task.ts';
import { dayMs } from '../src/main/engine/history/database/windows.ts';
import { SqliteStore } from '../src/main/engine/history/store/sqlite-store.ts';
import { addRollupDays, buildHistory, profileIdOf } from './history/build-history.ts';
import { BusyPool } from './history/busy-pool.ts';
import { report } from './report.ts';

const pools = 50;
const rawDays = 7;
const perSecond = 20;
const ticks = 620;
/** Ten times as often as in life; what is done between two ticks needs some room. */
const tickEveryMs = 100;
const coldRuns = 7;
const endMs = Math.floor(Date.now() / dayMs) * dayMs;

const folder = mkdtempSync(path.join(process.env.POOLSCOPE_BENCH_FOLDER ?? tmpdir(), 'poolscope-bench-'));
const file = path.join(folder, 'history.db');

function openStore(): SqliteStore {
  return new SqliteStore({
    file,
    clock: { nowMs: () => Date.now(), monotonicMs: () => performance.now() },
    log: silentLogger(),
    notify: (_level, message) => console.error(message),
    onRecording: () => {},
    onCompactProgress: () => {},
  });
}

const quantile = (values: number[], p: number) =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * p))] ?? Number.NaN;

/** Where this is not possible the figures are those of a warm system cache. */
function evict(): boolean {
  return spawnSync('dd', [`if=${file}`, 'iflag=nocache', 'count=0']).status === 0;
}

function sizeAt(rate: number): number {
  const small = path.join(folder, `rate-${rate}.db`);
  const few = 4;
  buildHistory(small, { pools: few, rawDays: 1, perSecond: rate, endMs });
  const bytes = statSync(small).size / few;
  rmSync(small);
  return bytes;
}

async function measureInserts(): Promise<number[]> {
  const store = openStore();
  await store.opened();
  const busy = Array.from({ length: pools }, (_, pool) => new BusyPool(profileIdOf(pool), perSecond, pool));
  const times: number[] = [];
  for (let tick = 0; tick < ticks; tick += 1) {
    const atMs = endMs + tick * 1000 + 500;
    const samples = busy.map((pool) => pool.sample(atMs));
    const startedMs = performance.now();
    store.append(atMs, samples, (profileId) => profileId);
    await store.flushed();
    times.push(performance.now() - startedMs);
    await sleep(tickEveryMs);
  }
  await store.close();
  return times;
}

async function measureOpen(): Promise<number> {
  const times: number[] = [];
  for (let run = 0; run < 3; run += 1) {
    const startedMs = performance.now();
    const store = openStore();
    await store.opened();
    times.push(performance.now() - startedMs);
    await store.close();
  }
  return quantile(times, 0.5);
}

async function measureRange(spanMs: number): Promise<{ ms: number; points: number }> {
  const times: number[] = [];
  let points = 0;
  for (let run = 0; run < coldRuns; run += 1) {
    const store = openStore();
    await store.opened();
    await sleep(500);
    evict();
    const bucketMs = bucketStepMs(spanMs, 300);
    const startedMs = performance.now();
    const { buckets } = await store.range({
      profileId: profileIdOf(run * 3),
      fromMs: endMs - spanMs,
      toMs: endMs,
      bucketMs,
    });
    times.push(performance.now() - startedMs);
    points = buckets.length;
    await store.close();
  }
  return { ms: quantile(times, 0.5), points };
}

async function measureCsv(): Promise<{ rowsPerSecond: number; memoryMb: number }> {
  const task: ExportTask = {
    historyFile: file,
    profiles: [{ profileId: profileIdOf(0), name: 'Pool 0', splitMs: Number.POSITIVE_INFINITY, runs: [] }],
    fromMs: endMs - rawDays * dayMs,
    toMs: endMs,
    output: { kind: 'table', format: 'csv', resolution: { kind: 'raw' } },
  };
  let [rows, bytes, early, late] = [0, 0, 0, 0];
  const startedMs = performance.now();
  const progress = (told: { rows: number }) => {
    rows = told.rows;
  };
  for await (const piece of exportStream(task, new AbortController().signal, progress)) {
    bytes += piece.length;
    const rss = process.memoryUsage.rss();
    // The first tenth warms up: heap and code reach their size.
    if (rows < rawDays * 8640) early = Math.max(early, rss);
    else late = Math.max(late, rss);
  }
  const seconds = (performance.now() - startedMs) / 1000;
  if (bytes === 0 || rows !== rawDays * 86_400) throw new Error(`The CSV has ${rows} rows.`);
  return { rowsPerSecond: rows / seconds, memoryMb: (late - early) / 2 ** 20 };
}

try {
  const sizes = { quiet: sizeAt(2), veryBusy: sizeAt(100) };
  buildHistory(file, { pools, rawDays, perSecond, endMs });
  const bytesPerPoolDay = statSync(file).size / pools / rawDays;
  addRollupDays(file, { pools, firstDayMs: endMs - rawDays * dayMs, days: 30 - rawDays });
  const inserts = await measureInserts();
  const openDbMs = await measureOpen();
  const day = await measureRange(dayMs);
  const month = await measureRange(30 * dayMs);
  const csvs = [await measureCsv(), await measureCsv(), await measureCsv()];
  report({
    insertMsPerTickP99: { measured: quantile(inserts, 0.99), digits: 2, bar: { atMost: 5 } },
    insertMsPerTickMedian: { measured: quantile(inserts, 0.5), digits: 2 },
    range24hMs: { measured: day.ms, digits: 1, bar: { atMost: 50 } },
    range24hPoints: { measured: day.points },
    range30dMs: { measured: month.ms, digits: 1, bar: { atMost: 80 } },
    range30dPoints: { measured: month.points },
    bytesPerPoolDay: { measured: bytesPerPoolDay, bar: { atMost: 2_600_000 } },
    bytesPerQuietPoolDay: { measured: sizes.quiet },
    bytesPerVeryBusyPoolDay: { measured: sizes.veryBusy },
    csvRowsPerSecond: {
      measured: quantile(
        csvs.map(({ rowsPerSecond }) => rowsPerSecond),
        0.5,
      ),
      bar: { atLeast: 200_000 },
    },
    csvMemoryMb: { measured: Math.max(...csvs.map(({ memoryMb }) => memoryMb)) },
    openDbMs: { measured: openDbMs, bar: { atMost: 300 } },
    fileMb: { measured: statSync(file).size / 2 ** 20 },
    isCacheEvicted: { measured: evict() ? 1 : 0 },
  });
} finally {
  rmSync(folder, { recursive: true, force: true });
}
