import type { ReleaseAction } from '#shared/model/profile/pool.ts';
import type { MeteredClient } from './metered-client.ts';

/**
 * Waits for work on a client, but no longer than the limit, nor than its connection lasts. Null when
 * it is done, else why not.
 */
async function within(client: MeteredClient, work: Promise<unknown>, limitMs: number): Promise<Error | null> {
  let timer: NodeJS.Timeout | undefined;
  let gone = () => {};
  const late = new Promise<Error>((resolve) => {
    timer = setTimeout(() => resolve(new Error('Query read timeout')), limitMs);
    gone = () => resolve(new Error('Connection terminated'));
    client.once('end', gone);
  });
  const done = work.then(
    () => null,
    (error: Error) => error,
  );
  try {
    return await Promise.race([done, late]);
  } finally {
    clearTimeout(timer);
    client.off('end', gone);
  }
}

/** Asks a client at rest whether its session is still there. Null when it answered. */
export function checkAlive(client: MeteredClient, limitMs: number): Promise<Error | null> {
  return within(client, client.ask('SELECT 1'), limitMs);
}

/** Settles when the server owes the client no more answers, or the connection is gone. */
function answered(client: MeteredClient): Promise<void> {
  if (!client.isBusy) return Promise.resolve();
  return new Promise((resolve) => {
    const done = () => {
      client.off('drain', done);
      client.off('end', done);
      resolve();
    };
    client.on('drain', done);
    client.on('end', done);
  });
}

/** Whether a client that comes back needs anything at all before it is handed out again. */
export function needsTidying(client: MeteredClient, action: ReleaseAction): boolean {
  return action === 'reset-all' || action === 'discard-all' || client.isBusy || client.isInTransaction;
}

interface TidyingTerms {
  action: ReleaseAction;
  limitMs: number;
  /** Told before anything is done about it. */
  onTransaction(): void;
  /** What every new connection is told, which a reset takes back. */
  prepare(client: MeteredClient): Promise<unknown>;
}

/**
 * Makes a client that came back fit for its next holder, as the profile asks. Whoever gave it back
 * inside a transaction left work that must not become part of the next holder's: with `nothing` the
 * connection is closed, with every other action rolled back. Null when it is fit, else why it is not.
 */
export function tidyUp(client: MeteredClient, terms: TidyingTerms): Promise<Error | null> {
  return within(client, bringInOrder(client, terms), terms.limitMs);
}

async function bringInOrder(
  client: MeteredClient,
  { action, onTransaction, prepare }: TidyingTerms,
): Promise<void> {
  await answered(client);
  if (client.isInTransaction) {
    onTransaction();
    if (action === 'nothing') throw new Error('It is inside a transaction.');
    await client.ask('ROLLBACK');
  }
  if (action !== 'reset-all' && action !== 'discard-all') return;
  await client.ask(action === 'reset-all' ? 'RESET ALL' : 'DISCARD ALL');
  if (action === 'discard-all') client.forgetPreparedStatements();
  await prepare(client);
}
