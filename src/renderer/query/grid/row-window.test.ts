import { describe, expect, it } from 'vitest';
import { rowHeight, rowWindow, scrollTopFor } from './row-window.ts';

const viewport = 480;

/** The rows that are really within view when scrolled there. */
function seen(rows: number, scrollTop: number) {
  const { first, end, top } = rowWindow(rows, scrollTop, viewport);
  const within: number[] = [];
  for (let row = first; row < end; row += 1) {
    const y = top + (row - first) * rowHeight - scrollTop;
    if (y > -rowHeight && y < viewport) within.push(row);
  }
  return within;
}

for (const rows of [1, 20, 21, 5000, 700_000, 10_000_000, 300_000_000]) {
  describe(`a grid of ${rows} rows`, () => {
    it('starts with the first row, ends with the last, and fills the view', () => {
      const { bodyHeight } = rowWindow(rows, 0, viewport);
      expect(bodyHeight).toBeLessThan(16_000_000);
      expect(seen(rows, 0)[0]).toBe(0);
      const bottom = Math.max(0, bodyHeight - viewport);
      expect(seen(rows, bottom).at(-1)).toBe(rows - 1);
      expect(seen(rows, bottom / 2).length).toBeGreaterThanOrEqual(Math.min(rows, 20));
    });

    it('brings any row into view, and stays where it is when the row is there', () => {
      for (const row of [0, Math.floor(rows / 3), rows - 1]) {
        const scrollTop = scrollTopFor(row, rows, 0, viewport);
        expect(seen(rows, scrollTop)).toContain(row);
        expect(scrollTopFor(row, rows, scrollTop, viewport)).toBeCloseTo(scrollTop, 3);
      }
    });
  });
}
