/**
 * What names cost: `node bench/names.ts [--json]`. Starts a PostgreSQL server of its own with a million
 * names; exits with 1 when a bar is missed.
 *
 * - pageServerMs: a page of 100 at a random id, from asking the engine to its answer, through the
 *   pool, in a transaction with its limits; the median of 300.
 * - pageScreenMs: from the engine's answer until its rows were painted in Chromium, on the real Names
 *   tab, built as for production; the median of 30 jumps from end to end.
 * - bulkRowsPerSecond: 300,000 names into the same table as "Add many" adds them, in one transaction;
 *   the median of 3.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { CallContext } from '#shared/contract/define.ts';
import { namesOver } from '../tests/support/names.ts';
import { poolFor } from '../tests/support/pools.ts';
import { startTestServer } from '../tests/support/postgres-server.ts';
import { servePage } from './charts/build-page.ts';
import { launch, openPage } from './charts/measure.ts';
import { report } from './report.ts';

const rowCount = 1_000_000;
const bulkRows = 300_000;
const target = { profileId: 'bench', schema: 'public' };
const context: CallContext = { callerId: 'bench', signal: new AbortController().signal };

const at = (values: number[], fraction: number) =>
  values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) * fraction)] ?? Number.NaN;

async function measureEngine() {
  const server = await startTestServer({ settings: { shared_buffers: '128MB', max_wal_size: '4GB' } });
  const pool = poolFor(server);
  const names = await namesOver(() => pool);
  const { handlers } = names;
  try {
    await handlers['names.createTable'](target, context);
    await server.admin(async (client) => {
      await client.query(
        `insert into names (name) select 'Name ' || i from generate_series(3, ${rowCount}) i`,
      );
      await client.query('vacuum analyze names');
    });
    const pagesMs: number[] = [];
    for (let i = 0; i < 320; i += 1) {
      const id = 1 + Math.floor(Math.random() * rowCount);
      const startedMs = performance.now();
      await handlers['names.page'](
        { ...target, search: null, at: { kind: i % 2 === 0 ? 'after' : 'around', id }, limit: 100 },
        context,
      );
      // The first ones open the connection and warm the caches.
      if (i >= 20) pagesMs.push(performance.now() - startedMs);
    }
    const bulk: number[] = [];
    const previews: number[] = [];
    for (let round = 0; round < 3; round += 1) {
      const text = Array.from({ length: bulkRows }, (_, i) => `Name ${round} ${i}`).join('\n');
      const bytes = Buffer.from(text);
      const stageId = `round-${round}`;
      for (let offset = 0; offset < bytes.length; offset += 400_000) {
        const base64 = bytes.subarray(offset, offset + 400_000).toString('base64');
        await handlers['names.stage']({ stageId, offset, base64 }, context);
      }
      const reading = { encoding: 'auto', layout: 'auto', header: 'auto', column: null, trim: true } as const;
      const previewMs = performance.now();
      await handlers['names.preview']({ stageId, fileName: null, reading }, context);
      previews.push(performance.now() - previewMs);
      const startedMs = performance.now();
      const { added } = await handlers['names.addMany']({ ...target, stageId }, context);
      bulk.push((added * 1000) / (performance.now() - startedMs));
    }
    return { pagesMs, bulk, previews };
  } finally {
    await pool.end(2000);
    await names.close();
    await server.stop();
  }
}

async function measureScreen() {
  const served = await servePage(new URL('./names/', import.meta.url));
  const browser = await launch();
  try {
    const { page } = await openPage(browser, served.url);
    await page.waitForSelector('[aria-selected]');
    const screenMs: number[] = [];
    for (let i = 0; i < 34; i += 1) {
      await sleep(60);
      const ms = await page.evaluate<number>(`timePage("${i % 2 === 0 ? 'Last' : 'First'}")`);
      if (i >= 4) screenMs.push(ms);
    }
    const scrolled = await page.evaluate<{ longestFrameMs: number; emptyFrames: number }>(
      'scrollThrough(600)',
    );
    return { screenMs, ...scrolled };
  } finally {
    await browser.close();
    await served.close();
  }
}

const engine = await measureEngine();
const screen = await measureScreen();
report({
  pageServerMs: { measured: at(engine.pagesMs, 0.5), digits: 2, bar: { atMost: 20 } },
  pageServerMsP95: { measured: at(engine.pagesMs, 0.95), digits: 2 },
  pageScreenMs: { measured: at(screen.screenMs, 0.5), digits: 1, bar: { atMost: 100 } },
  pageScreenMsMax: { measured: at(screen.screenMs, 1), digits: 1 },
  /** Scrolling four rows a frame through 2,400 rows: frames that showed no rows, and the longest one. */
  scrollEmptyFrames: { measured: screen.emptyFrames },
  scrollLongestFrameMs: { measured: screen.longestFrameMs, digits: 1 },
  bulkRowsPerSecond: { measured: at(engine.bulk, 0.5), bar: { atLeast: 100_000 } },
  previewMsOf300000: { measured: at(engine.previews, 0.5) },
});
