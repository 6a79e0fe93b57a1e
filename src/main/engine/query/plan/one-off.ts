import type { QueryParameter, StatementDescription } from '#shared/model/query.ts';
import type { QueryPlan } from '#shared/model/query-plan.ts';
import type { Clock } from '../../base/clock.ts';
import { EngineError } from '../../base/errors.ts';
import type { Described } from '../protocol/describe.ts';
import { describeStatement } from '../protocol/describe.ts';
import { giveBack, type QueryPool, type QuerySession, takeSession } from '../session.ts';
import { oidOf } from '../statement/parameters.ts';
import { statementErrorOf } from '../statement/statement-errors.ts';
import type { TypeNames } from '../statement/type-names.ts';
import { GaveUp, Stoppable } from '../stoppable.ts';
import { explain } from './explain.ts';

interface OneOffTerms {
  signal: AbortSignal;
  clock: Clock;
}

const describeTimeoutMs = 5000;

/** Work on a session of its own, in a transaction that is rolled back; the signal stops it on the server. */
async function onSession<T>(
  pool: QueryPool,
  block: 'readOnly' | 'write',
  timeoutMs: number,
  { signal, clock }: OneOffTerms,
  work: (session: QuerySession, stoppable: Stoppable) => Promise<T>,
): Promise<T> {
  const stoppable = new Stoppable(timeoutMs);
  const stop = () => void stoppable.stop();
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  try {
    const terms = { block, timeoutMs, idleLimitMs: 60_000, mayRetry: false, signal: stoppable.signal, clock };
    const session = await takeSession(() => pool, terms);
    stoppable.attach(pool, session.client);
    try {
      const answer = await work(session, stoppable);
      await giveBack(session);
      return answer;
    } catch (error) {
      if (error instanceof GaveUp) void pool.discard(session.client, error);
      else await giveBack(session);
      throw stoppable.isStopped ? new EngineError('cancelled', 'Cancelled.') : error;
    }
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/** What a statement needs and gives, without running it. */
export function describeOn(
  pool: QueryPool,
  wanted: { text: string; parameterTypes: readonly (string | null)[]; types: TypeNames },
  terms: OneOffTerms,
): Promise<StatementDescription> {
  const { text, parameterTypes, types } = wanted;
  return onSession(pool, 'readOnly', describeTimeoutMs, terms, async ({ client }, stoppable) => {
    let found: Described;
    try {
      const oids = parameterTypes.map(oidOf);
      found = await stoppable.step(() => describeStatement(client, text, oids));
    } catch (error) {
      throw statementErrorOf(error, { text });
    }
    const { parameterOids, fields } = found;
    const parameters = parameterOids.map((oid) => ({ name: '', dataTypeID: oid, dataTypeModifier: -1 }));
    const columns = await stoppable.step(() => types.columns(client, [...parameters, ...fields]));
    return {
      parameters: columns.slice(0, parameters.length).map(({ typeOid, typeName }) => ({ typeOid, typeName })),
      columns: columns.slice(parameters.length),
    };
  });
}

export interface ExplainRequest {
  text: string;
  parameters: readonly QueryParameter[];
  mode: 'readOnly' | 'write';
  analyze: boolean;
  timeoutMs: number;
}

/** The plan. Whatever ANALYZE did is rolled back. */
export function explainOn(pool: QueryPool, request: ExplainRequest, terms: OneOffTerms): Promise<QueryPlan> {
  return onSession(pool, request.mode, request.timeoutMs, terms, (session, stoppable) =>
    explain(session, request, stoppable),
  );
}
