import { ExponentialBackoff, halfJitterGenerator, handleWhen, retry } from 'cockatiel';
import { isPassingFailure } from './breaker.ts';
import type { GivenUp, MeteredClient } from './metered-client.ts';
import type { PendingRequest } from './pending-requests.ts';

const longestDelayMs = 30_000;

/** What an opening needs of its pool. */
export interface OpeningHost {
  /** Makes one attempt. Rejects with why it failed. */
  attempt(opening: Opening): Promise<void>;
  /** Whether an attempt is of use now: somebody waits for it, and there is room. */
  isNeeded(opening: Opening): boolean;
  retrying(opening: Opening, error: Error, delayMs: number): void;
  concluded(opening: Opening, error: Error | null): void;
}

/**
 * A connection on its way: one attempt to open it, and further ones after connection errors. What it
 * opens goes to whoever has waited for longest then. Only its failure belongs to the request that it
 * was begun for, or was left to when that one got another connection.
 */
export class Opening {
  readonly mayRetry: boolean;
  /** Begun in the turn of the request: that one never waited for room. */
  readonly isImmediate: boolean;
  request: PendingRequest | null;
  client: MeteredClient | null = null;
  /** Between two attempts. */
  isAsleep = false;
  #givenUp: GivenUp | null = null;

  constructor(request: PendingRequest | null, isImmediate: boolean) {
    this.request = request;
    this.isImmediate = isImmediate;
    this.mayRetry = request?.mayRetry ?? false;
    if (request !== null) request.opening = this;
  }

  /** Whether nobody waits for it; so begins one that is opened for the minimum. */
  get isSpare(): boolean {
    return this.request === null;
  }

  get givenUp(): GivenUp | null {
    return this.#givenUp;
  }

  /** Leaves its failure to another request, or to none. */
  leaveTo(request: PendingRequest | null): void {
    if (this.request !== null) this.request.opening = null;
    this.request = request;
    if (request !== null) request.opening = this;
  }

  /** Breaks off the attempt that is under way. */
  giveUp(why: GivenUp): void {
    this.#givenUp ??= why;
    if (this.client?.isConnecting === true) this.client.giveUpConnecting(why);
    else this.client?.destroySocket();
  }

  /** Runs to its end, which it tells the host. Never rejects. */
  async run(host: OpeningHost, terms: { retries: number; retryDelayMs: number }): Promise<void> {
    const backoff = new ExponentialBackoff<number>({
      initialDelay: terms.retryDelayMs,
      maxDelay: Math.max(longestDelayMs, terms.retryDelayMs),
      generator: halfJitterGenerator,
    });
    const isWorthRetrying = (error: unknown) =>
      isPassingFailure(error) && this.#givenUp === null && this.request?.overdue !== true;
    // Its timer must not keep a program alive whose pool was closed meanwhile.
    const policy = retry(handleWhen(isWorthRetrying), {
      maxAttempts: this.mayRetry ? terms.retries : 0,
      backoff,
    }).dangerouslyUnref();
    policy.onRetry((failure) => {
      this.isAsleep = true;
      if ('error' in failure) host.retrying(this, failure.error as Error, failure.delay);
    });
    try {
      await policy.execute(async () => {
        this.isAsleep = false;
        if (host.isNeeded(this)) await host.attempt(this);
      });
      host.concluded(this, null);
    } catch (error) {
      host.concluded(this, error as Error);
    }
  }
}
