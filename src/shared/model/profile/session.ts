import * as z from 'zod/mini';
import { dayMs, numberOr, optionalText, switchOr, text } from './checks.ts';

/** Settings of its own words that PostgreSQL's `SET` takes, extensions' included ("my.setting"). */
const parameterName = /^[A-Za-z_][A-Za-z0-9_$]*(\.[A-Za-z_][A-Za-z0-9_$]*)*$/;

/** Those that have a setting of their own here, by their PostgreSQL name in lower case. */
const settledElsewhere: Record<string, string> = {
  statement_timeout: 'Statement timeout',
  lock_timeout: 'Lock timeout',
  idle_in_transaction_session_timeout: 'Idle in transaction timeout',
  timezone: 'Time zone',
  search_path: 'Search path',
  role: 'Role',
  application_name: 'Application name',
};

/** Words with another meaning in the message that opens a session, or that `pg` relies on. */
const notParameters = new Set([
  'user',
  'database',
  'options',
  'replication',
  'client_encoding',
  'session_authorization',
]);

const parameterNameSchema = text('The name of a session parameter', 63).check(
  z.refine((name) => parameterName.test(name), {
    error: 'The name of a session parameter must be letters, digits, "_" and dots.',
  }),
  z.superRefine<string>((name, context) => {
    const setting = Object.hasOwn(settledElsewhere, name.toLowerCase())
      ? settledElsewhere[name.toLowerCase()]
      : undefined;
    if (setting !== undefined) context.addIssue(`"${name}" has a setting of its own here: ${setting}.`);
    else if (notParameters.has(name.toLowerCase()) || name.startsWith('_pq_'))
      context.addIssue(`"${name}" cannot be set as a session parameter.`);
  }),
);

/** What each new connection is told; empty and 0 leave the server's own. */
export const sessionFields = {
  /** The client gives up on a statement after this (pg's `query_timeout`); 0 never does. */
  queryTimeoutMs: numberOr(0, 'Query timeout (ms)', 0, dayMs),
  statementTimeoutMs: numberOr(0, 'Statement timeout (ms)', 0, dayMs),
  lockTimeoutMs: numberOr(0, 'Lock timeout (ms)', 0, dayMs),
  idleInTransactionTimeoutMs: numberOr(0, 'Idle in transaction timeout (ms)', 0, dayMs),
  keepAlive: switchOr(true, 'TCP keepalive'),
  /** Silence before the first probe. */
  keepAliveDelayMs: numberOr(30_000, 'TCP keepalive delay (ms)', 0, dayMs),
  timeZone: optionalText('Time zone', 100),
  searchPath: optionalText('Search path', 1000),
  role: optionalText('Role', 63),
  parameters: z._default(
    z
      .array(
        z.object({
          name: parameterNameSchema,
          value: z.string({ error: 'The value of a session parameter must be text.' }).check(
            z.maxLength(1000, {
              error: 'The value of a session parameter can be at most 1,000 characters long.',
            }),
            // The message that opens a session ends each value with it.
            z.refine((value) => !value.includes('\u0000'), {
              error: 'The value of a session parameter cannot hold the character U+0000.',
            }),
          ),
        }),
      )
      .check(
        z.maxLength(50, { error: 'At most 50 session parameters can be set.' }),
        z.refine((list) => new Set(list.map(({ name }) => name.toLowerCase())).size === list.length, {
          error: 'A session parameter is named twice.',
        }),
      ),
    [],
  ),
  /** Run on every new connection, before anyone gets it; one that fails closes the connection. */
  connectSql: optionalText('SQL on each new connection', 10_000),
};
