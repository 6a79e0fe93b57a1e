import { describe, expect, it } from 'vitest';
import { formatBytes } from './byte-words.ts';

describe('a size in words', () => {
  it('has a fraction only where it tells something', () => {
    expect([0, 1, 999, 1000, 9949, 9960, 812_000, 1_200_000_000].map(formatBytes)).toEqual([
      ...['0 bytes', '1 byte', '999 bytes', '1.0 kB', '9.9 kB', '10 kB', '812 kB', '1.2 GB'],
    ]);
  });

  it('never reads 1000 of a unit', () => {
    expect(formatBytes(999_600)).toBe('1.0 MB');
  });
});
