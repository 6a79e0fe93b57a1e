import { type MachineSample, machineMemoryMs } from '#shared/model/machine.ts';
import { foldMachineSamples } from '#shared/model/machine-fold.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** Every sample of the last hour, and one for each minute of the day before that. Some 300 kB at most. */
export class MachineMemory {
  /** Oldest first. */
  #recent: MachineSample[] = [];
  #minutes: MachineSample[] = [];

  add(sample: MachineSample): void {
    const newest = this.#recent.at(-1);
    // The clock was set back: what was sampled "later" would stand in the way.
    if (newest !== undefined && sample.atMs <= newest.atMs) {
      this.#recent = this.#recent.filter(({ atMs }) => atMs < sample.atMs);
      this.#minutes = this.#minutes.filter(({ atMs }) => atMs < sample.atMs);
    }
    this.#recent.push(sample);
    for (;;) {
      const minute = this.#minuteToFold(sample.atMs - hourMs);
      if (minute === null) break;
      this.#minutes.push(foldMachineSamples(minute));
    }
    while ((this.#minutes[0]?.atMs ?? Number.POSITIVE_INFINITY) < sample.atMs - machineMemoryMs)
      this.#minutes.shift();
  }

  /** What lies in a span, both ends included, oldest first. */
  range(fromMs: number, toMs: number): MachineSample[] {
    return [...this.#minutes, ...this.#recent].filter(({ atMs }) => atMs >= fromMs && atMs <= toMs);
  }

  /** Takes the oldest minute out when all of it is older than a moment. */
  #minuteToFold(beforeMs: number): [MachineSample, ...MachineSample[]] | null {
    const first = this.#recent[0];
    if (first === undefined) return null;
    const endMs = (Math.floor(first.atMs / minuteMs) + 1) * minuteMs;
    if (endMs > beforeMs) return null;
    const count = this.#recent.findIndex(({ atMs }) => atMs >= endMs);
    const [head = first, ...rest] = this.#recent.splice(0, count === -1 ? this.#recent.length : count);
    return [head, ...rest];
  }
}
