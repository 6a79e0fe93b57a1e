import type { PoolClient } from 'pg';
import type { ErrorPayload } from '#shared/contract/errors.ts';
import type { QueryMode, QueryNotice, QueryParameter, QueryRun } from '#shared/model/query.ts';
import type { Clock } from '../base/clock.ts';
import { EngineError } from '../base/errors.ts';
import { databaseErrorOf } from '../base/pg-errors.ts';
import { reasonOf } from '../base/system-errors.ts';
import type { Field } from './protocol/exchange.ts';
import type { ResultShelf, ShelvedResult } from './result/result-shelf.ts';
import { addNotice, fail, isFinal, type LiveRun, newRun, readTag, snapshotOf } from './run-view.ts';
import { commit, giveBack, type QueryPool, type QuerySession, takeSession } from './session.ts';
import { needsNoTransaction } from './statement/rules.ts';
import { type RowTarget, runStatement } from './statement/run-statement.ts';
import { statementErrorOf } from './statement/statement-errors.ts';
import type { TypeNames } from './statement/type-names.ts';
import { GaveUp, Stoppable } from './stoppable.ts';

export interface RunSpec {
  runId: string;
  profileId: string;
  manyId: string | null;
  callerId: string;
  text: string;
  parameters: readonly QueryParameter[];
  mode: QueryMode;
  timeoutMs: number;
  rowLimit: number | null;
  /** Whether a connection that cannot be had is tried for again. */
  mayRetry: boolean;
}

/** The part of a transaction of the user's that a statement in it needs. */
export interface HostTransaction {
  transactionId: string;
  session: QuerySession;
  /** Sets the time limit of the next statement, where the server takes that. */
  prepare(timeoutMs: number): Promise<void>;
}

export interface RunDeps {
  poolOf(profileId: string): QueryPool;
  typesOf(profileId: string): TypeNames;
  shelf: ResultShelf;
  clock: Clock;
  onChange(run: QueryRun): void;
  onNotice(runId: string, notice: QueryNotice): void;
  /** What no rule has words for. */
  toPayload(error: unknown): ErrorPayload;
}

/** Progress is told no more often than this while rows come in. */
const tellEveryMs = 250;
/** The server ends a transaction of ours that was forgotten, should this process hang. */
const forgottenMs = 60_000;

/** A server that keeps its time limit answers a commit before this is over, too. */
const commitGraceMs = 5000;

const startsUnsure = 'It may have been committed all the same.';

/** One statement on its way, and its result. */
export class Run {
  readonly spec: RunSpec;
  readonly #deps: RunDeps;
  readonly #host: HostTransaction | null;
  readonly #view: LiveRun;
  readonly #stoppable: Stoppable;
  readonly #answered = Promise.withResolvers<void>();
  #result: ShelvedResult | null = null;
  #dropped = false;
  #fields: readonly Field[] = [];
  #startedMs: number;
  #sentMs: number | null = null;
  #firstMs: number | null = null;
  #toldMs = 0;
  #isCommitting = false;
  #lostSession = false;
  /** Settles when it is final, and its connection given back. Never rejects. */
  readonly over: Promise<void>;

