import { describe, expect, it } from 'vitest';
import { allRows, nextAfterId } from './names-pages.ts';

const row = (id: number) => ({ id, name: `n${id}` });

describe('the list of names', () => {
  it('is in order of id, with each row once, even when a page holds a row added here', () => {
    const pages = [
      { rows: [row(1), row(2)], hasMore: true },
      { rows: [row(3), row(9)], hasMore: false },
    ];
    expect(allRows(pages, [row(9), row(4)]).map(({ id }) => id)).toEqual([1, 2, 3, 4, 9]);
  });

  it('goes on after the last row of the page, and ends when no more follow', () => {
    expect(nextAfterId({ rows: [row(1), row(7)], hasMore: true })).toBe(7);
    expect(nextAfterId({ rows: [row(1)], hasMore: false })).toBeUndefined();
  });
});
