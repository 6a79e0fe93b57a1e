import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ExportFormat } from '#shared/contract/exporter.ts';
import type { PoolSample } from '#shared/model/pool-sample.ts';
import { histogramOf, sampleAt } from '../../../../tests/support/samples.ts';
import { openForWriting } from '../history/database/open-database.ts';
import { sealWindow } from '../history/database/seal.ts';
import { SeriesTable } from '../history/database/series-table.ts';
import { hourMs, windowMs } from '../history/database/windows.ts';
import { openExportReader } from '../history/index.ts';
import { SampleWriter } from '../history/sample-codec.ts';
import { exportStream } from './export-stream.ts';
import type { ExportTask } from './export-task.ts';
import { writeTable } from './write-table.ts';

const startMs = Math.floor(1_790_000_000_000 / hourMs) * hourMs;
/** Neither begins nor ends with an hour. */
const span = { fromMs: startMs + 1_234_567, toMs: startMs + 31 * hourMs + 777 };
/** From here on memory holds the samples. */
const splitMs = startMs + 30 * hourMs + 600_000;

let folder: string;
let historyFile: string;

/** Two a window, with hours of nothing: before anything was recorded, and in the middle. */
function samplesOf(pool: number): PoolSample[] {
  const samples: PoolSample[] = [];
  for (let atMs = startMs + 3 * hourMs + 500; atMs < span.toMs; atMs += windowMs / 2) {
    const hour = Math.floor((atMs - startMs) / hourMs);
    if (hour >= 12 && hour < 15 + pool) continue;
    samples.push(sampleAt(atMs, { acquired: samples.length, waitMs: histogramOf([hour, pool + 0.25]) }));
  }
  return samples;
}

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'poolscope-share-'));
  historyFile = path.join(folder, 'history.db');
  const db = openForWriting(historyFile);
  const series = new SeriesTable(db);
  for (const pool of [0, 1]) {
    const number = series.numberOf(`pool-${pool}`, `Pool ${pool}`);
    const windows = Map.groupBy(samplesOf(pool), ({ atMs }) => Math.floor(atMs / windowMs) * windowMs);
    for (const [window, samples] of windows) {
      if (window < splitMs) sealWindow(db, number, window, samples);
    }
  }
  db.close();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function taskOf(format: ExportFormat): ExportTask {
  const profiles = [0, 1].map((pool) => {
    const writer = new SampleWriter();
    for (const sample of samplesOf(pool)) if (sample.atMs >= splitMs) writer.write(sample);
    return { profileId: `pool-${pool}`, name: `Pool ${pool}`, splitMs, runs: [writer.written.slice()] };
  });
  return { historyFile, profiles, ...span, output: { kind: 'table', format, resolution: { kind: 'raw' } } };
}

/** All of it by one, in order. */
function writtenByOne(task: ExportTask): Buffer {
  const reader = openExportReader(historyFile);
  try {
    const parts = [...writeTable(reader, task, task.output as never)].map(({ bytes }) => Buffer.from(bytes));
    return Buffer.concat(parts);
  } finally {
    reader.close();
  }
}

describe('a table of more than a day, made by two threads', () => {
  it.each<ExportFormat>(['csv', 'jsonl'])('is byte for byte what one would have made: %s', async (format) => {
    const parts: Uint8Array[] = [];
    let told = { state: '', rows: 0 };
    const task = taskOf(format);
    for await (const part of exportStream(task, new AbortController().signal, (progress) => {
      told = progress;
    })) {
      parts.push(part);
    }
    const one = writtenByOne(task);
    expect(Buffer.concat(parts).equals(one)).toBe(true);
    const rows = one.toString().trimEnd().split('\n').length - (format === 'csv' ? 1 : 0);
    expect(rows).toBe([0, 1].flatMap(samplesOf).length);
    expect(told).toMatchObject({ state: 'done', rows });
  });

  it('shares the work by the hour, and the head of the file is there once', () => {
    const task = taskOf('csv');
    const reader = openExportReader(historyFile);
    const shares = [0, 1].map((index) => [
      ...writeTable(reader, { ...task, share: { index, of: 2 } }, task.output as never),
    ]);
    reader.close();
    // Of two connections 31 whole or broken hours on disk, and what memory has.
    expect(shares.map((pieces) => pieces.length)).toEqual([32, 32]);
    const heads = shares.flat().filter(({ bytes }) => Buffer.from(bytes).includes('time_utc'));
    expect(heads).toEqual([shares[0]?.[0]]);
    for (const pieces of shares) expect(pieces.filter(({ rows }) => rows > 0).length).toBeGreaterThan(20);
  });

  it('walks no hour in which nothing can have been recorded, however long the range', async () => {
    const reader = openExportReader(historyFile);
    const recorded = reader.recorded('pool-0');
    expect(recorded?.fromMs).toBeLessThanOrEqual(samplesOf(0)[0]?.atMs ?? 0);
    expect(reader.recorded('nobody')).toBeNull();
    reader.close();
    const years = { fromMs: 0, toMs: 8.64e15 };
    const profiles = taskOf('csv').profiles.map((profile) => ({ ...profile, recorded }));
    const task = { ...taskOf('csv'), ...years, profiles };
    const parts: Uint8Array[] = [];
    for await (const part of exportStream(task, new AbortController().signal, () => {})) parts.push(part);
    expect(Buffer.concat(parts).equals(writtenByOne({ ...task, profiles: taskOf('csv').profiles }))).toBe(
      true,
    );
  });

  it('stops when it is cancelled, and both threads end', async () => {
    const cancelling = new AbortController();
    const states: string[] = [];
    const taking = (async () => {
      for await (const _part of exportStream(taskOf('csv'), cancelling.signal, ({ state }) =>
        states.push(state),
      )) {
        cancelling.abort();
      }
    })();
    await expect(taking).rejects.toMatchObject({ code: 'cancelled' });
    expect(states.at(-1)).toBe('cancelled');
  });

  it('says what is wrong when the history cannot be read', async () => {
    const task = { ...taskOf('csv'), historyFile: path.join(folder, 'nothing', 'history.db') };
    const taking = (async () => {
      for await (const _part of exportStream(task, new AbortController().signal, () => {})) void _part;
    })();
    await expect(taking).rejects.toThrow();
  });
});
