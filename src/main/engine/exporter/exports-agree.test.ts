import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import Database from 'better-sqlite3';
import { parquetReadObjects } from 'hyparquet';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ExportFormat, ExportProgress, ExportResolution } from '#shared/contract/exporter.ts';
import { percentileMs } from '#shared/model/histogram.ts';
import { profileDefaults } from '#shared/model/profile.ts';
import { BusyPool } from '../../../../bench/history/busy-pool.ts';
import { type HistoryUnderTest, openHistory } from '../../../../tests/support/history.ts';
import type { SaveRequest } from '../ports.ts';
import { createExporter } from './index.ts';

const hourMs = 3_600_000;
const startMs = Math.floor(1_790_000_000_000 / hourMs) * hourMs;
const seconds = 2500;
const span = { fromMs: startMs + 90_000, toMs: startMs + 2_400_000 };

let folder: string;
let under: HistoryUnderTest;
let exporter: ReturnType<typeof createExporter>;
let saveFile: (request: SaveRequest) => Promise<void>;

/** Half of it on disk from an earlier run, the other half in memory. */
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'poolscope-agree-'));
  const pools = ['a', 'b'].map((profileId, index) => new BusyPool(profileId, 20, index + 1));
  under = openHistory(folder, startMs);
  const record = async (from: number, to: number) => {
    for (let i = from; i < to; i += 1) {
      under.tick(...pools.map((pool) => pool.sample(startMs + i * 1000 + 500)));
      if (i % 100 === 0) await under.history.store.flushed();
    }
  };
  await record(0, 1300);
  await under.history.close();
  under = openHistory(folder, startMs);
  await record(1300, seconds);
  exporter = createExporter({
    history: under.history,
    profileOf: (profileId) => ({ ...profileDefaults, name: `Pool "${profileId}"` }),
    async saveFile(request) {
      await saveFile(request);
      return { kind: 'saved', path: '/x' };
    },
    events: under.events,
    clock: { nowMs: () => startMs, monotonicMs: () => 0 },
    version: '1.2.3',
  });
});
afterAll(async () => {
  exporter.close();
  await under.history.close();
  await rm(folder, { recursive: true, force: true });
});

let exportNumber = 0;
async function exported(
  format: ExportFormat,
  resolution: ExportResolution,
  profileIds = ['a', 'b'],
): Promise<Buffer> {
  const parts: Buffer[] = [];
  saveFile = async ({ content }) => {
    for await (const part of content()) parts.push(Buffer.from(part));
  };
  exportNumber += 1;
  const input = { exportId: `e${exportNumber}`, profileIds, ...span, format, resolution };
  await exporter.handlers['exporter.save'](input, under.context);
  return Buffer.concat(parts);
}

type Row = Record<string, string | number | null>;
const plain = (value: unknown) =>
  value instanceof Date ? value.toISOString() : typeof value === 'bigint' ? Number(value) : value;

/** With readers that share nothing with the writers: Python's for CSV, hyparquet for Parquet. */
async function rowsOf(format: ExportFormat, resolution: ExportResolution): Promise<Row[]> {
  const bytes = await exported(format, resolution);
  if (format === 'jsonl')
    return bytes
      .toString()
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
  if (format === 'parquet') {
    const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer;
    const rows = await parquetReadObjects({ file });
    return rows.map(
      (row) => Object.fromEntries(Object.entries(row).map(([name, value]) => [name, plain(value)])) as Row,
    );
  }
  const program =
    'import csv,io,json,sys; print(json.dumps(list(csv.DictReader(io.StringIO(sys.stdin.buffer.read().decode(),newline=""),strict=True))))';
  const result = spawnSync('python3', ['-c', program], { input: bytes, maxBuffer: 2 ** 28 });
  if (result.status !== 0) throw new Error(String(result.stderr ?? result.error));
  const isText = (name: string) => name.endsWith('_utc') || name === 'connection' || name === 'health_check';
  return (JSON.parse(String(result.stdout)) as Record<string, string>[]).map((row) =>
    Object.fromEntries(
      Object.entries(row).map(([name, text]) => [
        name,
        text === '' ? null : isText(name) ? text : Number(text),
      ]),
    ),
  );
}

const chart = (profileId: string, bucketMs: number) =>
  under.history.handlers['history.range']({ profileId, ...span, bucketMs }, under.context);
const us = (ms: number | null) => (ms === null ? null : Math.round(ms * 1000) / 1000);

