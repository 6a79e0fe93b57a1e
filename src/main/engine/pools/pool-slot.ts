import type { ErrorCode, ErrorPayload } from '#shared/contract/errors.ts';
import type { PoolState, PoolStatus, PoolTarget } from '#shared/contract/pools.ts';
import type { HealthReport } from '#shared/model/health.ts';
import { unknownHealth } from '#shared/model/health.ts';
import type { PoolSample } from '#shared/model/pool-sample.ts';
import type { ProfileDraft } from '#shared/model/profile.ts';
import type { Clock } from '../base/clock.ts';
import { EngineError } from '../base/errors.ts';
import type { Logger } from '../base/log.ts';
import { EventLog } from './event-log.ts';
import type { InstrumentedPool } from './instrumented-pool.ts';
import type { Live, OpenConsole } from './live.ts';
import { raiseConsole, raisePool } from './live.ts';
import type { ConnectionConfig } from './metered-pool.ts';

/** How long connections that are handed out may take to come back, and their sessions to end. */
export const drainDeadlineMs = 2000;

/** Failures that end by themselves; a pool waits for that. Any other needs the user. */
const passing: ReadonlySet<ErrorCode> = new Set([
  'breaker_open',
  'connect_timeout',
  'connection_lost',
  'connection_refused',
  'host_not_found',
  'host_unreachable',
  'query_timeout',
  'server_unavailable',
  'too_many_connections',
  'wait_timeout',
]);

export interface PoolSlotDeps<Console extends OpenConsole = OpenConsole> {
  getProfile(profileId: string): ProfileDraft;
  connectionConfig(profileId: string, signal: AbortSignal): Promise<ConnectionConfig>;
  /** Whether a profile is asked first as a pooler's console. */
  looksLikeConsole(profile: ProfileDraft): boolean;
  openConsole(profileId: string, onReport: (report: HealthReport) => void): Console;
  onStatus(status: PoolStatus): void;
  clock: Clock;
  log: Logger;
}

/**
 * The place of one profile's pool, and its way between closed and open. Callers say what they want;
 * one loop at a time brings it about, so that the last wish wins and no two pools overlap.
 */
export class PoolSlot<Console extends OpenConsole = OpenConsole> {
  readonly #profileId: string;
  readonly #deps: PoolSlotDeps<Console>;
  #state: PoolState = 'closed';
  #openedAtMs: number | null = null;
  #error: ErrorPayload | null = null;
  #live: Live<Console> | null = null;
  /** What the profile turned out to lead to; null while nobody asked. */
  #target: PoolTarget | null = null;
  #wanted = false;
  #outdated = false;
  #retired = false;
  #deadlineMs = drainDeadlineMs;
  #work: Promise<PoolStatus> | null = null;
  /** Ends the wait for connections to come back; null unless it is draining. */
  #draining: AbortController | null = null;
  /** Of every pool this place had. */
  readonly events: EventLog;

  constructor(profileId: string, deps: PoolSlotDeps<Console>) {
    this.#profileId = profileId;
    this.#deps = deps;
    this.events = new EventLog(deps.clock);
  }

  status(): PoolStatus {
    return {
      profileId: this.#profileId,
      state: this.#state,
      target: this.#target,
      openedAtMs: this.#openedAtMs,
      error: this.#error,
      health: this.#live?.monitor.report ?? unknownHealth,
    };
  }

