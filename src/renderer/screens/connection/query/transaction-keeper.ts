import type { ErrorPayload } from '#shared/contract/errors.ts';
import { type QueryMode, type QueryTransaction, queryLimits } from '#shared/model/query.ts';
import { request } from '../../../bridge/client.ts';
import { isCancelled, payloadOf } from '../../../data/errors.ts';
import { isOver } from '../../../query/run-states.ts';
import type { SessionState } from './query-session.ts';

/** What of a session's state a transaction touches. */
type Part = Pick<SessionState, 'transaction' | 'brokenTransaction' | 'transactionChanging' | 'refusal'>;

interface Host {
  state(): Part;
  set(change: Partial<Part>): void;
  /** The mode chosen for what is run. */
  mode(): QueryMode;
  /** What is run next would be committed at once by whoever thinks the transaction is open still. */
  writingEndedUnasked(): void;
}

const rolledBackUnseen: ErrorPayload = {
  code: 'connection_lost',
  message: 'The transaction was rolled back when this window lost its link to Poolscope.',
  details: { remedy: 'Begin it anew and run its statements again.' },
};

/** The transaction that a query tab may hold open. */
export class TransactionKeeper {
  readonly #profileId: string;
  readonly #host: Host;

  constructor(profileId: string, host: Host) {
    this.#profileId = profileId;
    this.#host = host;
  }

  /** Opens one in the mode chosen. Never rejects. */
  async begin(): Promise<void> {
    const { transaction, transactionChanging } = this.#host.state();
    if (transaction !== null || transactionChanging !== null) return;
    const transactionId = crypto.randomUUID();
    this.#host.set({ transactionChanging: 'begin', refusal: null, brokenTransaction: null });
    await this.#change(() =>
      request('query.begin', {
        transactionId,
        profileId: this.#profileId,
        mode: this.#host.mode(),
        idleLimitMs: queryLimits.defaultIdleLimitMs,
      }),
    );
  }

  /** Ends it. Does nothing when none is open; never rejects. */
  async end(how: 'commit' | 'rollback'): Promise<void> {
    const { transaction, transactionChanging } = this.#host.state();
    if (transaction === null || transactionChanging !== null) return;
    const { transactionId } = transaction;
    this.#host.set({ transactionChanging: how, refusal: null });
    await this.#change(() => request(`query.${how}`, { transactionId }));
  }

  /** Takes news of a transaction; of others than its own it makes nothing. */
  hear(news: QueryTransaction): void {
    if (this.#host.state().transaction?.transactionId === news.transactionId) this.#put(news);
  }

  /** Asks how it stands, after events were missed. Never rejects. */
  async resync(): Promise<void> {
    const { transaction } = this.#host.state();
    if (transaction === null) return;
    try {
      const open = await request('query.transactions', {});
      const news = open.find(({ transactionId }) => transactionId === transaction.transactionId);
      // With the link goes the window, and with the window its transactions.
      this.#put(news ?? { ...transaction, state: 'lost', error: rolledBackUnseen });
    } catch {
      // Without a link nothing is known; it is asked again when the link is back.
    }
  }

  async #change(ask: () => Promise<QueryTransaction>): Promise<void> {
    try {
      this.#put(await ask());
    } catch (error) {
      const refusal = payloadOf(error);
      if (!isCancelled(error)) this.#host.set({ refusal });
      // The engine knows of none: it ended while nobody here heard.
      const { transaction } = this.#host.state();
      if (refusal.code !== 'not_found' || transaction === null) return;
      this.#host.set({ transaction: null });
      if (transaction.mode === 'write') this.#host.writingEndedUnasked();
    } finally {
      this.#host.set({ transactionChanging: null });
    }
  }

  #put(news: QueryTransaction): void {
    const over = isOver(news);
    const broken = over && (news.state === 'expired' || news.state === 'lost' || news.error !== null);
    this.#host.set({
      transaction: over ? null : news,
      ...(broken && { brokenTransaction: news }),
    });
    if (broken && news.mode === 'write') this.#host.writingEndedUnasked();
  }
}
