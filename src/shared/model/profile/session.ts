import * as z from 'zod/mini';
import { dayMs, numberOr, optionalText, switchOr, text } from './checks.ts';

/** Settings of its own words that PostgreSQL's `SET` takes, extensions' included ("my.setting"). */
const parameterName = /^[A-Za-z_][A-Za-z0-9_$]*(\.[A-Za-z_][A-Za-z0-9_$]*)*$/;

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
          name: text('The name of a session parameter', 63).check(
            z.refine((name) => parameterName.test(name), {
              error: 'The name of a session parameter must be letters, digits, "_" and dots.',
            }),
          ),
          value: z.string({ error: 'The value of a session parameter must be text.' }).check(
            z.maxLength(1000, {
              error: 'The value of a session parameter can be at most 1,000 characters long.',
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
