import type { ErrorPayload } from '#shared/contract/errors.ts';
import type { QueryMode, QueryTransaction } from '#shared/model/query.ts';
import type { Clock } from '../base/clock.ts';
import { EngineError } from '../base/errors.ts';
import { databaseErrorOf } from '../base/pg-errors.ts';
import { type HostTransaction, Run, type RunDeps, type RunSpec } from './run.ts';
import { commit, giveBack, type QueryPool, type QuerySession, takeSession } from './session.ts';
import { checkStatement } from './statement/rules.ts';

export interface TransactionSpec {
  transactionId: string;
  profileId: string;
  callerId: string;
  mode: QueryMode;
  idleLimitMs: number;
  mayRetry: boolean;
}

export interface TransactionDeps {
  poolOf(profileId: string): QueryPool;
  clock: Clock;
  onChange(transaction: QueryTransaction): void;
}

/** Between our own limit, which tells the user, and the server's, which is for when we hang. */
const serverLaterMs = 10_000;
/** Of our own statements in it; each of the user's sets its own. */
const ownTimeoutMs = 10_000;

/** A transaction the user opened, on a connection that is kept for it until it ends. */
export class Transaction {
  readonly spec: TransactionSpec;
  readonly #deps: TransactionDeps;
  readonly #session: QuerySession;
  readonly #view: QueryTransaction;
  #timer: NodeJS.Timeout | null = null;
  #run: Run | null = null;
  #ending: Promise<void> | null = null;
  /** The time limit the server keeps at present. */
  #limitMs = ownTimeoutMs;

  private constructor(deps: TransactionDeps, spec: TransactionSpec, session: QuerySession) {
    this.#deps = deps;
    this.spec = spec;
    this.#session = session;
    this.#view = {
      transactionId: spec.transactionId,
      profileId: spec.profileId,
      mode: spec.mode,
      state: 'open',
      backendPid: session.backendPid,
      waitMs: session.waitMs,
      startedAtMs: deps.clock.nowMs(),
      statements: 0,
      busy: false,
      idleSinceMs: null,
      idleLimitMs: spec.idleLimitMs,
      error: null,
    };
    session.client.on('error', this.#onBroken);
    this.#rest();
  }

  static async begin(
    deps: TransactionDeps,
    spec: TransactionSpec,
    signal: AbortSignal,
  ): Promise<Transaction> {
    const session = await takeSession(() => deps.poolOf(spec.profileId), {
      block: spec.mode,
      timeoutMs: ownTimeoutMs,
      idleLimitMs: spec.idleLimitMs + serverLaterMs,
      mayRetry: spec.mayRetry,
      signal,
      clock: deps.clock,
    });
    return new Transaction(deps, spec, session);
  }

