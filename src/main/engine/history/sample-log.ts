import type { PoolSample } from '#shared/model/pool-sample.ts';
import { SampleReader, SampleWriter } from './sample-codec.ts';

/** Samples that are forgotten together: five minutes of them. */
const samplesPerChunk = 300;
/** Besides the one being written: so at least an hour, at most five minutes more. */
const keptChunks = 12;

/** A run of packed samples and the times it spans; the clock may have been set within it. */
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
  #writer = new SampleWriter();
  #count = 0;
  #fromMs = Number.POSITIVE_INFINITY;
  #toMs = Number.NEGATIVE_INFINITY;

  constructor(profileId: string) {
    this.#profileId = profileId;
  }

  append(sample: PoolSample): void {
    this.#writer.write(sample);
    this.#count += 1;
    this.#fromMs = Math.min(this.#fromMs, sample.atMs);
    this.#toMs = Math.max(this.#toMs, sample.atMs);
    if (this.#count === samplesPerChunk) this.#seal();
  }

  /** Samples that ended in [fromMs, toMs), in the order they were taken. */
  *between(fromMs: number, toMs: number): Generator<PoolSample> {
    const open = { fromMs: this.#fromMs, toMs: this.#toMs, bytes: this.#writer.written };
    for (const chunk of [...this.#sealed, open]) {
      if (chunk.toMs < fromMs || chunk.fromMs >= toMs) continue;
      const reader = new SampleReader(chunk.bytes);
      while (!reader.isAtEnd) {
        const sample = reader.read(this.#profileId);
        if (sample.atMs >= fromMs && sample.atMs < toMs) yield sample;
      }
    }
  }

  #seal(): void {
    // A copy, because the writer's memory is up to twice what it holds.
    const bytes = Buffer.from(this.#writer.written);
    this.#sealed.push({ fromMs: this.#fromMs, toMs: this.#toMs, bytes });
    if (this.#sealed.length > keptChunks) this.#sealed.shift();
    this.#writer = new SampleWriter();
    this.#count = 0;
    this.#fromMs = Number.POSITIVE_INFINITY;
    this.#toMs = Number.NEGATIVE_INFINITY;
  }
}
