import {
  BrokenCircuitError,
  type CircuitBreakerPolicy,
  CircuitState,
  ConsecutiveBreaker,
  circuitBreaker,
  handleWhen,
} from 'cockatiel';
import type { ErrorCode, ErrorPayload } from '#shared/contract/errors.ts';
import type { BreakerStatus } from '#shared/contract/pool-control.ts';
import type { Clock } from '../base/clock.ts';
import { EngineError } from '../base/errors.ts';
import { databaseErrorOf } from '../base/pg-errors.ts';
import { Unwanted } from './metered-client.ts';

/**
 * Failures that say the server is not there, or not ready. One that is there and refuses (a wrong
 * password, too many connections) and a request that waited too long do not open a breaker.
 */
const unreachable: ReadonlySet<ErrorCode> = new Set([
  'connect_timeout',
  'connection_lost',
  'connection_refused',
  'host_not_found',
  'host_unreachable',
  'server_unavailable',
]);

const isUnreachable = (error: unknown) => unreachable.has(databaseErrorOf(error)?.code ?? 'internal');

/**
 * Whether trying again can help. A wrong password is never tried again: repeated ones lock accounts.
 * A server that is full often has room a moment later.
 */
export const isPassingFailure = (error: unknown): boolean =>
  isUnreachable(error) || databaseErrorOf(error)?.code === 'too_many_connections';

/** Timers may come a little early, and the library compares whole milliseconds. */
const marginMs = 5;

interface BreakerOptions {
  threshold: number;
  halfOpenAfterMs: number;
  clock: Clock;
  onChange(status: BreakerStatus): void;
}

/**
 * Stands before every attempt to open a connection: after so many failures in a row it lets none
 * through for a while, then one, whose outcome decides.
 */
export class Breaker {
  readonly #options: BreakerOptions;
  readonly #policy: CircuitBreakerPolicy | null;
  #failures = 0;
  #error: ErrorPayload | null = null;
  #openedAtMs: number | null = null;
  #mayTryFromMs = 0;

  constructor(options: BreakerOptions) {
    this.#options = options;
    this.#policy = options.threshold === 0 ? null : this.#makePolicy(options);
  }

  #makePolicy({ threshold, halfOpenAfterMs, clock, onChange }: BreakerOptions): CircuitBreakerPolicy {
    // The one attempt of a half-open breaker proves nothing when it was called off.
    const provesNothing = (error: unknown) =>
      error instanceof Unwanted && this.#policy?.state === CircuitState.HalfOpen;
    const policy = circuitBreaker(
      handleWhen((error) => isUnreachable(error) || provesNothing(error)),
      {
        halfOpenAfter: halfOpenAfterMs,
        breaker: new ConsecutiveBreaker(threshold),
      },
    );
    policy.onStateChange((state) => {
      if (state === CircuitState.Open) {
        this.#openedAtMs = clock.nowMs();
        this.#mayTryFromMs = clock.monotonicMs() + halfOpenAfterMs + marginMs;
      }
      if (state === CircuitState.Closed) this.#error = this.#openedAtMs = null;
      onChange(this.status);
    });
    return policy;
  }

  get status(): BreakerStatus {
    const state = this.#policy?.state;
    const isOpen = state === CircuitState.Open;
    return {
      state: wordFor(state),
      failures: this.#failures,
      error: state === CircuitState.Closed ? null : this.#error,
      openedAtMs: this.#openedAtMs,
      nextAttemptAtMs: isOpen ? Math.round(this.#options.clock.nowMs() + this.nextAttemptInMs) : null,
    };
  }

  /** Until the next attempt is let through; 0 when one may be made now. */
  get nextAttemptInMs(): number {
    if (this.#policy?.state !== CircuitState.Open) return 0;
    return Math.max(0, this.#mayTryFromMs - this.#options.clock.monotonicMs());
  }

  /** Whether an attempt would fail without reaching the server. */
  get isShut(): boolean {
    return this.nextAttemptInMs > 0;
  }

  /** @throws EngineError `breaker_open`, or what the attempt throws. */
  async execute<T>(attempt: () => Promise<T>): Promise<T> {
    const policy = this.#policy;
    if (policy === null) return await attempt();
    try {
      return await policy.execute(() => this.#counted(attempt));
    } catch (error) {
      throw error instanceof BrokenCircuitError ? this.refusal() : error;
    }
  }

  async #counted<T>(attempt: () => Promise<T>): Promise<T> {
    try {
      const result = await attempt();
      this.#failures = 0;
      return result;
    } catch (error) {
      const known = databaseErrorOf(error);
      if (known !== null && isUnreachable(known)) {
        this.#failures += 1;
        this.#error = known.toPayload();
      }
      throw error;
    }
  }

  /** What a request that needs a new connection is told while none is tried. */
  refusal(): EngineError {
    const seconds = Math.max(1, Math.ceil(this.nextAttemptInMs / 1000));
    const why = this.#error === null ? '' : ` The last one: ${this.#error.message}`;
    const times = this.#failures === 1 ? 'once' : `${this.#failures} times in a row`;
    return new EngineError('breaker_open', `The server could not be reached ${times}.${why}`, {
      remedy: `The circuit breaker is open: the next attempt is made by itself in ${seconds} s. Mend the cause meanwhile.`,
    });
  }
}

function wordFor(state: CircuitState | undefined): BreakerStatus['state'] {
  if (state === undefined) return 'off';
  if (state === CircuitState.Closed) return 'closed';
  return state === CircuitState.HalfOpen ? 'half-open' : 'open';
}
