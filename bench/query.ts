/**
 * What a large result costs: `node bench/query.ts [--json]`. Starts a PostgreSQL server of its own;
 * exits with 1 when a bar is missed. The query room runs in this process, as it does in the main
 * process of the app.
 *
 * - firstRowMs: in the built app in Chromium, from the press of Run until the first of 10 million rows is
 *   painted; the slowest of five. firstRowEngineMs: from asking the engine to its first window, of these.
 * - peakRssMb: the most memory of this process while all of them are read to disk, windows are looked
 *   at meanwhile, and a file is exported from them.
 * - cancelMs: from cancelling such a result under way to the server having stopped; the slowest of five.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { startTestServer, type TestServer } from '../tests/support/postgres-server.ts';
import { openQuery, type QueryUnderTest } from '../tests/support/query.ts';
import { firstRowsOnScreen } from './query/first-row-on-screen.ts';
import { report } from './report.ts';

const rows = 10_000_000;
const tries = 5;
/** In the inner select's list the series streams, as a table does; in FROM the server would make all of it first. */
const text = `SELECT i AS id, 'name ' || i AS name, i % 7 = 0 AS lucky, now() AS at
  FROM (SELECT generate_series(1, ${rows}) AS i OFFSET 0) AS series`;
const limits = { timeoutMs: 600_000, rowLimit: null };
const mega = 1024 * 1024;

async function measureFirstRow(under: QueryUnderTest): Promise<number> {
  let slowest = 0;
  for (let i = 0; i < tries; i += 1) {
    const startedMs = performance.now();
    const { run, window } = await under.run(text, limits);
    if (window?.rows.length !== 200) throw new Error(`The first window is not there: ${run.error?.message}`);
    slowest = Math.max(slowest, performance.now() - startedMs);
    await under.call('query.close', { runId: run.runId });
  }
  return slowest;
}

async function isAtWork(server: TestServer): Promise<boolean> {
  const asked = "SELECT 1 FROM pg_stat_activity WHERE state = 'active' AND application_name LIKE '% query'";
  return (await server.admin((client) => client.query(asked))).rows.length > 0;
}

async function measureCancel(under: QueryUnderTest, server: TestServer): Promise<number> {
  let slowest = 0;
  for (let i = 0; i < tries; i += 1) {
    const runId = randomUUID();
    await under.run(text, { ...limits, runId });
    await sleep(200);
    const startedMs = performance.now();
    const run = await under.call('query.cancel', { runId });
    slowest = Math.max(slowest, performance.now() - startedMs);
    if (run.state !== 'cancelled') throw new Error(`It is ${run.state}, not cancelled.`);
    if (await isAtWork(server)) throw new Error('The server is at work still.');
    await under.call('query.close', { runId });
  }
  return slowest;
}

async function measureMemory(under: QueryUnderTest) {
  let peak = 0;
  const look = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss());
  }, 20);
  const startedMs = performance.now();
  const { run } = await under.run(text, limits);
  const { runId } = run;
  const whole = under.over(runId);
  let isOver = false;
  void whole.then(() => {
    isOver = true;
  });
  let longestWindowMs = 0;
  while (!isOver) {
    await sleep(100);
    const { rows: available } = await under.call('query.status', { runId });
    const from = Math.floor(Math.random() * Math.max(1, available - 100));
    const askedMs = performance.now();
    await under.call('query.rows', { runId, from, limit: 100 });
    longestWindowMs = Math.max(longestWindowMs, performance.now() - askedMs);
  }
  const over = await whole;
  const readMs = performance.now() - startedMs;
  if (over.rows !== rows) throw new Error(`Only ${over.rows} rows came: ${over.error?.message}`);
  const exportStartedMs = performance.now();
  await under.call('query.export', { exportId: 'bench', runId, format: 'csv' });
  const exportMs = performance.now() - exportStartedMs;
  clearInterval(look);
  return { peak, readMs, exportMs, longestWindowMs };
}

const server = await startTestServer();
const under = await openQuery(server, {}, { dropFiles: true });
try {
  await under.run('SELECT 1');
  const firstRowEngineMs = await measureFirstRow(under);
  const cancelMs = await measureCancel(under, server);
  const { peak, readMs, exportMs, longestWindowMs } = await measureMemory(under);
  const onScreen = await firstRowsOnScreen(server, text, tries);
  report({
    firstRowMs: { measured: Math.max(...onScreen), digits: 1, bar: { atMost: 300 } },
    firstRowEngineMs: { measured: firstRowEngineMs, digits: 1 },
    peakRssMb: { measured: peak / mega, bar: { atMost: 300 } },
    cancelMs: { measured: cancelMs, digits: 1, bar: { atMost: 500 } },
    rowsPerSecond: { measured: (rows * 1000) / readMs },
    windowWhileReadingMs: { measured: longestWindowMs, digits: 1 },
    exportedRowsPerSecond: { measured: (rows * 1000) / exportMs },
  });
} finally {
  await under.close();
  await server.stop();
}
