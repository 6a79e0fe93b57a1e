import { afterEach, describe, expect, it } from 'vitest';
import type { Reading } from '#shared/contract/names-staged.ts';
import { Stages } from './stages.ts';

const reading: Reading = { encoding: 'auto', layout: 'auto', header: 'auto', column: null, trim: true };
const { signal } = new AbortController();
const ann = Buffer.from('Ann\n').toString('base64');

let stages: Stages;
afterEach(() => stages.close());

describe('what was chosen to be added', () => {
  it('goes with its window, and no other', async () => {
    stages = new Stages();
    for (const window of ['gone', 'stays']) {
      stages.take(`of ${window}`, window, 0, ann);
      await stages.preview(`of ${window}`, window, 'names.txt', reading, signal);
    }
    stages.callerGone('gone');
    expect(() => stages.namesOf('of gone', 'gone')).toThrow('not at hand any more');
    expect(stages.namesOf('of stays', 'stays')).toEqual(['Ann']);
  });
});
