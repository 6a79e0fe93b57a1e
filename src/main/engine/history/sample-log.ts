import type { PoolSample } from '#shared/model/pool-sample.ts';
import { SampleReader, SampleWriter } from './sample-codec.ts';

/** Samples that are packed, and forgotten, together: five minutes of them. */
const samplesPerChunk = 300;
/** The open chunk besides: so at least an hour, at most five minutes more. */
const keptChunks = 12;

interface Chunk {
  fromMs: number;
  toMs: number;
  bytes: Buffer;
}

/**
 * The latest samples of one pool: 3600 to 3900 of them, by number and not by age, so that a clock
 * that is set forward wipes nothing out.
 */
export class SampleLog {
  readonly #profileId: string;
  #sealed: Chunk[] = [];
  #open: PoolSample[] = [];

  constructor(profileId: string) {
    this.#profileId = profileId;
  }

  append(sample: PoolSample): void {
    this.#open.push(sample);
    if (this.#open.length < samplesPerChunk) return;
    const writer = new SampleWriter();
    let fromMs = Number.POSITIVE_INFINITY;
    let toMs = Number.NEGATIVE_INFINITY;
    for (const one of this.#open) {
      writer.write(one);
      fromMs = Math.min(fromMs, one.atMs);
      toMs = Math.max(toMs, one.atMs);
    }
    this.#sealed.push({ fromMs, toMs, bytes: writer.bytes() });
    if (this.#sealed.length > keptChunks) this.#sealed.shift();
    this.#open = [];
  }

  /** Samples that ended in [fromMs, toMs), in the order they were taken. */
  *between(fromMs: number, toMs: number): Generator<PoolSample> {
    const isWithin = ({ atMs }: PoolSample) => atMs >= fromMs && atMs < toMs;
    for (const chunk of this.#sealed) {
      if (chunk.toMs < fromMs || chunk.fromMs >= toMs) continue;
      const reader = new SampleReader(chunk.bytes);
      while (!reader.isAtEnd) {
        const sample = reader.read(this.#profileId);
        if (isWithin(sample)) yield sample;
      }
    }
    yield* this.#open.filter(isWithin);
  }
}
