import type { PoolSample } from '#shared/model/pool-sample.ts';
import type { Clock } from '../base/clock.ts';
import type { EventBus } from '../base/event-bus.ts';

const periodMs = 1000;
/** In the middle of each second: a tick that comes a little early or late stays in its second. */
const phaseMs = 500;

/** Milliseconds until the next half second of the wall clock: more than 0, at most 1000. */
export function delayToHalfSecondMs(nowMs: number): number {
  const intoPeriod = (((nowMs - phaseMs) % periodMs) + periodMs) % periodMs;
  return periodMs - intoPeriod;
}

/**
 * Milliseconds from one tick to the next: to the next half second of the wall clock, but never so
 * near that one second would get two samples. Whatever happened before (sleep, a clock that was
 * set) leaves no trace: missed ticks are not made up for.
 */
export function delayToNextTickMs(nowMs: number): number {
  const delayMs = delayToHalfSecondMs(nowMs);
  return delayMs < periodMs / 2 ? delayMs + periodMs : delayMs;
}

/** Takes one sample a second of everything that is open, and sends them as one batch. */
export class Sampler {
  readonly #clock: Clock;
  readonly #events: EventBus;
  readonly #takeSamples: () => PoolSample[];
  #timer: NodeJS.Timeout | null = null;

  constructor(deps: { clock: Clock; events: EventBus; takeSamples: () => PoolSample[] }) {
    this.#clock = deps.clock;
    this.#events = deps.events;
    this.#takeSamples = deps.takeSamples;
  }

  /** Idempotent. */
  start(): void {
    this.#timer ??= this.#schedule(delayToHalfSecondMs(this.#clock.nowMs()));
  }

  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  #schedule(delayMs: number): NodeJS.Timeout {
    return setTimeout(() => {
      this.#timer = this.#schedule(delayToNextTickMs(this.#clock.nowMs()));
      const samples = this.#takeSamples();
      if (samples.length > 0) this.#events.emit('samples.tick', { atMs: this.#clock.nowMs(), samples });
    }, delayMs);
  }
}