  constructor(deps: RunDeps, spec: RunSpec, host: HostTransaction | null) {
    this.#deps = deps;
    this.spec = spec;
    this.#host = host;
    this.#startedMs = deps.clock.monotonicMs();
    this.#view = newRun({
      runId: spec.runId,
      profileId: spec.profileId,
      transactionId: host?.transactionId ?? null,
      manyId: spec.manyId,
      mode: spec.mode,
      startedAtMs: deps.clock.nowMs(),
    });
    this.#stoppable = new Stoppable(spec.timeoutMs);
    this.over = this.#go();
  }

  get view(): QueryRun {
    return snapshotOf(this.#view);
  }

  get isFinal(): boolean {
    return isFinal(this.#view);
  }

  /** The connection broke under it, or was given up: whatever transaction it was in is over. */
  get lostSession(): boolean {
    return this.#lostSession;
  }

  /** Settles with the first rows, or when it is final. Never rejects. */
  get answered(): Promise<void> {
    return this.#answered.promise;
  }

  /** @throws EngineError `not_found` once the rows are gone */
  get result(): ShelvedResult {
    if (this.#result !== null && !this.#dropped) return this.#result;
    const [message, remedy] = this.#dropped
      ? ['The rows of that result are no longer kept.', 'Run the statement again.']
      : ['There are no rows yet.', 'Wait for the first ones.'];
    throw new EngineError('not_found', message, { remedy });
  }

  /** All rows that are here, a batch at a time: they stay while they are read, whatever is closed meanwhile. */
  async *batches(rowsPerBatch: number): AsyncGenerator<(string | null)[][], void, undefined> {
    const { result } = this;
    const release = result.hold();
    try {
      yield* result.rows.batches(rowsPerBatch);
    } finally {
      release();
    }
  }

  /** What `work` reads of the rows, which stay until it is done. @throws EngineError `not_found` once they are gone */
  async read<T>(work: (rows: ShelvedResult['rows']) => Promise<T>): Promise<T> {
    const { result } = this;
    result.touch();
    const release = result.hold();
    try {
      return await work(result.rows);
    } finally {
      release();
    }
  }

  /** Stops it on the server; settles when it is final. */
  async cancel(): Promise<void> {
    await this.#stoppable.stop();
    await this.#answered.promise;
    await this.over;
  }

  /** Cancels, and frees the rows. */
  async close(): Promise<void> {
    if (!this.isFinal) await this.cancel();
    await this.#result?.drop();
  }

  async #go(): Promise<void> {
    let session: QuerySession | null = null;
    try {
      const { shelf } = this.#deps;
      this.#result = await shelf
        .open(() => this.#onDropped())
        .catch((error: unknown) => {
          throw notStored(error);
        });
      this.#tell();
      session = await this.#takeSession();
      await this.#runOn(session);
      this.#view.state = 'done';
    } catch (error) {
      const payload = this.#payloadOf(error, session);
      fail(this.#view, payload);
      this.#lostSession = error instanceof GaveUp || payload.code === 'connection_lost';
      const isGone = error instanceof GaveUp || (this.#isCommitting && this.#lostSession);
      if (isGone && session !== null && this.#host === null) {
        void session.pool.discard(session.client, error as Error);
        session = null;
      }
    }
    this.#finish();
    if (session !== null && this.#host === null) await giveBack(session);
  }

  #finish(): void {
    const { timing } = this.#view;
    const nowMs = this.#deps.clock.monotonicMs();
    timing.totalMs = nowMs - this.#startedMs;
    if (this.#sentMs !== null) timing.serverMs ??= nowMs - this.#sentMs;
    if (this.#firstMs !== null) timing.transferMs ??= nowMs - this.#firstMs;
    if (this.#result !== null) {
      this.#result.rows.flush();
      this.#view.rows = this.#result.rows.rows;
      this.#result.finish();
      this.#result.touch();
    }
    this.#tell();
    this.#answered.resolve();
  }

  async #takeSession(): Promise<QuerySession> {
    const { spec } = this;
    const [deps, host] = [this.#deps, this.#host];
    if (host !== null) {
      this.#attach(host.session);
      this.#view.timing.waitMs = 0;
      await this.#stoppable.step(() => host.prepare(spec.timeoutMs));
      return host.session;
    }
    const outside = spec.mode === 'write' && needsNoTransaction(spec.text);
    const session = await takeSession(() => deps.poolOf(spec.profileId), {
      block: outside ? 'none' : spec.mode,
      timeoutMs: spec.timeoutMs,
      idleLimitMs: forgottenMs,
      mayRetry: spec.mayRetry,
      signal: this.#stoppable.signal,
      clock: deps.clock,
    });
    this.#attach(session);
    this.#view.timing.waitMs = session.waitMs;
    this.#view.attempts = session.attempts;
    return session;
  }

  #attach({ pool, client, backendPid }: QuerySession): void {
    this.#stoppable.attach(pool, client);
    this.#view.backendPid = backendPid;
    this.#view.state = 'running';
    this.#tell();
  }

  async #runOn(session: QuerySession): Promise<void> {
    const { spec } = this;
    const [view, stoppable, host] = [this.#view, this.#stoppable, this.#host];
    const { client } = session;
    const listen = (notice: unknown) => this.#onNotice(notice);
    client.on('notice', listen);
    try {
      const inBlock = client.getTransactionStatus() !== 'I';
      const { tag, cutShort } = await runStatement(
        {
          client,
          text: spec.text,
          parameters: spec.parameters,
          portalName: `run ${spec.runId.slice(0, 50)}`,
          rowLimit: spec.rowLimit,
          runToEnd: spec.mode === 'write',
          inBlock,
          step: (work) => stoppable.step(work),
          onSent: () => {
            this.#sentMs = this.#deps.clock.monotonicMs();
          },
          onFirst: () => this.#onFirst(),
          onFields: (fields) => {
            this.#fields = fields;
            this.#result?.rows.setColumns(fields.length);
          },
          onBatch: (hasMore) => this.#onBatch(client, hasMore),
        },
        this.#target(),
      );
      Object.assign(view, readTag(tag), { cutShort });
      view.columns ??= [];
      if (this.#firstMs !== null) {
        view.timing.transferMs = this.#deps.clock.monotonicMs() - this.#firstMs;
      }
      if (host === null && inBlock && spec.mode === 'write') await this.#commit(session);
    } finally {
      client.off('notice', listen);
    }
  }

  async #commit(session: QuerySession): Promise<void> {
    if (!this.#stoppable.becomeImmune()) throw new EngineError('cancelled', 'Cancelled; it was rolled back.');
    this.#isCommitting = true;
    if (await commit(session, this.spec.timeoutMs + commitGraceMs)) return;
    throw new EngineError('database_error', 'The server rolled the statement back instead of committing it.');
  }

  #onFirst(): void {
    this.#firstMs = this.#deps.clock.monotonicMs();
    this.#view.timing.serverMs = this.#firstMs - (this.#sentMs ?? this.#firstMs);
  }

  /** After the first rows: what the columns are, so that they can be shown. */
  async #onBatch(client: PoolClient, hasMore: boolean): Promise<void> {
    const [view, result] = [this.#view, this.#result];
    if (result?.rows.failure != null) throw notStored(result.rows.failure);
    view.rows = result?.rows.rows ?? 0;
    if (view.columns === null) {
      const types = this.#deps.typesOf(this.spec.profileId);
      view.columns =
        types.columnsAtHand(this.#fields) ??
        (await this.#stoppable.step(() => types.columns(client, this.#fields)));
      // What is complete is answered when it is committed, too.
      if (!hasMore) return;
      view.state = 'fetching';
      this.#tell();
      this.#answered.resolve();
    } else if (performance.now() - this.#toldMs >= tellEveryMs) this.#tell();
  }

  #target(): RowTarget {
    const { result } = this;
    const { rows } = result;
    const stoppable = this.#stoppable;
    return {
      get rows() {
        return rows.rows;
      },
      get bytes() {
        return rows.bytes;
      },
      row(values) {
        stoppable.heard();
        rows.add(values);
      },
      isFull: () => rows.isFull,
      onDrained: (resume) => rows.onDrained(resume),
      flush: () => rows.flush(),
      hasRoom: async () => {
        try {
          return await result.hasRoom();
        } catch (error) {
          throw notStored(error);
        }
      },
    };
  }

  #onNotice(raw: unknown): void {
    const {
      severity = 'NOTICE',
      message = '',
      detail,
      hint,
    } = Object(raw) as Record<string, string | undefined>;
    const notice = { severity, message, detail: detail ?? null, hint: hint ?? null };
    const kept = addNotice(this.#view, notice);
    if (kept !== null) this.#deps.onNotice(this.spec.runId, kept);
  }

  #onDropped(): void {
    this.#dropped = true;
    if (this.#view.expired) return;
    this.#view.expired = true;
    if (this.isFinal) this.#tell();
  }

  #tell(): void {
    this.#toldMs = performance.now();
    this.#deps.onChange(this.view);
  }

  #payloadOf(error: unknown, session: QuerySession | null): ErrorPayload {
    const stopped = this.#stoppable.isStopped;
    const known = databaseErrorOf(error);
    // The server's own word that it stopped, where stopping was asked for.
    if (stopped && known?.details.sqlState === '57014') {
      return { code: 'cancelled', message: 'Cancelled; the server has stopped the statement.', details: {} };
    }
    if (known?.details.sqlState === '57014' && this.#isOverTime()) {
      const message = `The server stopped the statement at its time limit of ${this.spec.timeoutMs / 1000} s.`;
      const remedy = 'Raise the limit, or find out what the statement waits for.';
      return { code: 'query_timeout', message, details: { remedy, sqlState: '57014' } };
    }
    const worded = statementErrorOf(error, { text: this.spec.text });
    if (worded instanceof EngineError && worded.code === 'connection_lost' && session !== null) {
      return { ...worded.toPayload(), message: `${worded.message} ${this.#afterLoss()}` };
    }
    return this.#deps.toPayload(worded);
  }

  #isOverTime(): boolean {
    return (
      this.#sentMs !== null && this.#deps.clock.monotonicMs() - this.#sentMs >= this.spec.timeoutMs * 0.9
    );
  }

  /** What is left of a statement whose connection broke. It is never run again by itself. */
  #afterLoss(): string {
    if (this.#isCommitting) return startsUnsure;
    if (this.#host !== null) return 'Its transaction is gone with it: the server undoes all of it.';
    if (this.spec.mode === 'readOnly') return 'It was read-only, so nothing has changed.';
    if (needsNoTransaction(this.spec.text)) return 'It may have taken effect all the same.';
    return 'It was not committed, so the server undoes it.';
  }
}

function notStored(error: unknown): EngineError {
  const message = `The rows could not be kept on disk: ${reasonOf(error)}.`;
  const remedy = 'Free some space on the disk of the data folder, or set a row limit.';
  return new EngineError('storage_failed', message, { remedy }, { cause: error });
}
