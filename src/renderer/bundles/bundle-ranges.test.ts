import { describe, expect, it } from 'vitest';
import { back, shownSpan, stepped, wholeRange, zoomedOut, zoomedTo } from './bundle-ranges.ts';

const minuteMs = 60_000;
const whole = { fromMs: 0, toMs: 60 * minuteMs };
const start = wholeRange(whole);
const tenth = zoomedTo(start, { fromMs: 10 * minuteMs, toMs: 20 * minuteMs });

describe('the range of a bundle', () => {
  it('is shown whole at first, and again when one goes back as often as one zoomed', () => {
    expect(shownSpan(start)).toEqual(whole);
    expect(shownSpan(tenth)).toEqual({ fromMs: 10 * minuteMs, toMs: 20 * minuteMs });
    expect(shownSpan(back(tenth))).toEqual(whole);
    expect(back(start)).toEqual(start);
  });

  it('is stepped through as far as it reaches', () => {
    expect(shownSpan(stepped(tenth, 1))).toEqual({ fromMs: 20 * minuteMs, toMs: 30 * minuteMs });
    const first = stepped(stepped(tenth, -1), -1);
    expect(shownSpan(first)).toEqual({ fromMs: 0, toMs: 10 * minuteMs });
    const late = zoomedTo(start, { fromMs: 45 * minuteMs, toMs: 55 * minuteMs });
    expect(shownSpan(stepped(late, 1))).toEqual({ fromMs: 50 * minuteMs, toMs: 60 * minuteMs });
  });

  it('is never left by zooming out, nor shown in parts too short to draw', () => {
    expect(shownSpan(zoomedOut(tenth))).toEqual({ fromMs: 5 * minuteMs, toMs: 25 * minuteMs });
    expect(shownSpan(zoomedOut(start))).toEqual(whole);
    const narrow = shownSpan(zoomedTo(start, { fromMs: minuteMs, toMs: minuteMs + 5 }));
    expect(narrow).toEqual({ fromMs: minuteMs, toMs: minuteMs + 10_000 });
  });
});
