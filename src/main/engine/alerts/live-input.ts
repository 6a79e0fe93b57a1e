import type { PoolerStatus } from '#shared/contract/pgbouncer.ts';
import type { BreakerStatus, HeldConnection } from '#shared/contract/pool-control.ts';
import type { PoolStatus } from '#shared/contract/pools.ts';
import { bucketOfSample } from '#shared/model/bucket.ts';
import type { PoolSample } from '#shared/model/pool-sample.ts';
import type { PoolerTick } from '#shared/model/pooler.ts';
import type { SessionsPoint } from '#shared/model/sessions/point.ts';
import type { Clock } from '../base/clock.ts';
import type { EventBus } from '../base/event-bus.ts';
import type { Observation } from './rules/observation.ts';

/** A figure of a source that comes less often than once a second counts for three of its intervals. */
const staleAfterIntervals = 3;
/** The least that a figure counts for: a server that is busy answers late. */
const freshForMs = 10_000;
/** Certificates do not change from one second to the next. */
const certificateEveryMs = 60_000;

/** What of an open pool is not in its samples. */
export interface PoolExtras {
  readonly breaker: Pick<BreakerStatus, 'state'>;
  readonly longestHoldMs: number;
  readonly held: readonly HeldConnection[];
  /** Server processes of its connections; of no use where a pooler stands between. */
  readonly processIds: number[];
  /** Asked seldom: reading a certificate costs something. */
  readonly certificateExpiresAtMs: number | null;
}

export interface LiveInputDeps {
  events: EventBus;
  clock: Clock;
  /** Null when no pool of a database is open. */
  extrasOf(profileId: string): PoolExtras | null;
  healthIntervalMsOf(profileId: string): number;
}

interface Dated<T> {
  value: T;
  atMonotonicMs: number;
  freshMs: number;
}

/** Keeps the newest of what is known of each connection, and makes observations of it. */
export class LiveInput {
  readonly #deps: LiveInputDeps;
  readonly #statuses = new Map<string, PoolStatus>();
  readonly #servers = new Map<string, Dated<SessionsPoint>>();
  readonly #serverIntervals = new Map<string, number>();
  readonly #ticks = new Map<string, Dated<PoolerTick>>();
  readonly #poolers = new Map<string, PoolerStatus>();
  readonly #certificates = new Map<string, { expiresAtMs: number | null; atMonotonicMs: number }>();
  readonly #stops: (() => void)[];

  constructor(deps: LiveInputDeps) {
    this.#deps = deps;
    const { events, clock } = deps;
    this.#stops = [
      events.on('sessions.status', ({ profileIds, intervalMs }) => {
        for (const id of profileIds) if (intervalMs !== null) this.#serverIntervals.set(id, intervalMs);
      }),
      events.on('sessions.point', ({ profileIds, point }) => {
        for (const id of profileIds) {
          const freshMs = Math.max(freshForMs, staleAfterIntervals * (this.#serverIntervals.get(id) ?? 0));
          this.#servers.set(id, { value: point, atMonotonicMs: clock.monotonicMs(), freshMs });
        }
      }),
      events.on('pgbouncer.tick', (tick) => {
        const freshMs = Math.max(freshForMs, staleAfterIntervals * deps.healthIntervalMsOf(tick.profileId));
        this.#ticks.set(tick.profileId, { value: tick, atMonotonicMs: clock.monotonicMs(), freshMs });
      }),
      events.on('pgbouncer.changed', (status) => void this.#poolers.set(status.profileId, status)),
    ];
  }

  /** To be told before anything is asked about that connection. */
  statusChanged(status: PoolStatus): void {
    const { profileId, state } = status;
    if (state !== 'closed') {
      this.#statuses.set(profileId, status);
      return;
    }
    for (const known of [this.#statuses, this.#servers, this.#ticks, this.#poolers, this.#certificates]) {
      known.delete(profileId);
    }
  }

  statusOf(profileId: string): PoolStatus | null {
    return this.#statuses.get(profileId) ?? null;
  }

  targetOf(profileId: string): 'database' | 'console' {
    return this.#statuses.get(profileId)?.target ?? 'database';
  }

  openConsoles(): string[] {
    return [...this.#statuses.values()].flatMap(({ profileId, state, target }) =>
      state === 'open' && target === 'console' ? profileId : [],
    );
  }

  tickOf(profileId: string): PoolerTick | undefined {
    return this.#fresh(this.#ticks.get(profileId));
  }

  ofSample(sample: PoolSample): Observation {
    const { profileId, atMs } = sample;
    const seen: Observation = { atMs, spanMs: 1000, pool: bucketOfSample(sample, 1000) };
    const health = this.#statuses.get(profileId)?.health.state;
    if (health !== undefined) seen.health = health;
    const server = this.#fresh(this.#servers.get(profileId));
    if (server !== undefined) seen.server = server;
    const extras = this.#deps.extrasOf(profileId);
    if (extras !== null) {
      seen.longestHoldMs = extras.longestHoldMs;
      const { state } = extras.breaker;
      if (state !== 'off') seen.breaker = state;
      const expiresAtMs = this.#certificate(profileId, extras);
      if (expiresAtMs !== null) seen.certificateExpiresAtMs = expiresAtMs;
    }
    return seen;
  }

  ofConsole(profileId: string, atMs: number): Observation {
    const seen: Observation = { atMs, spanMs: 1000 };
    const health = this.#statuses.get(profileId)?.health.state;
    if (health !== undefined) seen.health = health;
    const tick = this.tickOf(profileId);
    if (tick !== undefined) seen.pooler = { tick, state: this.#poolers.get(profileId)?.state ?? null };
    return seen;
  }

  close(): void {
    for (const stop of this.#stops) stop();
  }

  #fresh<T>(dated: Dated<T> | undefined): T | undefined {
    if (dated === undefined) return undefined;
    const ageMs = this.#deps.clock.monotonicMs() - dated.atMonotonicMs;
    return ageMs <= dated.freshMs ? dated.value : undefined;
  }

  #certificate(profileId: string, extras: PoolExtras): number | null {
    const nowMs = this.#deps.clock.monotonicMs();
    const known = this.#certificates.get(profileId);
    if (known !== undefined && nowMs - known.atMonotonicMs < certificateEveryMs) return known.expiresAtMs;
    const { certificateExpiresAtMs } = extras;
    // A pool that has no connection just now showed its certificate before.
    const expiresAtMs = certificateExpiresAtMs ?? known?.expiresAtMs ?? null;
    this.#certificates.set(profileId, { expiresAtMs, atMonotonicMs: nowMs });
    return expiresAtMs;
  }
}
