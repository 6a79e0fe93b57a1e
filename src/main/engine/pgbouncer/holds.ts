import { setTimeout as sleep } from 'node:timers/promises';
import type { PauseHold } from '#shared/contract/pgbouncer.ts';
import type { PoolerCommand } from '#shared/model/pooler-command.ts';
import type { Clock } from '../base/clock.ts';
import { EngineError } from '../base/errors.ts';
import type { Logger } from '../base/log.ts';
import { toErrorPayload } from '../base/router.ts';
import { commandText } from './command-text.ts';
import type { ConsoleConnection } from './console-connection.ts';
import { isRefusal } from './sample.ts';

/** What outlives this run, in case it ends before the RESUME. */
export type SavedHold = Pick<PauseHold, 'database' | 'by' | 'sinceMs' | 'autoResume'>;

export interface HoldsDeps {
  /** A console connection of its own. The one that watches may be the one that is lost. */
  open(timeoutMs: number, signal: AbortSignal): Promise<ConsoleConnection>;
  clock: Clock;
  log: Logger;
  /** Something about the holds changed. */
  onChanged(): void;
  /** Settles when what is held now would survive a crash of Poolscope. Never rejects. */
  save(holds: SavedHold[]): Promise<void>;
  /** For the history. */
  record(text: string): void;
}

interface Hold extends PauseHold {
  /** The connection on which PAUSE waits. */
  pausing: ConsoleConnection | null;
  /** Set when something else ended the PAUSE. */
  takenBack: boolean;
  resuming: Promise<void> | null;
}

type Pause = Extract<PoolerCommand, { kind: 'pause' }>;
type Kill = Extract<PoolerCommand, { kind: 'kill' }>;

const attemptMs = 3000;
const firstRetryMs = 200;
const longestRetryMs = 5000;
/** How long whoever asked for a PAUSE that failed waits to hear that it is taken back. */
const takeBackWordMs = 3000;

const keyOf = (database: string | null): string => JSON.stringify(database);
const nameOf = (database: string | null): string =>
  database === null ? 'The whole pooler' : `"${database}"`;

/**
 * Everything Poolscope paused on one pooler, and the promise that it does not stay so. PgBouncer
 * stays paused when the console that paused it goes away, even in the midst of a PAUSE that never
 * finished, and before 1.19 nothing shows it. So each hold is written down before the command is
 * sent, and RESUME follows on a connection of its own: when the PAUSE fails, when the console is
 * lost, and at the end.
 */
export class Holds {
  readonly #deps: HoldsDeps;
  readonly #holds = new Map<string, Hold>();
  readonly #ending = new AbortController();

  constructor(deps: HoldsDeps) {
    this.#deps = deps;
  }

