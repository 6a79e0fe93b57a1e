import { describe, expect, it } from 'vitest';
import { inOrder } from './use-held-order.ts';

describe('rows held in their order', () => {
  it('stay where they were, whatever order they come in', () => {
    expect(inOrder(['b', 'c', 'a'], (row) => row, ['a', 'b', 'c'])).toEqual(['a', 'b', 'c']);
  });

  it('make room for new ones at the end and close the gap of those that left', () => {
    expect(inOrder(['new', 'c', 'a'], (row) => row, ['a', 'b', 'c'])).toEqual(['a', 'c', 'new']);
  });
});
