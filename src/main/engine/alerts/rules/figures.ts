import type { SessionsPoint } from '#shared/model/sessions/point.ts';
import { type Figures, noFigures, type Observation } from './observation.ts';
import { PoolFigures } from './pool-figures.ts';

const dayMs = 24 * 60 * 60 * 1000;

/** An age is null when there is no such session, and when it cannot be seen: `full` tells which. */
const age = (ms: number | null, { full }: SessionsPoint): number | null => ms ?? (full ? 0 : null);

function ofServer(point: SessionsPoint, into: Figures): void {
  into.serverHeadroom = point.usable > 0 ? (100 * point.left) / point.usable : null;
  into.idleInTransaction = age(point.idleInTransactionMs, point);
  into.blocked = point.blocked === null ? null : age(point.blockedMs, point);
}

function ofPooler({ tick, state }: NonNullable<Observation['pooler']>, into: Figures): void {
  const waits = tick.pools.flatMap(({ maxwaitMs }) => maxwaitMs ?? []);
  if (tick.pools.length === 0 || waits.length > 0) into.poolerMaxwait = Math.max(0, ...waits);
  const told = tick.pools.filter(({ clWaiting, svIdle }) => clWaiting !== null && svIdle !== null);
  if (told.length === tick.pools.length) {
    into.poolerStarved = told.some(({ clWaiting, svIdle }) => (clWaiting ?? 0) > 0 && svIdle === 0) ? 1 : 0;
  }
  const isPaused = state === 'paused' || state === 'suspended' || tick.databases.some(({ paused }) => paused);
  if (isPaused) into.poolerPaused = 1;
  else if (state !== null || tick.databases.some(({ paused }) => paused !== null)) into.poolerPaused = 0;
}

/** Reads the figures of one connection, observation by observation. */
export class FigureReader {
  readonly #pool = new PoolFigures();

  /** Nothing is continued over a gap. */
  reset(): void {
    this.#pool.reset();
  }

  read(seen: Observation): Figures {
    const figures = noFigures();
    if (seen.pool !== undefined) this.#pool.read(seen.pool, seen.atMs, figures);
    if (seen.health !== undefined) {
      figures.unhealthy = seen.health === 'unknown' ? null : seen.health === 'unhealthy' ? 1 : 0;
    }
    // Half open is one attempt on its way, which may take long and mostly fails: no recovery yet.
    if (seen.breaker !== undefined) figures.breakerOpen = seen.breaker === 'closed' ? 0 : 1;
    if (seen.longestHoldMs !== undefined) figures.longHold = seen.longestHoldMs;
    if (seen.certificateExpiresAtMs !== undefined) {
      figures.certificateExpiry = (seen.certificateExpiresAtMs - seen.atMs) / dayMs;
    }
    if (seen.server !== undefined) ofServer(seen.server, figures);
    if (seen.pooler !== undefined) ofPooler(seen.pooler, figures);
    return figures;
  }
}