  /** @throws EngineError `pool_closed`. */
  get live(): Live<Console> {
    if (this.#state === 'open' && this.#live !== null) return this.#live;
    const message = this.#state === 'opening' ? 'The pool is still opening.' : 'The pool is closed.';
    const remedy = this.#state === 'opening' ? 'Try again in a moment.' : 'Connect it first.';
    throw new EngineError('pool_closed', message, { remedy });
  }

  /** @throws EngineError `pool_closed`, or `not_supported` when a pooler's console is there. */
  get pool(): InstrumentedPool {
    const { live } = this;
    if (live.kind === 'database') return live.pool;
    throw new EngineError('not_supported', "This is a pooler's console, not a database.", {
      remedy: 'Choose a connection to a database for this.',
    });
  }

  /** @throws EngineError `pool_closed`, or `not_supported` when a database is there. */
  get console(): Console {
    const { live } = this;
    if (live.kind === 'console') return live.monitor;
    const { name, host, port } = this.#deps.getProfile(this.#profileId);
    throw new EngineError('not_supported', `"${name}" leads to a database, not to a pooler's console.`, {
      remedy: `To watch a PgBouncer at ${host} port ${port}, add a connection there with the database "pgbouncer" and a user in its admin_users or stats_users.`,
    });
  }

  /** Null when there is none, open. */
  get consoleIfOpen(): Console | null {
    return this.#state === 'open' && this.#live?.kind === 'console' ? this.#live.monitor : null;
  }

  /** Null when there is none, open. */
  get poolIfOpen(): InstrumentedPool | null {
    return this.#state === 'open' && this.#live?.kind === 'database' ? this.#live.pool : null;
  }

  /** Null while no pool is open. */
  takeSample(): PoolSample | null {
    if (this.#state !== 'open' || this.#live?.kind !== 'database') return null;
    const { pool, monitor } = this.#live;
    const { idlePoolCloseMs } = pool.settings;
    if (idlePoolCloseMs > 0 && pool.unusedForMs >= idlePoolCloseMs) {
      this.#deps.log.info({ profileId: this.#profileId }, 'nobody used the pool for long; closing it');
      void this.close();
      return null;
    }
    return pool.takeSample(monitor.takeCheck());
  }

  /** Whether the last wish was an open pool, reached or not. */
  get isWanted(): boolean {
    return this.#wanted;
  }

  /** Settles with the state reached. @throws EngineError `not_found` when the profile is gone. */
  async open(): Promise<PoolStatus> {
    if (this.#retired) throw profileGone();
    this.#wanted = true;
    return this.#settle();
  }

  close(deadlineMs = drainDeadlineMs): Promise<PoolStatus> {
    this.#wanted = false;
    this.#deadlineMs = deadlineMs;
    this.#interruptOpening();
    return this.#settle();
  }

  /**
   * Closes it once everything that is handed out came back, or at the deadline; until then it counts
   * as open, so that whoever holds a transaction may end it. Settles with how many were cut off.
   * @throws EngineError `pool_closed`.
   */
  async drain(deadlineMs: number): Promise<number> {
    const { live } = this;
    if (live.kind !== 'database') throw wrongKindForDraining();
    live.monitor.stop();
    this.#draining ??= new AbortController();
    const cut = await live.pool.drain(deadlineMs, this.#draining.signal);
    // Unless it was closed, and perhaps opened again, while it drained.
    if (this.#live === live) await this.close();
    return cut;
  }

  /** Takes over settings that need no new connection. A console reads its own only as it opens. */
  apply(profile: ProfileDraft): void {
    if (this.#live === null) return;
    if (this.#live.kind === 'database') this.#live.apply(profile);
    else void this.reopen().catch(() => {});
  }

  /** A password or a key is another one: new connections use it, and open ones make way for them. */
  credentialsChanged(): void {
    if (this.#state === 'open' && this.#live?.kind === 'database') this.#live.pool.credentialsChanged();
    else void this.reopen().catch(() => {});
  }

  /** Closes the pool for good: `open` is refused from now on. Settles when nothing is left of it. */
  async retire(): Promise<void> {
    this.#retired = true;
    await this.close();
  }

  /** Puts a pool with the profile's new settings in place of one that is open or opening. */
  reopen(): Promise<PoolStatus> {
    this.#target = null;
    if (this.#live !== null) this.#outdated = true;
    this.#interruptOpening();
    return this.#settle();
  }

  /** Makes the first check end at once. Its pool is of no further use, whatever is wished next. */
  #interruptOpening(): void {
    if (this.#state !== 'opening') return;
    this.#outdated = true;
    this.#live?.monitor.stop();
  }

  #settle(): Promise<PoolStatus> {
    if (this.#work !== null) return this.#work;
    const { promise, resolve, reject } = Promise.withResolvers<PoolStatus>();
    // Kept before it begins: work that finds nothing to do is over, and cleared, at once.
    this.#work = promise;
    this.#drive().then(resolve, reject);
    return promise;
  }

  async #drive(): Promise<PoolStatus> {
    try {
      for (;;) {
        if (this.#live !== null && (this.#outdated || !this.#wanted)) await this.#shut();
        else if (this.#live === null && this.#wanted) await this.#raise();
        else return this.status();
      }
    } finally {
      // In the same turn as the last look at what is wanted, so that no later wish is lost.
      this.#work = null;
    }
  }

  async #raise(): Promise<void> {
    this.#outdated = false;
    let profile: ProfileDraft;
    try {
      profile = this.#deps.getProfile(this.#profileId);
    } catch (error) {
      this.#wanted = false;
      throw error;
    }
    const guess = this.#target ?? (this.#deps.looksLikeConsole(profile) ? 'console' : 'database');
    const report = (await this.#ask(profile, guess)) ?? (await this.#ask(profile, otherThan(guess)));
    if (report === null && this.#live === null && this.#wanted) return this.#giveUp();
    if (report === null || !this.#wanted || this.#outdated) return;
    const failure = report.consecutiveFailures > 0 ? report.lastError : null;
    if (failure !== null && !passing.has(failure.code)) {
      this.#wanted = false;
      const { atMs: _, ...error } = failure;
      return this.#shut(error);
    }
    this.#openedAtMs = this.#deps.clock.nowMs();
    this.#become('open', null);
  }

  /** Opens it as what it is taken for, and checks. Null when it is the other. */
  async #ask(profile: ProfileDraft, target: PoolTarget): Promise<HealthReport | null> {
    if (!this.#wanted || this.#outdated) return null;
    const { clock, log, connectionConfig, openConsole } = this.#deps;
    const onReport = () => this.#reported();
    const profileId = this.#profileId;
    const live: Live<Console> =
      target === 'console'
        ? raiseConsole((onCheck) => openConsole(profileId, onCheck), onReport)
        : raisePool({ profileId, profile, eventLog: this.events, clock, log, onReport, connectionConfig });
    this.#live = live;
    this.#target = target;
    this.#become('opening', null);
    const report = await live.monitor.checkNow();
    if (!live.isMistaken()) return report;
    live.monitor.stop();
    await live.end(this.#deadlineMs);
    this.#live = null;
    this.#target = null;
    return null;
  }

  /** Each time it looks like the other: nothing Poolscope knows. */
  #giveUp(): void {
    this.#wanted = false;
    const message = 'What answers there is neither a database nor the console of a pooler.';
    this.#become('closed', new EngineError('not_supported', message).toPayload());
  }

  #reported(): void {
    if (this.#state !== 'open' || this.#live === null) return;
    // It was away when it was opened, and turns out to be the other, or has become it.
    if (this.#live.isMistaken()) {
      this.#outdated = true;
      this.#target = otherThan(this.#live.kind);
      void this.#settle();
    }
    this.#deps.onStatus(this.status());
  }

  async #shut(error: ErrorPayload | null = null): Promise<void> {
    const live = this.#live;
    if (live === null) return;
    this.#become('closing', null);
    live.monitor.stop();
    this.#draining?.abort();
    this.#draining = null;
    await live.end(this.#deadlineMs);
    this.#live = null;
    this.#outdated = false;
    this.#openedAtMs = null;
    this.#become('closed', error);
  }

  #become(state: PoolState, error: ErrorPayload | null): void {
    this.#state = state;
    this.#error = error;
    this.#deps.onStatus(this.status());
  }
}

const otherThan = (target: PoolTarget): PoolTarget => (target === 'console' ? 'database' : 'console');

function wrongKindForDraining(): EngineError {
  return new EngineError(
    'not_supported',
    "This is a pooler's console, which has no connections to wait for.",
    {
      remedy: 'Disconnect it instead.',
    },
  );
}

/** What opening says of a profile that is deleted, or about to be. */
export function profileGone(): EngineError {
  const remedy = 'Choose another one, or bring it back with Undo.';
  return new EngineError('not_found', 'That connection was deleted.', { remedy });
}