describe('the same range of the same pools', () => {
  it.each<ExportResolution>([{ kind: 'raw' }, { kind: 'rollup' }, { kind: 'bucketed', bucketMs: 15_000 }])(
    'has the same rows in CSV, JSON Lines and Parquet: %j',
    async (resolution) => {
      const csv = await rowsOf('csv', resolution);
      const expected = resolution.kind === 'raw' ? 2310 : resolution.kind === 'rollup' ? 39 : 154;
      expect(csv).toHaveLength(expected * 2);
      expect(await rowsOf('jsonl', resolution)).toEqual(csv);
      expect(await rowsOf('parquet', resolution)).toEqual(csv);
    },
  );

  it('gives the figures of the chart, and SQL over the seconds gives them again', async () => {
    const bucketMs = 60_000;
    const [seconds, minutes] = [
      await rowsOf('jsonl', { kind: 'raw' }),
      await rowsOf('csv', { kind: 'rollup' }),
    ];
    const db = new Database(':memory:');
    db.exec('CREATE TABLE lines (line TEXT)');
    const insert = db.prepare('INSERT INTO lines VALUES (?)');
    db.transaction(() => {
      for (const row of seconds) insert.run(JSON.stringify(row));
    })();
    const figures = db.prepare(
      `SELECT strftime('%Y-%m-%dT%H:%M:00.000Z', line ->> 'time_utc') AS minute, sum(line ->> 'acquired_per_interval') AS acquired,
         max(max(line ->> 'used_connections', line ->> 'used_peak_connections')) AS used, max(line ->> 'wait_max_ms') AS wait,
         sum(line ->> 'interval_ms') AS covered, sum(line ->> 'hold_mean_ms' * (line ->> 'released_per_interval')) AS held
       FROM lines WHERE line ->> 'connection' = ? GROUP BY 1 ORDER BY 1`,
    );
    for (const profileId of ['a', 'b']) {
      const { buckets } = await chart(profileId, bucketMs);
      const connection = `Pool "${profileId}"`;
      const table = minutes.filter((row) => row.connection === connection);
      const sql = figures.all(connection) as {
        minute: string;
        acquired: number;
        used: number;
        wait: number;
        covered: number;
        held: number;
      }[];
      expect(table).toHaveLength(buckets.length);
      expect(sql).toHaveLength(buckets.length);
      for (const [index, bucket] of buckets.entries()) {
        const time = new Date(bucket.startMs).toISOString();
        const drawn = {
          ...{ time_utc: time, acquired_per_bucket: bucket.acquired, used_connections_max: bucket.used.max },
          ...{ used_connections_last: bucket.used.last, wait_max_ms: us(bucket.waitMs.maxMs) },
          ...{
            wait_p99_ms: us(percentileMs(bucket.waitMs, 0.99)),
            hold_p50_ms: us(percentileMs(bucket.holdMs, 0.5)),
          },
          ...{ covered_ms: us(bucket.coveredMs), health_checks: bucket.health.checks },
        };
        expect(table[index]).toMatchObject(drawn);
        expect(sql[index]).toMatchObject({ minute: time, acquired: bucket.acquired, used: bucket.used.max });
        expect(sql[index]?.wait).toBe(us(bucket.waitMs.maxMs));
        expect(sql[index]?.covered).toBeCloseTo(bucket.coveredMs, 6);
        // Means were rounded to the microsecond before they were multiplied.
        expect(Math.abs((sql[index]?.held ?? 0) - bucket.holdMs.sumMs)).toBeLessThan(1);
      }
    }
    db.close();
  });
});

describe('an export under way', () => {
  const progressOf = (exportId: string) =>
    under
      .heard('exporter.progress')
      .filter((progress): progress is ExportProgress => progress.exportId === exportId);

  it('says how far it is, and when it is done', async () => {
    const bytes = await exported('csv', { kind: 'raw' }, ['a']);
    const told = progressOf(`e${exportNumber}`);
    expect(told.at(-1)).toMatchObject({ state: 'done', rows: 2310, bytes: bytes.length });
    expect(told.at(-1)?.expectedRows).toBeGreaterThanOrEqual(2310);
    expect(told.at(-1)?.expectedRows).toBeLessThan(4000);
  });

  it.each(['by its id', 'by its taker'])('is stopped %s, and says so', async (how) => {
    let parts = 0;
    const input = { exportId: `stopped ${how}`, profileIds: ['a', 'b'], ...span, format: 'jsonl' as const };
    saveFile = async ({ content }) => {
      for await (const _part of content()) {
        parts += 1;
        if (how === 'by its taker') break;
        await exporter.handlers['exporter.cancel']({ exportId: input.exportId }, under.context);
      }
    };
    const saving = exporter.handlers['exporter.save'](
      { ...input, resolution: { kind: 'raw' } },
      under.context,
    );
    if (how === 'by its id') await expect(saving).rejects.toMatchObject({ code: 'cancelled' });
    else await saving;
    expect(parts).toBe(1);
    expect(progressOf(input.exportId).at(-1)).toMatchObject({ state: 'cancelled' });
  });

  it('is not begun for a range without samples', async () => {
    const input = { exportId: 'none', profileIds: ['a'], fromMs: 1, toMs: 2, format: 'csv' as const };
    const saving = exporter.handlers['exporter.save'](
      { ...input, resolution: { kind: 'raw' } },
      under.context,
    );
    await expect(saving).rejects.toMatchObject({ code: 'not_found' });
    expect(progressOf('none')).toEqual([]);
  });

  it('holds what there was when it was asked for, however long the dialog stays open', async () => {
    const later = new BusyPool('late', 5, 9);
    const at = (i: number) => later.sample(startMs + 3_000_000 + i * 1000);
    for (let i = 0; i < 10; i += 1) under.tick(at(i));
    let text = '';
    saveFile = async ({ content, suggestedName, mimeType }) => {
      expect(suggestedName).toMatch(/^poolscope-Pool-late-.*\.csv$/);
      expect(mimeType).toBe('text/csv; charset=utf-8');
      for (let i = 10; i < 20; i += 1) under.tick(at(i));
      for await (const part of content()) text += Buffer.from(part).toString();
    };
    const range = { profileId: 'late', fromMs: startMs + 3_000_000, toMs: startMs + 4_000_000 };
    await exporter.handlers['exporter.csv'](range, under.context);
    expect(text.trimEnd().split('\r\n')).toHaveLength(11);
  });
});
