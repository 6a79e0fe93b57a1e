import { describe, expect, it } from 'vitest';
import { relativeTime } from './time-words.ts';

const now = 1_800_000_000_000;
const ago = (ms: number) => relativeTime(now - ms, now);

describe('relative time', () => {
  it('counts down from the largest unit that fits, and never rounds up', () => {
    expect(ago(1_999)).toBe('just now');
    expect(ago(2_000)).toBe('2 s ago');
    expect(ago(59_999)).toBe('59 s ago');
    expect(ago(60_000)).toBe('1 min ago');
    expect(ago(3_599_999)).toBe('59 min ago');
    expect(ago(3_600_000)).toBe('1 h ago');
    expect(ago(86_399_999)).toBe('23 h ago');
    expect(ago(86_400_000)).toBe('1 day ago');
    expect(ago(3 * 86_400_000)).toBe('3 days ago');
  });

  it('calls a moment ahead of our clock "just now"', () => {
    expect(ago(-5_000)).toBe('just now');
  });
});
