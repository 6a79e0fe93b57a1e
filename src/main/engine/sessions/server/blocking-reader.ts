import { type Blocking, nothingBlocked } from '#shared/model/sessions/blocking.ts';
import type { Clock } from '../../base/clock.ts';
import {
  blockingFrom,
  blockingSql,
  detailsFrom,
  lookedAt,
  preparedFrom,
  type WaitDetails,
  type Waiter,
} from './blocking-query.ts';
import type { Look } from './look.ts';
import type { MonitorConnection } from './monitor-connection.ts';

interface KnownWait {
  details: WaitDetails;
  atMs: number;
}

/** A session may wait again for the same kind of lock within one statement; its details are looked up anew. */
const detailsGoodForMs = 10_000;

/**
 * Finds out who blocks whom, in one round trip. What a wait is for is read from pg_locks, the costly
 * part, when the wait is new.
 */
export class BlockingReader {
  readonly #connection: Pick<MonitorConnection, 'ask'>;
  readonly #look: Look;
  readonly #clock: Clock;
  #details = new Map<string, KnownWait>();

  constructor(connection: Pick<MonitorConnection, 'ask'>, look: Look, clock: Clock) {
    this.#connection = connection;
    this.#look = look;
    this.#clock = clock;
  }

  /** Asks nothing when nobody waits. @throws what `pg` throws, and EngineError `query_timeout` */
  async read(waiters: readonly Waiter[]): Promise<Blocking> {
    if (waiters.length === 0) {
      this.#details.clear();
      return nothingBlocked;
    }
    const nowMs = this.#clock.monotonicMs();
    const asked = lookedAt(waiters);
    const isKnown = ({ key }: Waiter) =>
      nowMs - (this.#details.get(key)?.atMs ?? Number.NEGATIVE_INFINITY) < detailsGoodForMs;
    const isNew = asked.filter((waiter) => !isKnown(waiter));
    const [edges = [], ...others] = await this.#connection.ask(blockingSql(asked, isNew, this.#look));
    const details = detailsFrom(isNew.length > 0 ? (others.shift() ?? []) : []);
    const prepared = preparedFrom(others.shift() ?? []);
    this.#learn(asked, isNew, details, nowMs);
    return blockingFrom(edges, waiters, ({ key }) => this.#details.get(key)?.details, prepared);
  }

  #learn(
    asked: readonly Waiter[],
    isNew: readonly Waiter[],
    found: ReadonlyMap<unknown, WaitDetails>,
    atMs: number,
  ): void {
    const next = new Map<string, KnownWait>();
    for (const { key } of asked) {
      const known = this.#details.get(key);
      if (known !== undefined) next.set(key, known);
    }
    for (const { key, pid } of isNew) {
      const details = found.get(pid);
      if (details !== undefined) next.set(key, { details, atMs });
    }
    this.#details = next;
  }
}
