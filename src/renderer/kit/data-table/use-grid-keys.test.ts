import { describe, expect, it } from 'vitest';
import { movedIndex } from './use-grid-keys.ts';

describe('keys in a table of many rows', () => {
  it('start at the first row downwards and at the last one upwards', () => {
    expect(movedIndex('ArrowDown', -1, 5, 3)).toBe(0);
    expect(movedIndex('ArrowUp', -1, 5, 3)).toBe(4);
  });

  it('stop at both ends', () => {
    expect(movedIndex('ArrowUp', 0, 5, 3)).toBe(0);
    expect(movedIndex('PageDown', 3, 5, 3)).toBe(4);
    expect(movedIndex('PageUp', 1, 5, 3)).toBe(0);
    expect(movedIndex('End', 1, 5, 3)).toBe(4);
  });

  it('leave other keys, and a table without rows, alone', () => {
    expect(movedIndex('a', 1, 5, 3)).toBeNull();
    expect(movedIndex('ArrowDown', -1, 0, 3)).toBeNull();
  });
});
