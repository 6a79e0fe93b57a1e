import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { MachineSample } from '#shared/model/machine.ts';

/** In the order they are written in. What was released is never reordered: a new figure goes to the end. */
const figures = [
  ...(['intervalMs', 'cpu', 'memoryUsedBytes', 'memoryTotalBytes'] as const),
  ...(['diskReadBytesPerSecond', 'diskWrittenBytesPerSecond'] as const),
  ...(['receivedBytesPerSecond', 'sentBytesPerSecond', 'poolscopeCpu', 'poolscopeMemoryBytes'] as const),
] satisfies (keyof MachineSample)[];

const timeBytes = 8;
/** Seven digits: what a chart shows has three. */
const figureBytes = 4;
const sampleBytes = timeBytes + figures.length * figureBytes;

/** 48 bytes a sample, less by what compresses; what is not known is written as not a number. */
export function packMachineSamples(samples: readonly MachineSample[]): Uint8Array {
  const plain = Buffer.alloc(samples.length * sampleBytes);
  let at = 0;
  for (const sample of samples) {
    at = plain.writeDoubleLE(sample.atMs, at);
    for (const figure of figures) at = plain.writeFloatLE(sample[figure] ?? Number.NaN, at);
  }
  return deflateRawSync(plain);
}

/** Empty where it is damaged: a gap of a minute. */
export function readableMachineSamples(packed: Uint8Array): MachineSample[] {
  try {
    return unpack(inflateRawSync(packed));
  } catch {
    return [];
  }
}

function unpack(plain: Buffer): MachineSample[] {
  const samples: MachineSample[] = [];
  for (let at = 0; at + sampleBytes <= plain.length; at += sampleBytes) {
    const known = (figure: (typeof figures)[number]) => {
      const value = plain.readFloatLE(at + timeBytes + figures.indexOf(figure) * figureBytes);
      return Number.isNaN(value) ? null : value;
    };
    samples.push({
      atMs: plain.readDoubleLE(at),
      intervalMs: known('intervalMs') ?? 0,
      cpu: known('cpu'),
      memoryUsedBytes: known('memoryUsedBytes') ?? 0,
      memoryTotalBytes: known('memoryTotalBytes') ?? 0,
      diskReadBytesPerSecond: known('diskReadBytesPerSecond'),
      diskWrittenBytesPerSecond: known('diskWrittenBytesPerSecond'),
      receivedBytesPerSecond: known('receivedBytesPerSecond'),
      sentBytesPerSecond: known('sentBytesPerSecond'),
      poolscopeCpu: known('poolscopeCpu'),
      poolscopeMemoryBytes: known('poolscopeMemoryBytes') ?? 0,
    });
  }
  return samples;
}
