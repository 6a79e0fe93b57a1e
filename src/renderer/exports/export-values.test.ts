import { describe, expect, it } from 'vitest';
import { exporterRoutes } from '#shared/contract/exporter.ts';
import {
  type ExportContext,
  type ExportRequest,
  type ExportValues,
  expectedRows,
  inputOfMs,
  msOfInput,
  requestOf,
} from './export-values.ts';

const nowMs = new Date(2026, 9, 4, 12, 0).getTime();
const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const context: ExportContext = {
  ...{ thisId: 'a', allIds: ['a', 'b', 'c'], nowMs },
  shown: { fromMs: nowMs - 300_000.5, toMs: nowMs - 0.5 },
};
const values = (changes: Partial<ExportValues> = {}): ExportValues => ({
  ...{ connections: 'this', several: [], range: 'shown', from: '', to: '', format: 'csv' },
  ...{ resolution: 'raw', bucketMs: 300_000 },
  ...changes,
});
const requested = (changes: Partial<ExportValues>) => {
  const outcome = requestOf(values(changes), context);
  if ('errors' in outcome) throw new Error(JSON.stringify(outcome.errors));
  return outcome.request;
};
const errorsOf = (changes: Partial<ExportValues>) => {
  const outcome = requestOf(values(changes), context);
  return 'errors' in outcome ? outcome.errors : {};
};

describe('what is asked of the engine', () => {
  it('is the window shown of this connection, unless told otherwise', () => {
    expect(requested({})).toEqual({
      ...{ profileIds: ['a'], format: 'csv', resolution: { kind: 'raw' } },
      ...{ fromMs: nowMs - 300_001, toMs: nowMs },
    });
  });

  it('can be several connections, or all', () => {
    expect(requested({ connections: 'several', several: ['c', 'a', 'gone'] }).profileIds).toEqual(['a', 'c']);
    expect(requested({ connections: 'all' }).profileIds).toEqual(['a', 'b', 'c']);
  });

  it('is taken by the contract at every format and resolution', () => {
    for (const format of ['csv', 'jsonl', 'parquet'] as const)
      for (const resolution of ['raw', 'rollup', 'bucketed'] as const) {
        const input = { exportId: 'x', ...requested({ format, resolution }) };
        expect(exporterRoutes['exporter.save'].input.safeParse(input).success).toBe(true);
      }
  });

  it('holds every sample in a bundle, whatever resolution was chosen before', () => {
    expect(requested({ format: 'bundle', resolution: 'rollup' }).resolution).toEqual({ kind: 'raw' });
  });

  it('says which field is wrong, and why', () => {
    const typed = { range: 'typed', from: inputOfMs(nowMs - hourMs), to: inputOfMs(nowMs) } as const;
    expect(errorsOf(typed)).toEqual({});
    expect(errorsOf({ ...typed, to: typed.from }).to).toMatch(/end after it starts/);
    expect(errorsOf({ ...typed, from: '', to: 'soon' })).toHaveProperty('from');
    expect(errorsOf({ ...typed, from: '', to: 'soon' })).toHaveProperty('to');
    expect(errorsOf({ ...typed, from: inputOfMs(nowMs + hourMs) }).from).toMatch(/future/);
    expect(errorsOf({ connections: 'several' }).connections).toMatch(/at least one/);
  });
});

describe('a moment in an input', () => {
  it('comes back as it went in', () => {
    for (const atMs of [0, nowMs, nowMs + 59_000]) expect(msOfInput(inputOfMs(atMs))).toBe(atMs);
  });

  it('is none when it is empty, half typed or nonsense', () => {
    for (const text of ['', '2026-10-04', 'tomorrow', '2026-13-45T99:99', '1200-01-01T00:00'])
      expect(msOfInput(text)).toBeNull();
  });
});

describe('the rows to expect', () => {
  const request: ExportRequest = {
    ...{ profileIds: ['a', 'b'], fromMs: nowMs - hourMs, toMs: nowMs, format: 'csv' },
    resolution: { kind: 'raw' },
  };
  const held = (profileId: string, oldestAtMs: number, newestAtMs = nowMs) => ({
    ...{ profileId, name: profileId, bytes: 0, samples: 1, oldestAtMs, newestAtMs },
  });
  const storage = (...profiles: ReturnType<typeof held>[]) => ({
    profiles,
    retention: { rawDays: 7, rollupDays: 90 },
  });

  it('are one per connection and second, minute or bucket', () => {
    expect(expectedRows(request, undefined, nowMs)).toBe(7200);
    expect(expectedRows({ ...request, resolution: { kind: 'rollup' } }, undefined, nowMs)).toBe(120);
    const bucketed = { kind: 'bucketed', bucketMs: 300_000 } as const;
    expect(expectedRows({ ...request, resolution: bucketed }, undefined, nowMs)).toBe(24);
  });

  it('leave out what was not recorded', () => {
    const known = storage(held('a', nowMs - hourMs / 2), held('z', 0));
    expect(expectedRows(request, known, nowMs)).toBe(1800);
    expect(expectedRows(request, storage(held('a', 0, nowMs - hourMs / 2)), nowMs)).toBe(1800);
    expect(expectedRows(request, storage(), nowMs)).toBe(0);
  });

  it('leave out seconds that are no longer kept, but not their minutes', () => {
    const long = { ...request, profileIds: ['a'], fromMs: nowMs - 30 * dayMs };
    const known = storage(held('a', 0));
    expect(expectedRows(long, known, nowMs)).toBe(7 * 86_400);
    expect(expectedRows({ ...long, resolution: { kind: 'rollup' } }, known, nowMs)).toBe(30 * 1440);
  });

  it('are none in the future', () => {
    expect(expectedRows({ ...request, fromMs: nowMs + 1, toMs: nowMs + dayMs }, undefined, nowMs)).toBe(0);
  });
});
