import type { ErrorCode } from '#shared/contract/errors.ts';
import { EngineError } from './errors.ts';

type Rule = [pattern: RegExp, code: ErrorCode, message: string, remedy: string];

const tryAgain = 'Try again; the pool opens a new connection by itself.';

/**
 * `pg` 8.23 and `pg-pool` 3.14 throw plain errors without a code, so their texts are all there is
 * to go by. Order matters: the first match wins.
 */
const rules: Rule[] = [
  [
    /^timeout exceeded when trying to connect$/,
    'wait_timeout',
    'No connection of the pool became free within the wait timeout.',
    'Find what holds the connections, or raise the maximum size or the wait timeout of the pool.',
  ],
  [
    /^(Connection terminated due to connection timeout|timeout expired)$/,
    'connect_timeout',
    'The server did not complete the login in time.',
    'Check the host and the port, and that the server is not overloaded.',
  ],
  [
    /^Query read timeout$/,
    'query_timeout',
    'The server did not answer the statement in time.',
    'Try again, or find out what the statement waits for.',
  ],
  [/^Connection terminated/, 'connection_lost', 'The connection to the server was lost.', tryAgain],
  [
    /^Client (has encountered a connection error|was closed) and is not queryable$/,
    'connection_lost',
    'The connection to the server was already lost.',
    tryAgain,
  ],
  [/^Cannot use a pool after calling end/, 'pool_closed', 'The pool is closed.', 'Connect it first.'],
  [
    /^SASL: SCRAM-SERVER-FIRST-MESSAGE: client password must be/,
    'auth_failed',
    'The server asks for a password and none is stored for this connection.',
    "Enter the password in the connection's settings, or add a line to ~/.pgpass.",
  ],
  [
    /^SASL: .*iteration count .* exceeds/,
    'auth_failed',
    'The server asks for more rounds of password hashing than this client allows (100,000).',
    'Lower scram_iterations on the server and set the password anew.',
  ],
  [
    /^SASL: Only mechanism/,
    'not_supported',
    'The server asks for a way to log in that this client does not know.',
    'Ask the administrator to allow scram-sha-256 for this user.',
  ],
  [
    /^SASL: .*server signature does not match/,
    'auth_failed',
    'The server could not prove that it knows the password, so it may not be the one you expect.',
    'Check the host, and whether somebody sits between you and the server.',
  ],
  [
    /^(SASL: |Password must be a string)/,
    'auth_failed',
    'The login failed while the password was being checked.',
    'Check the user name and the password.',
  ],
];

/** A failure raised by the client library or the pool itself; null when it is not one. */
export function clientErrorOf(error: Error): EngineError | null {
  const rule = rules.find(([pattern]) => pattern.test(error.message));
  if (rule === undefined) return null;
  const [, code, message, remedy] = rule;
  return new EngineError(code, message, { remedy }, { cause: error });
}
