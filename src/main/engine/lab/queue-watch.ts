/** How long a stretch is, and how many in a row must leave the queue longer. */
const stretchMs = 1500;
const stretches = 3;
/** By how many requests it is longer after them. */
const leastGrowth = 4;

/**
 * Tells a queue that only grows from one that comes and goes: in each of three stretches of 1.5 s never as short
 * again as in the one before, and longer by then than the pool has connections. Whether the load can be
 * served at all must be known besides: a long burst looks the same.
 */
export class QueueWatch {
  readonly #size: number;
  #shortests: number[] = [];
  #shortest = Number.POSITIVE_INFINITY;
  #stretchEndsMs: number | null = null;

  constructor(size: number) {
    this.#size = size;
  }

  /** Takes how many wait now. True once it only grew. */
  onlyGrew(waiting: number, nowMs: number): boolean {
    this.#stretchEndsMs ??= nowMs + stretchMs;
    if (nowMs >= this.#stretchEndsMs) {
      this.#stretchEndsMs = nowMs + stretchMs;
      this.#shortests = [...this.#shortests, this.#shortest].slice(-stretches);
      this.#shortest = Number.POSITIVE_INFINITY;
    }
    this.#shortest = Math.min(this.#shortest, waiting);
    const found = this.#shortests;
    const [first, last] = [found[0] ?? 0, found.at(-1) ?? 0];
    if (found.length < stretches || last <= this.#size || last - first < leastGrowth) return false;
    return found.every((shortest, i) => i === 0 || shortest > (found[i - 1] ?? 0));
  }
}
