import { describe, expect, it } from 'vitest';
import { exporterRoutes } from '#shared/contract/exporter.ts';
import {
  type ExportContext,
  type ExportRequest,
  type ExportValues,
  expectedRows,
  picked,
  pickersOf,
  requestOf,
  typed,
  wordsOf,
} from './export-values.ts';

const nowMs = new Date(2026, 9, 4, 12, 0).getTime();
const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const context: ExportContext = {
  ...{ thisId: 'a', allIds: ['a', 'b', 'c'], nowMs, zone: 'local' },
  shown: { fromMs: nowMs - 300_000.5, toMs: nowMs - 0.5 },
};
const values = (changes: Partial<ExportValues> = {}): ExportValues => ({
  ...{ connections: 'this', several: [], range: 'shown', text: '', from: '', to: '', format: 'csv' },
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
  it('is the range shown of this connection, unless told otherwise', () => {
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
    const another = { range: 'typed', text: 'last 13h' } as const;
    expect(errorsOf(another)).toEqual({});
    expect(errorsOf({ ...another, text: 'yesterday 10:30 to 9:00' }).range).toMatch(/before it starts/);
    expect(errorsOf({ ...another, text: 'banana' }).range).toMatch(/is not a time/);
    expect(errorsOf({ ...another, text: '2100-01-01 to 2100-01-02' }).range).toMatch(/in the future/);
    expect(errorsOf({ ...another, text: '' }).range).toMatch(/^Set the start/);
    expect(errorsOf({ connections: 'several' }).connections).toMatch(/at least one/);
  });

  it('can be a range in words, which ends when the dialog was opened', () => {
    const { fromMs, toMs } = requested({ range: 'typed', text: 'last 13h' });
    expect([fromMs, toMs]).toEqual([nowMs - 13 * hourMs, nowMs]);
  });
});

describe('words and pickers of a range', () => {
  it('follow each other, in the zone of the app', () => {
    for (const zone of ['local', 'utc'] as const) {
      const inZone = { ...context, zone };
      const change = typed('last 13h', inZone);
      expect(change).toEqual({
        text: 'last 13h',
        ...pickersOf({ fromMs: nowMs - 13 * hourMs, toMs: nowMs }, zone),
      });
      const { from = '', to = '' } = change;
      const back = picked({ from, to }, zone);
      expect(back.text).toBe(wordsOf({ fromMs: nowMs - 13 * hourMs, toMs: nowMs }, zone));
      const outcome = requestOf(values({ range: 'typed', ...back }), inZone);
      expect(outcome).toMatchObject({ request: { fromMs: nowMs - 13 * hourMs, toMs: nowMs } });
    }
  });

  it('leave the pickers alone while the words cannot be read, and the words empty while a picker is', () => {
    expect(typed('yester', context)).toEqual({ text: 'yester' });
    expect(picked({ from: '', to: '2026-10-04T12:00:00' }, 'utc').text).toBe('');
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
