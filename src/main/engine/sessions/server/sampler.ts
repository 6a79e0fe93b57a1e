import type { Blocking } from '#shared/model/sessions/blocking.ts';
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
import { waitersOf } from './blocking-query.ts';
import { BlockingReader } from './blocking-reader.ts';
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

/** Limits of roles and what our role may do change seldom. */
const seldomMs = 30_000;
/** What happens is stamped a moment before it can be seen; what is so near is asked for again. */
const overlapMs = 2000;

/**
 * Samples one server over one connection: everything in one round trip, and who blocks whom in a
 * second one when somebody waits for a lock. Lives as long as its connection.
 */
export class ServerSampler {
  readonly #connection: Pick<MonitorConnection, 'ask'>;
  readonly #look: Look;
  readonly #clock: Clock;
  readonly #blocking: BlockingReader;
  /** Of the last sample, by process id. */
  #known = new Map<number, Session>();
  #counts: { atMs: number; databases: DatabaseCounts[] } | null = null;
  #namedLimits: NamedLimitRow[] = [];
  #seldomAtMs = Number.NEGATIVE_INFINITY;
  /** Server clock: what is older is known. Null when all has to be asked for. */
  #sinceMs: number | null = null;

  constructor(connection: Pick<MonitorConnection, 'ask'>, look: Look, clock: Clock) {
    this.#connection = connection;
    this.#look = look;
    this.#clock = clock;
    this.#blocking = new BlockingReader(connection, look, clock);
  }

  /** @throws what `pg` throws, and EngineError `query_timeout` */
  async take(): Promise<Reading> {
    const startedMs = this.#clock.monotonicMs();
    return (await this.#attempt(startedMs, 1)) ?? ((await this.#attempt(startedMs, 2)) as Reading);
  }

  /** Null when what was left out as known is not known; the next attempt asks for all, and is never null. */
  async #attempt(startedMs: number, roundTrips: number): Promise<Reading | null> {
    const isSeldom = startedMs - this.#seldomAtMs >= seldomMs;
    const statements = [activitySql(this.#look, this.#sinceMs), databasesSql(this.#look)];
    if (isSeldom) statements.push(namedLimitsSql, `SELECT ${rightsExpression}`);
    const [changed = [], present, statistics = [], limitRows, rights] = await this.#connection.ask(
      statements.join('; '),
    );
    const atMs = this.#clock.nowMs();
    const answeredMs = this.#clock.monotonicMs();
    if (isSeldom) this.#learn(startedMs, limitRows ?? [], rights?.[0]?.[0]);

    const { serverNowMs, waiters: hiddenWaiters, databases } = databasesFrom(statistics);
    const all = this.#fill(changed, present?.[0]?.[0], serverNowMs);
    if (all === null) {
      this.#sinceMs = null;
      return null;
    }
    this.#known = new Map(all.map((session) => [session.pid, session]));
    this.#sinceMs = serverNowMs - overlapMs;
    const { facts, sight } = this.#look;
    // Also watchers of ours that are being replaced.
    const isOurs = ({ application, user }: Session) => application === monitorName && user === facts.user;
    const sessions = all.filter((session) => !isOurs(session));

    const waiters = waitersOf(sessions, hiddenWaiters);
    const blocking = await this.#blocking.read(waiters);

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
      roundTrips: roundTrips + (waiters.length > 0 ? 1 : 0),
      tookMs: this.#clock.monotonicMs() - startedMs,
      sight,
    };
  }

  #learn(atMs: number, limitRows: readonly unknown[][], rights: unknown): void {
    this.#seldomAtMs = atMs;
    this.#namedLimits = namedLimitsFrom(limitRows);
    this.#look.sight = sightFrom(rights, this.#look.facts.versionNum, this.#look.limits.reserved);
  }

  /**
   * Adds what was left out because it is known. Null when something is not known after all.
   * @param present the process ids of all sessions
   */
  #fill(changed: readonly unknown[][], present: unknown, serverNowMs: number): Session[] | null {
    // The server's clock was put back: what has changed since may bear an older time than what is known.
    if (this.#sinceMs !== null && serverNowMs < this.#sinceMs + overlapMs) return null;
    const sessions = new Map<number, Session>();
    for (const row of changed) {
      const session = sessionFrom(row);
      if (session === null) continue;
      if (session.query === null && session.queryStartMs !== null && this.#sinceMs !== null) {
        const known = this.#known.get(session.pid);
        if (known === undefined || sessionKey(known) !== sessionKey(session)) return null;
        if (known.queryStartMs !== session.queryStartMs) return null;
        session.query = known.query;
      }
      sessions.set(session.pid, session);
    }
    // All were asked for: whoever is not among them is none that this server lists.
    const pids = this.#sinceMs !== null && Array.isArray(present) ? present : [];
    return this.#addKnown(sessions, pids) ? [...sessions.values()] : null;
  }

  /** @returns whether all of them are known */
  #addKnown(sessions: Map<number, Session>, pids: readonly number[]): boolean {
    for (const pid of pids) {
      if (sessions.has(pid)) continue;
      const known = this.#known.get(pid);
      if (known === undefined) return false;
      sessions.set(pid, known);
    }
    return true;
  }
}
