import type { ErrorCode } from '#shared/contract/errors.ts';
import { EngineError } from '../base/errors.ts';
import { databaseErrorOf } from '../base/pg-errors.ts';
import type { SessionTerms } from './session-terms.ts';

function sqlStateOf(error: unknown): string | undefined {
  if (error instanceof EngineError) return error.details.sqlState;
  const { code, severity } = error as { code?: unknown; severity?: unknown };
  return typeof severity === 'string' && typeof code === 'string' ? code : undefined;
}

/**
 * Whether a failure ends the search. As libpq has it, a server that refuses the login is the one
 * meant, so the others are not tried with the same credentials; one that does not accept
 * connections now (57P03) is passed over.
 */
export function endsTheList(error: unknown): boolean {
  const sqlState = sqlStateOf(error);
  return sqlState !== undefined && sqlState !== '57P03';
}

/** PgBouncer takes few parameters at login, and names the one it does not. */
export function parametersRefused(error: unknown): boolean {
  return sqlStateOf(error) === '08P01' && /unsupported startup parameter/.test((error as Error).message);
}

/** Unknown, of a wrong value, not to be changed, or not by this user. */
const ofParameters = new Set(['42704', '22023', '55P02', '42501', '22P02', '42602']);

/** Adds to what the server said of a parameter where it stands. Others are returned as they are. */
export function sessionParameterError(error: unknown, session: SessionTerms | null): unknown {
  if (session === null || session.parameters.length === 0 || !ofParameters.has(sqlStateOf(error) ?? ''))
    return error;
  const words = databaseErrorOf(error);
  if (words === null) return error;
  const remedy = 'Mend it in the session settings of the connection.';
  return new EngineError(words.code, words.message, { ...words.details, remedy }, { cause: error });
}

/** Every host with why it was left. One code when all agree, else that no server is there. */
export function noHostLeft(reasons: { host: { host: string; port: number }; error: Error }[]): EngineError {
  const words = reasons.map(({ host, error }) => ({ host, error: databaseErrorOf(error) }));
  const codes = new Set(words.map(({ error }): ErrorCode => error?.code ?? 'server_unavailable'));
  const [code = 'server_unavailable'] = codes;
  const each = words.map(
    ({ host, error }) => `${host.host} port ${host.port}: ${error?.message ?? 'it could not be reached.'}`,
  );
  const remedy = 'Check the hosts and their order, and the session attributes asked for.';
  const message = `None of the ${reasons.length} hosts will do. ${each.join(' ')}`;
  return new EngineError(codes.size === 1 ? code : 'server_unavailable', message, { remedy });
}
