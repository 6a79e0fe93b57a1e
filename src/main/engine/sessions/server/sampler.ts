import { type Blocking, nothingBlocked } from '#shared/model/sessions/blocking.ts';
import type { SessionsPoint } from '#shared/model/sessions/point.ts';
import type { ConnectionLimits, DatabaseRates, Sight } from '#shared/model/sessions/server.ts';
import { type Session, sessionKey } from '#shared/model/sessions/session.ts';
import type { Clock } from '../../base/clock.ts';
import {
  type DatabaseCounts,
  databasesFrom,
  type NamedLimitRow,
  namedLimitsFrom,
  sessionFrom,
} from './activity-rows.ts';
import { activitySql, databasesSql, namedLimitsSql } from './activity-sql.ts';
import { blockingFrom, blockingSql, waitersOf } from './blocking-query.ts';
import { connectionLimits } from './connection-limits.ts';
import { type Look, rightsExpression, sightFrom } from './look.ts';
import { type MonitorConnection, monitorName } from './monitor-connection.ts';
import { pointOf } from './point.ts';
import { ratesOf, sumOfRates } from './rates.ts';

/** One sample of a server, whole. */
export interface Reading {
  atMs: number;
  serverNowMs: number;
  sessions: Session[];
  limits: ConnectionLimits;
  blocking: Blocking;
  databases: DatabaseRates[];
  point: SessionsPoint;
  intervalMs: number | null;
  roundTrips: number;
  tookMs: number;
  sight: Sight;
}

interface KnownQuery {
  startMs: number | null;
  query: string | null;
}

/** Limits of roles and what our role may do change seldom. */
const seldomMs = 30_000;
/** A statement is stamped a moment before it can be seen; the text of one so near is asked for again. */
const queryOverlapMs = 2000;

/**
 * Samples one server over one connection: everything in one round trip, and who blocks whom in a
 * second one when somebody waits for a lock. Lives as long as its connection.
 */
export class ServerSampler {
  readonly #connection: MonitorConnection;
  readonly #look: Look;
  readonly #clock: Clock;
  #queries = new Map<string, KnownQuery>();
  #counts: { atMs: number; databases: DatabaseCounts[] } | null = null;
  #namedLimits: NamedLimitRow[] = [];
  #seldomAtMs = Number.NEGATIVE_INFINITY;
  #queriesSinceMs: number | null = null;

  constructor(connection: MonitorConnection, look: Look, clock: Clock) {
    this.#connection = connection;
    this.#look = look;
    this.#clock = clock;
  }

  /** @throws what `pg` throws, and EngineError `query_timeout` */
  async take(): Promise<Reading> {
    const startedMs = this.#clock.monotonicMs();
    const isSeldom = startedMs - this.#seldomAtMs >= seldomMs;
    const statements = [activitySql(this.#look, this.#queriesSinceMs), databasesSql(this.#look)];
    if (isSeldom) statements.push(namedLimitsSql, `SELECT ${rightsExpression}`);
    const [activity = [], statistics = [], limitRows, rights] = await this.#connection.ask(
      statements.join('; '),
    );
    const atMs = this.#clock.nowMs();
    const answeredMs = this.#clock.monotonicMs();
    if (isSeldom) this.#learn(startedMs, limitRows ?? [], rights?.[0]?.[0]);

    const all = activity.flatMap((row) => sessionFrom(row) ?? []);
    const { serverNowMs, waiters: hiddenWaiters, databases } = databasesFrom(statistics);
    const isComplete = this.#fillQueries(all);
    this.#queriesSinceMs = isComplete ? serverNowMs - queryOverlapMs : null;
    const { facts, sight } = this.#look;
    // Also watchers of ours that are being replaced.
    const isOurs = ({ application, user }: Session) => application === monitorName && user === facts.user;
    const sessions = all.filter((session) => !isOurs(session));

    const waiters = waitersOf(sessions, hiddenWaiters);
    let blocking = nothingBlocked;
    if (waiters.length > 0) {
      blocking = blockingFrom(await this.#connection.ask(blockingSql(waiters, this.#look)), waiters);
    }

    const intervalMs = this.#counts === null ? null : answeredMs - this.#counts.atMs;
    const rates = ratesOf(this.#counts?.databases ?? [], databases, intervalMs);
    this.#counts = { atMs: answeredMs, databases };
    const limits = connectionLimits(this.#look, this.#namedLimits, all);
    const point = pointOf({
      atMs,
      serverNowMs,
      sessions,
      limits,
      blocking,
      rates: sumOfRates(rates),
      full: sight.full,
    });
    return {
      atMs,
      serverNowMs: Math.round(serverNowMs),
      sessions,
      limits,
      blocking,
      databases: rates,
      point,
      intervalMs,
      roundTrips: waiters.length > 0 ? 2 : 1,
      tookMs: this.#clock.monotonicMs() - startedMs,
      sight,
    };
  }

  #learn(atMs: number, limitRows: readonly unknown[][], rights: unknown): void {
    this.#seldomAtMs = atMs;
    this.#namedLimits = namedLimitsFrom(limitRows);
    this.#look.sight = sightFrom(rights, this.#look.facts.versionNum, this.#look.limits.reserved);
  }

  /** Puts in the texts that were left out because they are known. False when one is not. */
  #fillQueries(sessions: Session[]): boolean {
    const next = new Map<string, KnownQuery>();
    let isComplete = true;
    for (const session of sessions) {
      const key = sessionKey(session);
      const known = this.#queries.get(key);
      const startMs = session.queryStartMs;
      if (session.query === null && startMs !== null) {
        if (known?.startMs === startMs) session.query = known.query;
        else if (this.#queriesSinceMs !== null) isComplete = false;
      }
      next.set(key, { startMs, query: session.query });
    }
    this.#queries = next;
    return isComplete;
  }
}
