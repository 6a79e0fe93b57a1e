import { Button } from '@mantine/core';
import { GitCommitHorizontal } from 'lucide-react';
import type { QueryTransaction } from '#shared/model/query.ts';
import { formatDuration } from '../../../charts/formats.ts';
import { Elapsed } from '../../../kit/elapsed.tsx';
import { ErrorNote } from '../../../kit/error-note.tsx';
import classes from '../../../query/query-layout.module.css';
import type { QuerySession, SessionState } from './query-session.ts';

/** That a transaction is open, since when, and how to end it; or how one ended that nobody ended. */
export function TransactionBar({ session, state }: { session: QuerySession; state: SessionState }) {
  const { transaction, brokenTransaction, transactionChanging } = state;
  if (transaction === null) {
    return brokenTransaction === null ? null : <Broken transaction={brokenTransaction} />;
  }
  const failed = transaction.state === 'failed';
  return (
    <section
      className={classes.transaction}
      aria-label="Open transaction"
      data-failed={failed || undefined}
      data-writing={transaction.mode === 'write' || undefined}
    >
      <GitCommitHorizontal size={16} aria-hidden />
      <span className={classes.transactionWords}>
        <strong>{failed ? 'Transaction failed' : 'Transaction open'}</strong> for{' '}
        <Elapsed sinceMs={transaction.startedAtMs} />
        {' · '}
        {transaction.statements === 1 ? '1 statement' : `${transaction.statements} statements`}
        {' · '}
        {transaction.mode === 'write' ? 'writing' : 'read-only'}
        {failed
          ? ' · The server takes nothing more of it: roll it back.'
          : ` · It holds a connection; left idle for ${formatDuration(transaction.idleLimitMs)} it is rolled back.`}
      </span>
      <Button
        variant="default"
        disabled={transaction.busy && !failed}
        loading={transactionChanging === 'rollback'}
        onClick={() => void session.transaction.end('rollback')}
      >
        Roll back
      </Button>
      <Button
        disabled={failed || transaction.busy}
        loading={transactionChanging === 'commit'}
        onClick={() => void session.transaction.end('commit')}
      >
        Commit
      </Button>
    </section>
  );
}

const endings = {
  expired: 'The transaction was idle for too long and was rolled back.',
  lost: 'The connection broke in the middle of the transaction; the server has undone it.',
  committed: 'The transaction was committed.',
  rolledBack: 'The transaction was rolled back.',
  open: '',
  failed: '',
} as const;

function Broken({ transaction }: { transaction: QueryTransaction }) {
  const { error, state } = transaction;
  const message = error?.message ?? endings[state];
  return (
    <ErrorNote error={{ code: error?.code ?? 'connection_lost', message, details: error?.details ?? {} }}>
      {transaction.mode === 'write' && 'Writing is switched off again: what you run next is on its own.'}
    </ErrorNote>
  );
}
