import { describe, expect, it } from 'vitest';
import { type HeldRow, heldInPlace } from './held-rows.ts';

const rows = (...items: string[]): HeldRow<string>[] =>
  items.map((item) => ({ id: item.slice(0, 1), item, gone: false }));
const shown = (held: HeldRow<string>[]) => held.map(({ item, gone }) => (gone ? `(${item})` : item));

describe('rows under a pointer', () => {
  it('stay where they are with their new figures, whatever order they would now have', () => {
    expect(shown(heldInPlace(rows('a1', 'b1', 'c1'), rows('c2', 'a2', 'b2')))).toEqual(['a2', 'b2', 'c2']);
  });

  it('keep the place of one that ended, and put new ones last', () => {
    const once = heldInPlace(rows('a1', 'b1', 'c1'), rows('d2', 'c2', 'a2'));
    expect(shown(once)).toEqual(['a2', '(b1)', 'c2', 'd2']);
    expect(shown(heldInPlace(once, rows('a3', 'd3')))).toEqual(['a3', '(b1)', '(c2)', 'd3']);
  });

  it('are placed anew when hundreds of them ended, so that a pointer left there holds no heap of them', () => {
    const many = Array.from({ length: 501 }, (_, id) => ({ id: `${id}`, item: `${id}`, gone: false }));
    expect(heldInPlace(many, many.slice(1))).toHaveLength(501);
    expect(shown(heldInPlace(many, rows('a1')))).toEqual(['a1']);
  });

  it('are whole again when the same one comes back', () => {
    const gone = heldInPlace(rows('a1'), []);
    expect(shown(heldInPlace(gone, rows('a2')))).toEqual(['a2']);
  });
});
