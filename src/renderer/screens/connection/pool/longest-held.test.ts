import { expect, it } from 'vitest';
import { longestHeld } from './longest-held.ts';

const held = (connectionId: number, heldForMs: number) => ({
  connectionId,
  processId: null,
  holder: 'query',
  heldForMs,
  suspected: heldForMs > 60_000,
  inTransaction: false,
});

it('those held longest stand first, and the rest is counted', () => {
  const all = Array.from({ length: 40 }, (_, i) => held(i, i === 7 ? 90_000 : i));
  const { shown, more, suspected } = longestHeld(all);
  expect(shown.slice(0, 3).map(({ connectionId }) => connectionId)).toEqual([7, 39, 38]);
  expect([shown.length, more, suspected]).toEqual([30, 10, 1]);
});

it('none held is none', () => {
  expect(longestHeld([])).toEqual({ shown: [], more: 0, suspected: 0 });
});