  list(): PauseHold[] {
    return [...this.#holds.values()].map(({ pausing: _, takenBack: __, resuming: ___, ...hold }) => hold);
  }

  /** Holds of a run that ended before it resumed. Those that should have ended by themselves end now. */
  adopt(saved: SavedHold[]): void {
    for (const entry of saved) {
      const key = keyOf(entry.database);
      if (this.#holds.has(key)) continue;
      this.#holds.set(key, { ...entry, ...newHold, state: 'paused', takenBackAtMs: null });
    }
    if (saved.length > 0) this.#deps.onChanged();
    this.resumeAll('Poolscope ended before it could.');
  }

  /** Whether it ends by itself. @throws EngineError `not_found`. */
  async keep(database: string | null, autoResume: boolean): Promise<void> {
    const hold = this.#holds.get(keyOf(database));
    if (hold === undefined)
      throw new EngineError('not_found', `${nameOf(database)} is not held by Poolscope any more.`);
    hold.autoResume = autoResume;
    await this.#changed();
  }

  /** Settles when the pooler is paused. @throws EngineError: the refusal, or why it was taken back. */
  async pause(command: Pause, signal: AbortSignal): Promise<void> {
    const { database, timeoutMs, autoResume } = command;
    const hold = await this.#begin({ database, by: 'pause', autoResume }, timeoutMs);
    await this.#send(hold, commandText(command), timeoutMs, signal);
  }

  /** KILL cuts at once, and leaves the database paused. */
  async kill(command: Kill, signal: AbortSignal): Promise<void> {
    const { database, autoResume } = command;
    // One that is held already stays held, and ends as was agreed.
    if (this.#holds.get(keyOf(database))?.state === 'paused')
      return await this.#giveOnce(commandText(command));
    const hold = await this.#begin({ database, by: 'kill', autoResume }, attemptMs);
    await this.#send(hold, commandText(command), attemptMs, signal);
  }

  /** RESUME, asked for by the user. Ends a PAUSE that still waits. */
  async resume(database: string | null): Promise<void> {
    const hold = this.#holds.get(keyOf(database));
    if (hold !== undefined) this.#interrupt(hold);
    try {
      await this.#giveOnce(commandText({ kind: 'resume', database }));
    } catch (error) {
      // Somebody else was faster, or the pooler started anew.
      if (hold === undefined || !isNotPaused(error)) {
        // A PAUSE that was cut off has no other end any more.
        if (hold?.takenBack)
          void this.#takeBack(hold, 'the PAUSE was ended, and RESUME did not get through.');
        throw error;
      }
    }
    if (hold !== undefined) await this.#release(hold);
  }

  /** The console was lost: whoever paused can no longer see or end it. */
  consoleLost(): void {
    this.resumeAll('the console was lost.');
  }

  resumeAll(because: string): void {
    for (const hold of this.#holds.values()) {
      if (hold.autoResume && hold.state === 'paused') void this.#takeBack(hold, because);
    }
  }

  /** Resumes what should end by itself, within the deadline. What is left stays written down. */
  async end(deadlineMs: number): Promise<void> {
    const waiting = [...this.#holds.values()].filter(
      ({ autoResume, state }) => autoResume || state !== 'paused',
    );
    const resumed = Promise.all(
      waiting.map((hold) => this.#takeBack(hold, 'Poolscope lets go of the console.')),
    );
    const patience = new AbortController();
    const late = sleep(deadlineMs, 'late', { signal: patience.signal }).catch(() => 'given up');
    if ((await Promise.race([resumed, late])) === 'late')
      this.#deps.log.warn('a pooler could not be resumed before its console was closed');
    patience.abort();
    this.#ending.abort(new EngineError('cancelled', 'Cancelled.'));
  }

  async #begin(what: Pick<Hold, 'database' | 'by' | 'autoResume'>, timeoutMs: number): Promise<Hold> {
    const key = keyOf(what.database);
    if (this.#holds.has(key))
      throw new EngineError('not_supported', `${nameOf(what.database)} is paused by Poolscope already.`, {
        remedy: 'Resume it first.',
      });
    const nowMs = this.#deps.clock.nowMs();
    const hold: Hold = {
      ...{ ...newHold, ...what },
      state: 'pausing',
      sinceMs: nowMs,
      takenBackAtMs: nowMs + timeoutMs,
    };
    this.#holds.set(key, hold);
    await this.#changed();
    return hold;
  }

  async #send(hold: Hold, text: string, timeoutMs: number, signal: AbortSignal): Promise<void> {
    let wasSent = false;
    const cancel = () => hold.pausing?.destroy(new EngineError('cancelled', 'Cancelled.'));
    signal.addEventListener('abort', cancel, { once: true });
    try {
      hold.pausing = await this.#deps.open(attemptMs, AbortSignal.any([this.#ending.signal, signal]));
      // Taken back while it logged in: that RESUME may be answered by now, and nothing would follow this.
      if (hold.takenBack || signal.aborted) throw new EngineError('cancelled', 'Cancelled.');
      wasSent = true;
      await hold.pausing.ask(text, timeoutMs);
      if (hold.takenBack) throw takenBackByResume(hold);
      await hold.pausing.end();
      hold.pausing = null;
      hold.state = 'paused';
      hold.takenBackAtMs = null;
      await this.#changed();
    } catch (error) {
      hold.pausing?.destroy();
      hold.pausing = null;
      if (hold.takenBack) throw takenBackByResume(hold);
      if (!wasSent || isRefusal(error)) {
        await this.#release(hold);
        throw error;
      }
      throw await this.#failed(hold, text, error, timeoutMs, signal);
    } finally {
      signal.removeEventListener('abort', cancel);
    }
  }

  /** A command of which nobody knows whether it took effect is taken back, whatever the user wished for later. */
  async #failed(
    hold: Hold,
    text: string,
    error: unknown,
    timeoutMs: number,
    signal: AbortSignal,
  ): Promise<unknown> {
    const resumed = this.#takeBack(hold, signal.aborted ? 'it was cancelled.' : `${text} did not finish.`);
    const patience = new AbortController();
    const word = sleep(takeBackWordMs, undefined, { signal: patience.signal }).catch(() => {});
    await Promise.race([resumed, word]);
    patience.abort();
    if (signal.aborted) return error;
    const isBack = this.#holds.get(keyOf(hold.database)) !== hold;
    const then = isBack
      ? 'It was taken back: clients go on as before.'
      : 'RESUME has not got through yet; Poolscope keeps trying.';
    const why =
      error instanceof EngineError && error.code === 'query_timeout'
        ? `${text} did not finish within ${timeoutMs / 1000} s: server connections are still in use.`
        : `The console was lost during ${text}.`;
    const code = error instanceof EngineError ? error.code : 'connection_lost';
    const remedy = 'See which clients hold them, or pause with a longer limit.';
    return new EngineError(code, `${why} ${then}`, { remedy }, { cause: error });
  }

  /** Ends a PAUSE that waits; what it was for is resumed by whoever calls this. */
  #interrupt(hold: Hold): void {
    if (hold.state !== 'pausing') return;
    hold.takenBack = true;
    hold.pausing?.destroy();
  }

  /** RESUME, again and again until the pooler took it, or Poolscope ends. Never rejects. */
  #takeBack(hold: Hold, because: string): Promise<void> {
    this.#interrupt(hold);
    hold.resuming ??= this.#resumeUntilDone(hold, because);
    return hold.resuming;
  }

