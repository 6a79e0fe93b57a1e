import { describe, expect, it } from 'vitest';
import { type Bucket, foldSample } from '#shared/model/bucket.ts';
import { emptyHistogram } from '#shared/model/histogram.ts';
import { ColumnTable } from './columns.ts';
import { Lanes } from './paths.ts';
import type { SeriesDefinition } from './series.ts';
import { thresholdLines } from './threshold-lines.ts';
import { type Threshold, thresholdsInWords } from './thresholds.ts';

const max: SeriesDefinition = {
  ...{ key: 'max', label: 'Max', color: '--max', kind: 'step' },
  value: ({ maxSetting }) => maxSetting,
};

/** A second each, of pools of these sizes, in a plot of 10 px for each. */
function linesOf(thresholds: readonly Threshold[], top: number, sizes = [10], widthPx = 400) {
  const buckets: Bucket[] = [];
  for (const [i, size] of sizes.entries()) foldSample(buckets, sampleAt(i * 1000 + 500, size), 1000);
  const view = { fromMs: 0, toMs: sizes.length * 1000, bucketMs: 1000, buckets };
  const table = new ColumnTable([max]);
  table.fill(view, new Set());
  const lanes = new Lanes();
  lanes.place(view, widthPx);
  return thresholdLines(thresholds, table.series, lanes, { top, heightPx: 100 }, widthPx);
}

const sampleAt = (atMs: number, size: number) => ({
  ...{ profileId: 'p', atMs, intervalMs: 1000, idle: 0, used: 0, connecting: 0, pending: 0, usedPeak: 0 },
  ...{ pendingPeak: 0, longestPendingMs: 0, min: 0, max: size, acquired: 0, released: 0, opened: 0 },
  ...{ closed: 0, waitTimeouts: 0, connectTimeouts: 0, connectFailures: 0, connectionErrors: 0 },
  ...{ waitMs: emptyHistogram(), holdMs: emptyHistogram(), connectMs: emptyHistogram() },
  healthCheck: null,
});

const limit = (value: number): Threshold => ({ key: `limit ${value}`, label: `Limit ${value}`, value });
const rule = (value: number, name = 'Slow', more: Partial<Threshold> = {}): Threshold => ({
  ...{ key: name, label: `Warning: ${name} over ${value}`, value },
  rule: { name, severity: 'warning' },
  ...more,
});

describe('the lines of thresholds', () => {
  it('lie at their value, and only where the axis reaches', () => {
    const drawn = linesOf([limit(50), limit(500), rule(20), rule(200, 'Slower')], 100).map(({ d }) => d);
    expect(drawn).toEqual(['M0 50H400', '', 'M0 80H400', '']);
  });

  it('lie at the foot for a rule over 0, which no limit is', () => {
    expect(linesOf([limit(0), rule(0)], 10).map(({ d }) => d)).toEqual(['', 'M0 100H400']);
  });

  it('follow the maximum where they are a share of it', () => {
    const [line] = linesOf([rule(0.5, 'Busy', { shareOf: 'max' })], 20, [10, 10, 20], 300);
    expect(line?.d).toBe('M0 75H100H200V50H300');
    // The label is at the right end, where the line is now.
    expect(line?.label).toEqual({ text: 'Busy', yPx: 47 });
  });

  it('have no line where the series is not known', () => {
    expect(linesOf([rule(0.5, 'Busy', { shareOf: 'max' })], 20, [])[0]).toMatchObject({ d: '', label: null });
  });

  it('name rules, never limits, and not two in one place', () => {
    const names = (thresholds: Threshold[]) =>
      linesOf(thresholds, 100).map(({ label }) => label?.text ?? null);
    expect(names([limit(50), rule(50), rule(52, 'Slower'), rule(80, 'Slowest')])).toEqual([
      null,
      'Slow',
      null,
      'Slowest',
    ]);
  });

  it('have their name below them at the very top, and cut to a third of the width', () => {
    expect(linesOf([rule(100)], 100)[0]?.label).toEqual({ text: 'Slow', yPx: 10 });
    const name = 'A name that says much more than fits';
    expect(linesOf([rule(50, name)], 100, [10], 230)[0]?.label?.text).toBe('A name that s…');
    expect(linesOf([rule(50, name)], 100, [10], 100)[0]?.label).toBeNull();
  });

  it('are all told in words, with those that the axis does not reach', () => {
    expect(thresholdsInWords([limit(50), rule(200)], 100)).toBe(
      'Limit 50; Warning: Slow over 200 (above the axis)',
    );
    expect(thresholdsInWords([rule(0.8, 'Busy', { shareOf: 'max' })], 0.5)).toBe('Warning: Busy over 0.8');
  });
});