  get view(): QueryTransaction {
    return { ...this.#view };
  }

  get isOver(): boolean {
    return this.#view.state !== 'open' && this.#view.state !== 'failed';
  }

  /** Starts a statement in it. @throws EngineError when it is over or busy, or the statement is refused */
  run(deps: RunDeps, spec: RunSpec): Run {
    this.#mustBeFree();
    if (spec.mode !== this.spec.mode || spec.profileId !== this.spec.profileId) {
      throw new EngineError(
        'bad_input',
        'The statement asks for another mode or connection than its transaction.',
      );
    }
    checkStatement(spec.text, spec.mode, true);
    this.#stopResting();
    this.#view.busy = true;
    this.#view.statements += 1;
    const { transactionId } = this.spec;
    const host: HostTransaction = {
      transactionId,
      session: this.#session,
      prepare: async (timeoutMs) => {
        const { client } = this.#session;
        // A failed one takes nothing but its end, or the way back to a savepoint.
        if (client.getTransactionStatus() === 'E') return;
        await client.query(`SET LOCAL statement_timeout = ${timeoutMs}`);
        this.#limitMs = timeoutMs;
      },
    };
    const run = new Run(deps, spec, host);
    this.#run = run;
    this.#tell();
    void run.over.then(() => this.#after(run));
    return run;
  }

  /** @throws EngineError when it is over, busy, or the commit failed */
  async commit(): Promise<void> {
    this.#mustBeFree();
    this.#stopResting();
    if (this.#view.state === 'failed') {
      this.#rest();
      throw new EngineError('database_error', 'A statement failed, so the server takes no commit.', {
        remedy: 'Roll back, or run ROLLBACK TO a savepoint.',
      });
    }
    // What is read-only is undone all the same: settings and notifications would outlive a commit.
    if (this.spec.mode === 'readOnly') return await this.#end('committed');
    this.#view.busy = true;
    this.#tell();
    const committing = this.#commit();
    // Whoever wants it rolled back by now comes too late, and learns how the commit went.
    this.#ending = committing.catch(() => {});
    await committing;
  }

  async #commit(): Promise<void> {
    try {
      const committed = await commit(this.#session, this.#limitMs + serverLaterMs);
      await this.#settle(committed ? 'committed' : 'rolledBack', null);
    } catch (error) {
      const known =
        databaseErrorOf(error) ?? new EngineError('connection_lost', 'The commit was not answered.');
      const lost = known.code === 'connection_lost';
      const message = lost
        ? `${known.message} The transaction may have been committed all the same.`
        : known.message;
      const remedy = lost ? 'See what is stored before you run it again.' : known.details.remedy;
      const payload: ErrorPayload = {
        code: known.code,
        message,
        details: { ...known.details, ...(remedy !== undefined && { remedy }) },
      };
      await this.#settle(lost ? 'lost' : 'rolledBack', payload);
      throw new EngineError(payload.code, payload.message, payload.details, { cause: error });
    }
  }

  /** Cancels what runs in it, then rolls back. Settles when its connection is given back. */
  async rollback(state: 'rolledBack' | 'expired' = 'rolledBack'): Promise<void> {
    if (this.#run !== null && !this.#run.isFinal) await this.#run.cancel();
    await this.#end(state);
  }

  #mustBeFree(): void {
    if (this.isOver || this.#ending !== null) throw transactionOver();
    if (this.#view.busy) {
      throw new EngineError('bad_input', 'A statement is still running in this transaction.', {
        remedy: 'Wait for it, or cancel it.',
      });
    }
  }

  async #after(run: Run): Promise<void> {
    this.#view.busy = false;
    if (this.#ending !== null || this.isOver) return;
    const status = this.#session.client.getTransactionStatus();
    if (run.lostSession) await this.#end('lost', run.view.error);
    else if (status === 'I') await this.#end('rolledBack', endedByStatement);
    else {
      this.#view.state = status === 'E' ? 'failed' : 'open';
      this.#rest();
    }
  }

  /** Waits for the next statement, but not for ever. */
  #rest(): void {
    this.#view.busy = false;
    this.#view.idleSinceMs = this.#deps.clock.nowMs();
    this.#timer = setTimeout(() => void this.rollback('expired'), this.spec.idleLimitMs);
    this.#tell();
  }

  #stopResting(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#view.idleSinceMs = null;
  }

  readonly #onBroken = (error: Error): void => {
    const known = databaseErrorOf(error);
    const lost = known ?? new EngineError('connection_lost', 'The connection to the server was lost.');
    const payload = lost.toPayload();
    const message = `${payload.message} The transaction is gone with it: the server undoes all of it.`;
    // One that runs a statement learns of it there, and one that ends knows.
    if (!this.#view.busy) void this.#end('lost', { ...payload, message });
  };

  #end(state: QueryTransaction['state'], error: ErrorPayload | null = null): Promise<void> {
    this.#ending ??= this.#settle(state, error);
    return this.#ending;
  }

  async #settle(state: QueryTransaction['state'], error: ErrorPayload | null): Promise<void> {
    this.#stopResting();
    const { client, pool } = this.#session;
    client.off('error', this.#onBroken);
    // A server that hangs may work on still.
    if (state === 'lost') void pool.discard(client, new Error('connection lost'));
    else await giveBack(this.#session);
    Object.assign(this.#view, { state, error, busy: false, idleSinceMs: null });
    this.#tell();
  }

  #tell(): void {
    this.#deps.onChange(this.view);
  }
}

const endedByStatement: ErrorPayload = {
  code: 'database_error',
  message: 'A statement ended the transaction on the server.',
  details: { remedy: 'Open another one to go on.' },
};

export function transactionOver(): EngineError {
  return new EngineError('not_found', 'That transaction is over.', { remedy: 'Open another one.' });
}
