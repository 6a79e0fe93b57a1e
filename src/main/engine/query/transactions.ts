import { EngineError } from '../base/errors.ts';
import { Transaction, type TransactionDeps, type TransactionSpec, transactionOver } from './transaction.ts';

/** The transactions users have open, by the id their window gave them. */
export class Transactions {
  readonly #deps: TransactionDeps;
  readonly #open = new Map<string, Transaction>();
  /** Ids of those that are being begun. */
  readonly #beginning = new Map<string, { spec: TransactionSpec; abort: AbortController }>();
  #isClosed = false;

  constructor(deps: TransactionDeps) {
    this.#deps = {
      ...deps,
      onChange: (view) => {
        if (view.state !== 'open' && view.state !== 'failed') this.#open.delete(view.transactionId);
        deps.onChange(view);
      },
    };
  }

  get list(): Transaction[] {
    return [...this.#open.values()];
  }

  /** @throws EngineError `not_found` */
  of(transactionId: string): Transaction {
    const transaction = this.#open.get(transactionId);
    if (transaction === undefined) throw transactionOver();
    return transaction;
  }

  async begin(spec: TransactionSpec, signal: AbortSignal): Promise<Transaction> {
    const { transactionId } = spec;
    if (this.#open.has(transactionId) || this.#beginning.has(transactionId)) {
      throw new EngineError('bad_input', 'A transaction of that id is there already.');
    }
    const abort = new AbortController();
    this.#beginning.set(transactionId, { spec, abort });
    try {
      const both = AbortSignal.any([signal, abort.signal]);
      const transaction = await Transaction.begin(this.#deps, spec, both);
      this.#open.set(transactionId, transaction);
      // Whoever asked is gone by now.
      if (both.aborted || this.#isClosed) await transaction.rollback();
      return transaction;
    } finally {
      this.#beginning.delete(transactionId);
    }
  }

  /** Settles when their connections are given back. */
  async rollbackWhere(isMeant: (spec: TransactionSpec) => boolean): Promise<void> {
    for (const { spec, abort } of this.#beginning.values()) if (isMeant(spec)) abort.abort();
    const meant = this.list.filter(({ spec }) => isMeant(spec));
    await Promise.all(meant.map((transaction) => transaction.rollback()));
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.rollbackWhere(() => true);
  }
}
