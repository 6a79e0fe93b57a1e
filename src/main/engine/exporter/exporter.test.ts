import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PoolSample } from '#shared/model/pool-sample.ts';
import { histogramOf, sampleAt } from '../../../../tests/support/samples.ts';
import { SampleWriter } from '../history/sample-codec.ts';
import { exportFileName } from './file-name.ts';
import { writeTable } from './write-table.ts';

const startMs = Date.UTC(2026, 10, 20, 23, 37, 33, 5);

/** The CSV of samples that memory holds, in the pieces it is made in. */
function csvPieces(name: string, samples: PoolSample[]): string[] {
  const runs = [];
  for (let start = 0; start < samples.length; start += 300) {
    const writer = new SampleWriter();
    for (const sample of samples.slice(start, start + 300)) writer.write(sample);
    runs.push(writer.written);
  }
  const profiles = [{ profileId: 'p', name, splitMs: 0, runs }];
  const output = { kind: 'table', format: 'csv', resolution: { kind: 'raw' } } as const;
  const task = { historyFile: null, profiles, fromMs: startMs, toMs: startMs + 3_600_000, output };
  return [...writeTable(null, task, output)].map(({ bytes }) => Buffer.from(bytes).toString());
}
const exported = (name: string, samples: PoolSample[]) => csvPieces(name, samples).join('');

type CsvRow = Record<string, string>;

/** Reads CSV files with Python's reader, which shares nothing with the writer. */
function readCsvs(texts: string[]): CsvRow[][] {
  const program =
    'import csv,io,json,sys; print(json.dumps([list(csv.DictReader(io.StringIO(t,newline=""),strict=True)) for t in json.load(sys.stdin)]))';
  const result = spawnSync('python3', ['-c', program], { input: JSON.stringify(texts), maxBuffer: 2 ** 28 });
  if (result.status !== 0) throw new Error(String(result.stderr ?? result.error));
  return JSON.parse(String(result.stdout));
}
const readCsv = (text: string): CsvRow[] => readCsvs([text])[0] ?? [];

describe('the CSV of a range', () => {
  it('holds one line for each sample, with units, UTC times, and nothing where nothing was measured', () => {
    const busy = sampleAt(startMs, {
      intervalMs: 1000.4567,
      idle: 3,
      used: 7,
      usedPeak: 9,
      pending: 4,
      acquired: 120,
      waitTimeouts: 2,
      waitMs: histogramOf([4, 10]),
      holdMs: histogramOf([20]),
      healthCheck: { roundTripMs: 1.23456 },
    });
    const failed = sampleAt(startMs + 2000, { healthCheck: { roundTripMs: null } });
    const text = exported('Shop, "main"', [busy, sampleAt(startMs + 1000), failed]);
    expect(text.split('\r\n')).toHaveLength(5);
    expect(text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);

    const rows = readCsv(text);
    expect(rows).toHaveLength(3);
    expect(rows[0]).toMatchObject({
      time_utc: '2026-11-20T23:37:33.005Z',
      connection: 'Shop, "main"',
      interval_ms: '1000.457',
      idle_connections: '3',
      used_connections: '7',
      used_peak_connections: '9',
      pending_requests: '4',
      max_connections: '10',
      acquired_per_interval: '120',
      wait_timeouts_per_interval: '2',
      wait_max_ms: '10',
      wait_mean_ms: '7',
      hold_p99_ms: '20',
      health_check: 'passed',
      health_round_trip_ms: '1.235',
    });
    // Percentiles come from buckets, five percent wide.
    expect(Math.abs(Number(rows[0]?.wait_p50_ms) - 4)).toBeLessThan(0.1);
    expect(rows[1]).toMatchObject({
      acquired_per_interval: '0',
      wait_p50_ms: '',
      wait_mean_ms: '',
      wait_max_ms: '',
      connect_p95_ms: '',
      health_check: '',
      health_round_trip_ms: '',
    });
    expect(rows[2]).toMatchObject({ health_check: 'failed', health_round_trip_ms: '' });
  });

  it('makes names that a spreadsheet would run harmless', () => {
    const names = ['=1+1', '+1', '-1', '@SUM(A1)', '\tx', '\rx'];
    const files = readCsvs(names.map((name) => exported(name, [sampleAt(startMs)])));
    expect(files.map(([row]) => row?.connection)).toEqual(names.map((name) => `'${name}`));
  });

  it('leaves numbers alone, even negative ones', () => {
    const text = exported('Shop', [sampleAt(startMs, { intervalMs: -1 })]);
    expect(readCsv(text)[0]?.interval_ms).toBe('-1');
  });

  it('keeps any other name exactly', () => {
    const name = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 80 })
      .filter((text) => !/^['=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/.test(text) && text.isWellFormed());
    const odd = ['lone\rreturn', 'lone\nfeed', 'a,b"c\r\nd', '👩🏽‍🚀 مرحبا'];
    const names = [...odd, ...fc.sample(name, 200)];
    const files = readCsvs(names.map((sampled) => exported(sampled, [sampleAt(startMs)])));
    expect(files.map(([row]) => row?.connection)).toEqual(names);
  });

  it('comes in pieces, whatever its length', () => {
    const samples = Array.from({ length: 3600 }, (_, second) => sampleAt(startMs + second * 1000));
    const pieces = csvPieces('Shop', samples);
    expect(readCsv(pieces.join(''))).toHaveLength(3600);
    expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThan(pieces.join('').length / 2);
  });
});

describe('the suggested file name', () => {
  it.each([
    ['Shop / main: "EU"?', 'Shop-main-EU'],
    ['../../etc/passwd', 'etc-passwd'],
    ['..', 'connection'],
    ['a\u202Ecod.exe', 'a-cod.exe'],
    ['مرحبا', 'مرحبا'],
    ['👩🏽‍🚀', 'connection'],
    ['C:\\CON', 'C-CON'],
    ['line\nbreak\u0000', 'line-break'],
  ])('of %j is safe everywhere', (name, expected) => {
    expect(exportFileName(name, startMs, startMs, 'csv')).toBe(
      `poolscope-${expected}-2026-11-20T23-37-33Z-2026-11-20T23-37-33Z.csv`,
    );
  });

  it('is never longer than file systems allow', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (name) => {
        const fileName = exportFileName(name, startMs, startMs, 'csv');
        expect(Buffer.byteLength(fileName)).toBeLessThanOrEqual(255);
        expect(fileName).toMatch(/^poolscope-[\p{L}\p{M}\p{N}_.-]+\.csv$/u);
      }),
    );
  });
});
