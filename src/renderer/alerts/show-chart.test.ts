import { expect, it } from 'vitest';
import { spanAround } from './show-chart.ts';

const minuteMs = 60_000;

it('shows a moment, or a span, with what was before and after it', () => {
  const fromMs = 1_800_000_000_000;
  expect(spanAround({ fromMs, toMs: fromMs })).toEqual({
    fromMs: fromMs - 2 * minuteMs,
    toMs: fromMs + 2 * minuteMs,
  });
  const hours = spanAround({ fromMs, toMs: fromMs + 240 * minuteMs });
  expect(hours).toEqual({ fromMs: fromMs - 60 * minuteMs, toMs: fromMs + 300 * minuteMs });
});