  async #resumeUntilDone(hold: Hold, because: string): Promise<void> {
    const { signal } = this.#ending;
    hold.state = 'resuming';
    hold.takenBackAtMs = null;
    this.#deps.onChanged();
    const text = commandText({ kind: 'resume', database: hold.database });
    for (let retryMs = firstRetryMs; !signal.aborted; retryMs = Math.min(retryMs * 2, longestRetryMs)) {
      try {
        await this.#giveOnce(text).catch((error: unknown) => {
          if (!isNotPaused(error)) throw error;
        });
        this.#deps.record(`${text}, given by Poolscope itself: ${because}`);
        await this.#release(hold);
        return;
      } catch (error) {
        if (signal.aborted) return;
        hold.lastError = toErrorPayload(error, this.#deps.log, 'resuming a pooler');
        this.#deps.onChanged();
        await sleep(retryMs, undefined, { signal }).catch(() => {});
      }
      // The user was faster.
      if (this.#holds.get(keyOf(hold.database)) !== hold) return;
    }
  }

  /** One command on a connection of its own. */
  async #giveOnce(text: string): Promise<void> {
    const connection = await this.#deps.open(attemptMs, this.#ending.signal);
    try {
      await connection.ask(text);
    } finally {
      await connection.end();
    }
  }

  async #release(hold: Hold): Promise<void> {
    const key = keyOf(hold.database);
    if (this.#holds.get(key) !== hold) return;
    this.#holds.delete(key);
    await this.#changed();
  }

  async #changed(): Promise<void> {
    this.#deps.onChanged();
    await this.#deps.save(
      [...this.#holds.values()].map(({ database, by, sinceMs, autoResume }) => ({
        ...{ database, by, sinceMs, autoResume },
      })),
    );
  }
}

const newHold = { lastError: null, pausing: null, takenBack: false, resuming: null };

function takenBackByResume({ database }: Hold): EngineError {
  return new EngineError('cancelled', `PAUSE of ${nameOf(database)} was ended by RESUME before it finished.`);
}

/** PgBouncer's answer to a RESUME that has nothing to resume, or that knows no such database any more. */
function isNotPaused(error: unknown): boolean {
  return error instanceof EngineError && /not paused|no such database/i.test(error.message);
}
