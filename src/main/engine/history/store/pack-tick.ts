import type { PoolSample } from '#shared/model/pool-sample.ts';
import type { TickBatch } from '../database/tick-batch.ts';
import { SampleWriter } from '../sample-codec.ts';

/** Packed here, because bytes cross to a thread far cheaper than objects. */
export function packTick(
  atMs: number,
  samples: readonly PoolSample[],
  nameOf: (profileId: string) => string,
): TickBatch {
  const writer = new SampleWriter();
  const lengths: number[] = [];
  let end = 0;
  for (const sample of samples) {
    writer.write(sample);
    lengths.push(writer.written.length - end);
    end = writer.written.length;
  }
  const profileIds = samples.map(({ profileId }) => profileId);
  return {
    atMs: Math.round(atMs),
    profileIds,
    names: profileIds.map(nameOf),
    lengths,
    bytes: writer.written,
  };
}
