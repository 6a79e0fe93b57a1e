import type { RemoveReason } from '#shared/model/pool-event.ts';
import type { Clock } from '../base/clock.ts';
import type { MeteredClient } from './metered-client.ts';
import type { PoolSettings } from './pool-settings.ts';

interface Rested {
  /** Clients at rest, and how many connections the pool has in all. */
  atRest(): readonly MeteredClient[];
  readonly totalCount: number;
  readonly settings: PoolSettings;
  closeAtRest(client: MeteredClient, reason: RemoveReason): void;
}

/**
 * When a connection's own lifetime ends: the maximum, less its share of the jitter, so that
 * connections opened together do not all go together. Infinite without a maximum.
 */
export function lifetimeEndsAtMs(
  { openedAtMs, lot }: Pick<MeteredClient, 'openedAtMs' | 'lot'>,
  { maxLifetimeMs, lifetimeJitterPercent }: PoolSettings,
): number {
  if (maxLifetimeMs === 0) return Number.POSITIVE_INFINITY;
  return openedAtMs + maxLifetimeMs * (1 - (lot * lifetimeJitterPercent) / 100);
}

/**
 * Closes connections that were at rest for too long, down to the minimum, and those that are too
 * old. One timer for all, not one for each hand-over as in `pg-pool`: cheaper, and it knows of
 * settings that changed meanwhile.
 */
export class Upkeep {
  readonly #pool: Rested;
  readonly #clock: Clock;
  #timer: NodeJS.Timeout | null = null;
  #dueMs = Number.POSITIVE_INFINITY;
  #stopped = false;

  constructor(pool: Rested, clock: Clock) {
    this.#pool = pool;
    this.#clock = clock;
  }

  /** A client came to rest. */
  rested(client: MeteredClient): void {
    const dueMs = this.#dueOf(client);
    if (dueMs < this.#dueMs) this.#wakeAt(dueMs);
  }

  /** Closes what is due now, and sets the timer for what is due next. */
  look(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#dueMs = Number.POSITIVE_INFINITY;
    if (this.#stopped) return;
    const nowMs = this.#clock.monotonicMs();
    const { settings } = this.#pool;
    // Those at rest for longest go first.
    for (const client of [...this.#pool.atRest()].sort((a, b) => a.restedSinceMs - b.restedSinceMs)) {
      if (lifetimeEndsAtMs(client, settings) <= nowMs) this.#pool.closeAtRest(client, 'lifetime');
      else if (this.#idleEndsAtMs(client) <= nowMs) this.#pool.closeAtRest(client, 'idle');
    }
    const dueMs = Math.min(...this.#pool.atRest().map((client) => this.#dueOf(client)));
    if (dueMs < Number.POSITIVE_INFINITY) this.#wakeAt(dueMs);
  }

  stop(): void {
    this.#stopped = true;
    this.look();
  }

  #dueOf(client: MeteredClient): number {
    return Math.min(lifetimeEndsAtMs(client, this.#pool.settings), this.#idleEndsAtMs(client));
  }

  #idleEndsAtMs({ restedSinceMs }: MeteredClient): number {
    const { settings, totalCount } = this.#pool;
    const isKept = settings.idleTimeoutMs === 0 || totalCount <= settings.min;
    return isKept ? Number.POSITIVE_INFINITY : restedSinceMs + settings.idleTimeoutMs;
  }

  #wakeAt(dueMs: number): void {
    if (this.#stopped) return;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#dueMs = dueMs;
    // Longer than a timer can run, a look in between does no harm.
    const delayMs = Math.min(Math.max(1, dueMs - this.#clock.monotonicMs()), 2 ** 31 - 1);
    this.#timer = setTimeout(() => this.look(), delayMs);
  }
}
