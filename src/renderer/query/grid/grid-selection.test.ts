import { describe, expect, it } from 'vitest';
import { afterKey, type GridKey, isWithin, rangeOf, selectCell } from './grid-selection.ts';

const size = { rows: 100, columns: 5 };
const press = (row: number, column: number, key: string, more: Partial<GridKey> = {}) =>
  afterKey(selectCell({ row, column }), { key, shift: false, mod: false, ...more }, size, 20)?.cursor;

describe('the cursor of a grid', () => {
  it('moves by arrows and stops at the edges', () => {
    expect(press(3, 2, 'ArrowDown')).toEqual({ row: 4, column: 2 });
    expect(press(0, 0, 'ArrowUp')).toEqual({ row: 0, column: 0 });
    expect(press(99, 4, 'ArrowRight')).toEqual({ row: 99, column: 4 });
  });

  it('moves by pages, to the ends of a row, and with Ctrl to the ends of the grid', () => {
    expect(press(30, 2, 'PageDown')).toEqual({ row: 50, column: 2 });
    expect(press(10, 2, 'PageUp')).toEqual({ row: 0, column: 2 });
    expect(press(10, 2, 'End')).toEqual({ row: 10, column: 4 });
    expect(press(10, 2, 'End', { mod: true })).toEqual({ row: 99, column: 4 });
    expect(press(10, 2, 'Home', { mod: true })).toEqual({ row: 0, column: 0 });
  });

  it('leaves other keys alone, and every key in an empty grid', () => {
    expect(press(1, 1, 'x')).toBeUndefined();
    const empty = { rows: 0, columns: 5 };
    const down = { key: 'ArrowDown', shift: false, mod: false };
    expect(afterKey(selectCell({ row: 0, column: 0 }), down, empty, 20)).toBeNull();
  });
});

describe('a selection', () => {
  it('grows with Shift from where it began, in any direction', () => {
    const up = { key: 'ArrowUp', shift: true, mod: false };
    const first = afterKey(selectCell({ row: 5, column: 3 }), up, size, 20);
    const second = first && afterKey(first, { ...up, key: 'ArrowLeft' }, size, 20);
    expect(second && rangeOf(second)).toEqual({ firstRow: 4, lastRow: 5, firstColumn: 2, lastColumn: 3 });
  });

  it('takes everything with Ctrl and A', () => {
    const all = afterKey(selectCell({ row: 5, column: 3 }), { key: 'a', shift: false, mod: true }, size, 20);
    const range = all && rangeOf(all);
    expect(range).toEqual({ firstRow: 0, lastRow: 99, firstColumn: 0, lastColumn: 4 });
    expect(range && isWithin(range, 99, 4)).toBe(true);
    expect(range && isWithin(range, 100, 4)).toBe(false);
  });
});
