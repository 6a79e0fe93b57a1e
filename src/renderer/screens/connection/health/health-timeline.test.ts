import { describe, expect, it } from 'vitest';
import type { HealthSpan } from '#shared/model/health.ts';
import { sharesInWords, stripOf } from './health-timeline.ts';

const span = (state: HealthSpan['state'], fromMs: number, toMs: number): HealthSpan => ({
  profileId: 'p',
  state,
  fromMs,
  toMs,
  text: '',
});

describe('the strip of a pool’s health', () => {
  it('is as long as the range, and empty where nothing is known', () => {
    const spans = [span('healthy', 2500, 5000), span('unhealthy', 5000, 20_000)];
    expect(stripOf(spans, { fromMs: 0, toMs: 10_000 })).toMatchObject([
      { left: 25, width: 25 },
      { left: 50, width: 50 },
    ]);
  });

  it('leaves out what lies outside of the range', () => {
    expect(stripOf([span('healthy', 0, 1000)], { fromMs: 1000, toMs: 2000 })).toEqual([]);
  });

  it('is told in shares of the time known', () => {
    const spans = [span('healthy', 0, 9000), span('unhealthy', 9000, 10_000)];
    expect(sharesInWords(spans)).toBe('healthy 90 %, unhealthy 10 %');
  });
});
