import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PoolSample } from '#shared/model/pool-sample.ts';
import { histogramOf, sampleAt } from '../../../../tests/support/samples.ts';
import type { SaveRequest } from '../ports.ts';
import { csvFileName } from './file-name.ts';
import { createExporter } from './index.ts';

const startMs = Date.UTC(2026, 10, 20, 23, 37, 33, 5);
const signal = new AbortController().signal;

async function exported(
  name: string,
  samples: PoolSample[],
): Promise<{ text: string; request: SaveRequest }> {
  let request: SaveRequest | undefined;
  const { handlers } = createExporter({
    samplesOf: () => samples,
    profileOf: () => ({ name }),
    saveFile: async (asked) => {
      request = asked;
      return { kind: 'saved', path: '/tmp/x.csv' };
    },
  });
  const range = { profileId: 'p', fromMs: startMs, toMs: startMs + 60_000 };
  expect(await handlers['exporter.csv'](range, { callerId: 'c1', signal })).toEqual({
    kind: 'saved',
    path: '/tmp/x.csv',
  });
  if (request === undefined) throw new Error('nothing was saved');
  let text = '';
  for await (const chunk of request.content()) text += chunk;
  return { text, request };
}

/** Reads CSV with Python's reader, which shares nothing with the writer. */
function readCsv(text: string): Record<string, string>[] {
  const program =
    'import csv,io,json,sys; t=sys.stdin.buffer.read().decode(); print(json.dumps(list(csv.DictReader(io.StringIO(t,newline=""),strict=True))))';
  const result = spawnSync('python3', ['-c', program], { input: text, maxBuffer: 2 ** 28 });
  if (result.status !== 0) throw new Error(String(result.stderr ?? result.error));
  return JSON.parse(String(result.stdout));
}

describe('the CSV of a range', () => {
  it('holds one line for each sample, with units, UTC times, and nothing where nothing was measured', async () => {
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
    const { text, request } = await exported('Shop, "main"', [busy, sampleAt(startMs + 1000), failed]);
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
    expect(request).toMatchObject({
      callerId: 'c1',
      signal,
      suggestedName: 'poolscope-Shop-main-2026-11-20T23-37-33Z-2026-11-20T23-38-33Z.csv',
    });
  });

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\tx', '\rx'])(
    'makes the name %j harmless in a spreadsheet',
    async (name) => {
      const { text } = await exported(name, [sampleAt(startMs)]);
      expect(readCsv(text)[0]?.connection).toBe(`'${name}`);
    },
  );

  it('leaves numbers alone, even negative ones', async () => {
    const { text } = await exported('Shop', [sampleAt(startMs, { intervalMs: -1 })]);
    expect(readCsv(text)[0]?.interval_ms).toBe('-1');
  });

  it('keeps any other name exactly', async () => {
    const name = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 80 })
      .filter((text) => !/^['=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/.test(text) && text.isWellFormed());
    const names = fc.sample(name, 40);
    for (const sampled of ['lone\rreturn', 'lone\nfeed', 'a,b"c\r\nd', '👩🏽‍🚀 مرحبا', ...names]) {
      const { text } = await exported(sampled, [sampleAt(startMs)]);
      expect(readCsv(text)[0]?.connection).toBe(sampled);
    }
  });

  it('comes in pieces, and an hour of it can be read anew', async () => {
    const samples = Array.from({ length: 3600 }, (_, second) => sampleAt(startMs + second * 1000));
    const { text, request } = await exported('Shop', samples);
    expect(readCsv(text)).toHaveLength(3600);
    let pieces = 0;
    for await (const chunk of request.content()) {
      expect(chunk.length).toBeLessThan(text.length / 2);
      pieces += 1;
      if (pieces === 3) break;
    }
    expect(pieces).toBe(3);
  });

  it('is not made for a range without samples', async () => {
    await expect(exported('Shop', [])).rejects.toMatchObject({ code: 'not_found' });
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
    expect(csvFileName(name, startMs, startMs)).toBe(
      `poolscope-${expected}-2026-11-20T23-37-33Z-2026-11-20T23-37-33Z.csv`,
    );
  });

  it('is never longer than file systems allow', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (name) => {
        const fileName = csvFileName(name, startMs, startMs);
        expect(Buffer.byteLength(fileName)).toBeLessThanOrEqual(255);
        expect(fileName).toMatch(/^poolscope-[\p{L}\p{M}\p{N}_.-]+\.csv$/u);
      }),
    );
  });
});
