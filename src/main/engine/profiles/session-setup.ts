import pg from 'pg';
import { EngineError } from '../base/errors.ts';
import { databaseErrorOf } from '../base/pg-errors.ts';
import type { Pooling } from './pooling-mode.ts';
import type { SessionTerms } from './session-terms.ts';

interface Asked {
  query(text: string, values?: unknown[]): Promise<unknown>;
  getTransactionStatus(): string | null;
}

/** `SELECT set_config` takes names and values as parameters, where `SET` would need them spelled out. */
const setParameters = `SELECT pg_catalog.set_config(($1::text[])[at], ($2::text[])[at], false)
  FROM pg_catalog.generate_subscripts($1::text[], 1) AS at`;

function failed(what: string, error: unknown): EngineError {
  const cause = databaseErrorOf(error);
  if (cause === null) throw error;
  const remedy = 'Mend it in the session settings of the connection.';
  const details = { ...cause.details, remedy };
  return new EngineError(cause.code, `${what}: ${cause.message}`, details, { cause: error });
}

async function doing(what: string, work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    throw failed(what, error);
  }
}

/** What is still to be told once logged in: `parameters` are those that the login could not carry. */
export async function setUpSession(
  client: Asked,
  { parameters, role, connectSql }: SessionTerms,
): Promise<void> {
  if (parameters.length > 0) {
    const columns = [parameters.map(([name]) => name), parameters.map(([, value]) => value)];
    await doing('The session parameters were refused', () => client.query(setParameters, columns));
  }
  if (role !== '') {
    await doing(`The role "${role}" could not be taken on`, () =>
      client.query(`SET ROLE ${pg.escapeIdentifier(role)}`),
    );
  }
  if (connectSql !== '') {
    await doing('The SQL on each new connection failed', () => client.query(connectSql));
    if (client.getTransactionStatus() !== 'I') {
      const remedy = 'End it with COMMIT in the session settings of the connection.';
      throw new EngineError('bad_input', 'The SQL on each new connection leaves a transaction open.', {
        remedy,
      });
    }
  }
}

/** What may not be set behind a pooler that gives the same server connection to others next. */
export function refuseSharedSession(
  { parameters, role, connectSql }: SessionTerms,
  pooling: Pooling,
): EngineError {
  const names = [
    ...parameters.map(([name]) => name),
    ...(role === '' ? [] : ['the role']),
    ...(connectSql === '' ? [] : ['the SQL on each new connection']),
  ];
  const what = names.length === 1 ? names[0] : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
  const why =
    pooling === 'transaction'
      ? 'The pooler lends server connections for a transaction at a time'
      : 'A pooler stands before the server, and its pool mode could not be found out in time';
  const message = `${why}: ${what} would pass to other clients, so Poolscope does not set ${names.length === 1 ? 'it' : 'them'}.`;
  const remedy =
    'Leave these session settings empty and set them on the server (ALTER ROLE … SET), use pool_mode = session, or connect to PostgreSQL itself.';
  return new EngineError('not_supported', message, { remedy });
}
