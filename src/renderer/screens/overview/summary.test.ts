import { describe, expect, it } from 'vitest';
import type { PoolView } from '../../data/pool-view.ts';
import { summaryOf } from './summary.ts';
import type { OverviewRow } from './worst-first.ts';

const row = (view: PoolView, pending?: number, peak = pending) =>
  ({
    view,
    sample: pending === undefined ? undefined : { pending, recentPeak: { pending: peak } },
  }) as OverviewRow;

describe('the summary line', () => {
  it('counts what is wrong and who waits', () => {
    const rows = [row('unhealthy', 3), row('failed'), row('degraded', 1), row('healthy', 0), row('closed')];
    expect(summaryOf(rows)).toBe(
      '5 connections · 1 unhealthy · 1 failed · 1 degraded · 1 healthy · 1 closed · 4 requests waiting',
    );
  });

  it('says "all healthy" only when every one is', () => {
    expect(summaryOf([row('healthy', 0)])).toBe('1 connection · all healthy');
    expect(summaryOf([row('healthy', 1), row('healthy')])).toBe(
      '2 connections · all healthy · 1 request waiting',
    );
    expect(summaryOf([row('healthy'), row('checking')])).toBe('2 connections · 1 healthy');
  });

  it('does not forget who waited a moment ago', () => {
    expect(summaryOf([row('healthy', 0, 17), row('healthy', 2, 3)])).toBe(
      '2 connections · all healthy · up to 20 requests waiting',
    );
    expect(summaryOf([row('degraded', 0, 1)])).toBe('1 connection · 1 degraded · up to 1 request waiting');
  });
});
