import { describe, expect, it } from 'vitest';
import { nextIndex } from './use-row-keys.ts';

describe('keys in a list of rows', () => {
  it('move by one and stop at both ends', () => {
    expect(nextIndex('ArrowDown', 0, 3)).toBe(1);
    expect(nextIndex('ArrowDown', 2, 3)).toBe(2);
    expect(nextIndex('ArrowUp', 1, 3)).toBe(0);
    expect(nextIndex('ArrowUp', 0, 3)).toBe(0);
  });

  it('jump to the ends', () => {
    expect(nextIndex('Home', 2, 3)).toBe(0);
    expect(nextIndex('End', 0, 3)).toBe(2);
  });

  it('leave other keys, unknown rows and empty lists alone', () => {
    expect(nextIndex('Enter', 1, 3)).toBeNull();
    expect(nextIndex('ArrowDown', -1, 3)).toBeNull();
    expect(nextIndex('Home', 0, 0)).toBeNull();
  });
});
