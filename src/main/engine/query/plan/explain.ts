import type { QueryParameter } from '#shared/model/query.ts';
import type { QueryPlan } from '#shared/model/query-plan.ts';
import { EngineError } from '../../base/errors.ts';
import { describeStatement } from '../protocol/describe.ts';
import { Portal } from '../protocol/portal.ts';
import type { QuerySession } from '../session.ts';
import { checkParameterValues, oidOf } from '../statement/parameters.ts';
import { statementErrorOf } from '../statement/statement-errors.ts';
import type { Stoppable } from '../stoppable.ts';
import { parsePlan } from './parse-plan.ts';

export interface ExplainSpec {
  text: string;
  parameters: readonly QueryParameter[];
  analyze: boolean;
}

/** A plan of more is none that anybody could look at. */
const longestPlan = 64 * 1024 * 1024;

/**
 * The plan of one statement, on a session whose transaction the caller rolls back. The text goes
 * through the extended protocol, so nothing after it can be smuggled in.
 */
export async function explain(
  { client }: QuerySession,
  { text, parameters, analyze }: ExplainSpec,
  stoppable: Stoppable,
): Promise<QueryPlan> {
  const prefix = analyze ? 'EXPLAIN (FORMAT JSON, ANALYZE, BUFFERS) ' : 'EXPLAIN (FORMAT JSON) ';
  let plan = '';
  const portal = new Portal(client, 'explain', {
    fields: () => {},
    row([line = '']) {
      if (plan.length < longestPlan) plan += line ?? '';
    },
    isFull: () => false,
    onDrained: (resume) => resume(),
  });
  try {
    const types = parameters.map(({ type }) => oidOf(type));
    const { parameterOids } = await stoppable.step(() => describeStatement(client, prefix + text, types));
    checkParameterValues(parameters, parameterOids);
    const values = parameters.map(({ value }) => value);
    await stoppable.step(() => portal.open({ statement: null, values }, 0, () => {}));
  } catch (error) {
    throw statementErrorOf(error, { text, prefixChars: prefix.length });
  }
  if (plan === '') {
    const message = 'The server has no plan for that kind of statement.';
    throw new EngineError('not_supported', message, {
      remedy: 'Explain a SELECT, INSERT, UPDATE, DELETE or MERGE.',
    });
  }
  return parsePlan(plan, analyze);
}
