import { describe, expect, it } from 'vitest';
import type { Bucket } from '#shared/model/bucket.ts';
import { dotsPath, Lanes, shapeOf } from './paths.ts';

const { line, step, 'area-stack': area, bars, marks } = shapeOf;

const scale = { top: 10, heightPx: 100 };

/** One pixel per bucket of a second, buckets at the given seconds. */
function lanesAt(seconds: number[]): Lanes {
  const lanes = new Lanes();
  const buckets = seconds.map((second) => ({ startMs: second * 1000 })) as Bucket[];
  lanes.place({ fromMs: 0, toMs: 10_000, bucketMs: 1000, buckets }, 10);
  return lanes;
}

const column = (...values: (number | null)[]) => Float64Array.from(values, (value) => value ?? Number.NaN);

describe('a line', () => {
  it('joins buckets that follow each other', () => {
    expect(line(lanesAt([0, 1, 2]), null, column(0, 5, 10), scale)).toBe('M0.5 100L1.5 50L2.5 0');
  });

  it('bridges one late sample', () => {
    expect(line(lanesAt([0, 2]), null, column(0, 0), scale)).toBe('M0.5 100L2.5 100');
    expect(step(lanesAt([0, 2]), null, column(0, 0), scale)).toBe('M0 100H2H3');
  });

  it('leaves a gap where buckets are missing', () => {
    expect(line(lanesAt([0, 1, 5, 6]), null, column(0, 0, 0, 0), scale).match(/M/g)).toHaveLength(2);
  });

  it('leaves a gap at a null and never draws it as zero', () => {
    expect(line(lanesAt([0, 1, 2, 3, 4]), null, column(5, 5, null, 5, 5), scale)).toBe(
      'M0.5 50L1.5 50M3.5 50L4.5 50',
    );
  });

  it('shows a value alone between gaps as a dot, and only there', () => {
    const lone = column(null, 5, null);
    expect(line(lanesAt([0, 1, 2]), null, lone, scale)).toBe('');
    expect(dotsPath(lanesAt([0, 1, 2]), lone, scale)).toBe('M1.5 50h0');
    expect(dotsPath(lanesAt([0]), column(5), scale)).toBe('M0.5 50h0');
    // Alone in time: the buckets around it are missing.
    expect(dotsPath(lanesAt([0, 4, 8, 9]), column(5, 10, 0, 0), scale)).toBe('M0.5 50h0M4.5 0h0');
    expect(dotsPath(lanesAt([0, 1, 2]), column(0, 5, 10), scale)).toBe('');
    expect(dotsPath(lanesAt([0, 1]), column(null, null), scale)).toBe('');
  });

  it('loses nothing: every value is on a line or a dot', () => {
    const lanes = lanesAt([0, 1, 2, 3, 4, 5, 9]);
    const values = column(1, null, 2, 3, null, 4, 5);
    const points = (path: string) => path.match(/[ML]/g)?.length ?? 0;
    expect(points(line(lanes, null, values, scale))).toBe(2);
    expect(points(dotsPath(lanes, values, scale))).toBe(3);
  });
});

describe('a step line', () => {
  it('holds a value and turns at right angles', () => {
    expect(step(lanesAt([0, 1, 2]), null, column(5, 5, 10), scale)).toBe('M0 50H1H2V0H3');
  });

  it('breaks at nulls and at missing buckets', () => {
    expect(step(lanesAt([0, 1, 2, 7]), null, column(5, null, 5, 5), scale)).toBe('M0 50H1M2 50H3M7 50H8');
  });
});

describe('a stacked area', () => {
  it('closes on the base line', () => {
    expect(area(lanesAt([0, 1]), null, column(5, 10), scale)).toBe('M0 50H1V0H2V100H1V100H0Z');
  });

  it('stands on the column below it', () => {
    expect(area(lanesAt([0]), column(5), column(10), scale)).toBe('M0 0H1V50H0Z');
  });

  it('is a line at 0 on the ground, and nothing at all on top of another series', () => {
    expect(area(lanesAt([0]), null, column(0), scale)).toBe('M0 100H1V100H0Z');
    expect(area(lanesAt([0]), column(5), column(5), scale)).toBe('');
  });

  it('is two areas around a gap', () => {
    expect(area(lanesAt([0, 1, 8, 9]), null, column(5, 5, 5, 5), scale).match(/Z/g)).toHaveLength(2);
  });

  it('gives a single bucket its full width', () => {
    expect(area(lanesAt([3]), null, column(5), scale)).toBe('M3 50H4V100H3Z');
  });
});

describe('bars', () => {
  it('draws nothing where nothing happened', () => {
    expect(bars(lanesAt([0, 1]), null, column(0, null), scale)).toBe('');
  });

  it('keeps a bar wide enough to be seen', () => {
    expect(bars(lanesAt([4]), null, column(5), scale)).toBe('M4 100V50H6V100Z');
  });
});

describe('marks', () => {
  it('puts a cross only where something was counted', () => {
    expect(marks(lanesAt([0, 1, 2]), null, column(0, 1, null), scale).match(/M/g)).toHaveLength(1);
  });
});
