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
  #completeFromMs: number;

  /** @param completeFromMs samples before this may be known elsewhere; all later ones come here */
  constructor(profileId: string, completeFromMs = Number.NEGATIVE_INFINITY) {
    this.#profileId = profileId;
    this.#completeFromMs = completeFromMs;
  }

  /** From here on every sample ever taken is in this log. */
  get completeFromMs(): number {
    return this.#completeFromMs;
  }

  /** Samples up to a moment turned out to be known elsewhere as well. */
  raiseCompleteFrom(atMs: number): void {
    this.#completeFromMs = Math.max(this.#completeFromMs, atMs);
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
    for (const { bytes } of this.#chunksWithin(fromMs, toMs)) {
      const reader = new SampleReader(bytes);
      while (!reader.isAtEnd) {
        const sample = reader.read(this.#profileId);
        if (sample.atMs >= fromMs && sample.atMs < toMs) yield sample;
      }
    }
  }

  /** Runs of packed samples that hold all of [fromMs, toMs), and some beyond; copies. */
  packedBetween(fromMs: number, toMs: number): Uint8Array[] {
    return this.#chunksWithin(fromMs, toMs).map(({ bytes }) => new Uint8Array(bytes));
  }

  /** Forgets whole runs that are older. */
  dropBefore(atMs: number): void {
    this.#sealed = this.#sealed.filter((chunk) => chunk.toMs >= atMs);
    if (this.#toMs < atMs) this.#begin();
  }

  #chunksWithin(fromMs: number, toMs: number): Chunk[] {
    const open = { fromMs: this.#fromMs, toMs: this.#toMs, bytes: this.#writer.written };
    return [...this.#sealed, open].filter((chunk) => chunk.toMs >= fromMs && chunk.fromMs < toMs);
  }

  #seal(): void {
    // A copy, because the writer's memory is up to twice what it holds.
    const bytes = Buffer.from(this.#writer.written);
    this.#sealed.push({ fromMs: this.#fromMs, toMs: this.#toMs, bytes });
    const dropped = this.#sealed.length > keptChunks ? this.#sealed.shift() : undefined;
    if (dropped !== undefined) this.raiseCompleteFrom(dropped.toMs + 1);
    this.#begin();
  }

  #begin(): void {
    this.#writer = new SampleWriter();
    this.#count = 0;
    this.#fromMs = Number.POSITIVE_INFINITY;
    this.#toMs = Number.NEGATIVE_INFINITY;
  }
}
