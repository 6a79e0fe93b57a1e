import { expect, it } from 'vitest';
import { countInWords } from './session-figures.tsx';

it('never calls 0 what nobody can see', () => {
  expect([countInWords(12, 0), countInWords(0, 0), countInWords(12, 3), countInWords(0, 3)]).toEqual([
    '12',
    '0',
    '≥ 12',
    'unknown',
  ]);
});
