import { describe, expect, it } from 'vitest';
import { compareValues } from './table-column.ts';

describe('sorting by a column', () => {
  it('puts numbers by size, and figures within words too', () => {
    expect([10, 9, 2].sort(compareValues)).toEqual([2, 9, 10]);
    expect(['app-10', 'App-9', 'app-1'].sort(compareValues)).toEqual(['app-1', 'App-9', 'app-10']);
  });
});
