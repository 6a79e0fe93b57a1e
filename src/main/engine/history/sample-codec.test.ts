import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anySample } from '../../../../tests/support/samples.ts';
import { SampleReader, SampleWriter } from './sample-codec.ts';

describe('packed samples', () => {
  it('come back exactly as they were', () => {
    fc.assert(
      fc.property(fc.array(anySample(), { maxLength: 20 }), (samples) => {
        const writer = new SampleWriter();
        for (const sample of samples) writer.write(sample);
        const reader = new SampleReader(writer.written);
        const back = [];
        while (!reader.isAtEnd) back.push(reader.read('a'));
        expect(back).toEqual(samples);
      }),
    );
  });
});
