import { expect, it } from 'vitest';
import { formatAge } from './age-words.ts';

it('tells an age in the two largest units that say something', () => {
  expect([-5, 999, 12_400, 60_000, 185_000, 7_500_000, 273_600_000].map(formatAge)).toEqual([
    '<1 s',
    '<1 s',
    '12 s',
    '1 min',
    '3 min 5 s',
    '2 h 5 min',
    '3 d 4 h',
  ]);
});
