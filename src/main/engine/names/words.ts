import { mayBeStored } from '#shared/contract/names.ts';
import { EngineError } from '../base/errors.ts';
import { databaseErrorOf } from '../base/pg-errors.ts';

/** Refusals of the server that mean something of their own here, by SQLSTATE. */
export function inOurWords(error: unknown): unknown {
  const known = databaseErrorOf(error);
  const sqlState = known?.details.sqlState;
  const say = (code: EngineError['code'], message: string, remedy: string) =>
    new EngineError(code, message, { remedy, ...(sqlState && { sqlState }) }, { cause: error });
  switch (sqlState) {
    case '42P01':
    case '3F000':
      return noTable(error);
    case '42703':
      return say(
        'not_supported',
        'The table "names" has other columns by now; Poolscope leaves it alone.',
        'Reload the Names tab to see them.',
      );
    case '22P05':
    case '22021':
      return say(
        'bad_input',
        `The database cannot store these characters: ${known?.message ?? ''}`,
        'Leave them out, or use a database whose encoding is UTF8.',
      );
    case '25006':
      return say(
        'permission_denied',
        'The server takes no changes now: it is a standby, or set to read-only transactions.',
        'Connect to the primary server.',
      );
    case '23505':
      // The key of a row that is being restored, or a rule that names stand there once.
      return known?.code === 'unique_violation'
        ? say('unique_violation', known.message, 'Choose another name, or see the row that has it.')
        : error;
    default:
      return error;
  }
}

/** A search that the server stopped. */
export function tookTooLong(error: unknown, limitMs: number): unknown {
  const known = databaseErrorOf(error);
  if (known?.code !== 'query_timeout' || known.details.sqlState !== '57014') return error;
  const message = `That was not found within ${limitMs / 1000} s, and the server was told to stop looking.`;
  const remedy =
    'Look for a prefix or the exact name, or have an index made that fits (pg_trgm serves "contains").';
  return new EngineError('query_timeout', message, { remedy, sqlState: '57014' }, { cause: error });
}

/** Of a transaction that took all or nothing, and took nothing. */
export function nothingAdded(error: unknown): unknown {
  const known = databaseErrorOf(error);
  if (known === null) return error;
  const message = known.code === 'cancelled' ? 'Cancelled.' : known.message;
  return new EngineError(known.code, `Nothing was added. ${message}`, known.details, { cause: error });
}

/** The same of one that failed at its end, unless it was lost there, when nobody knows. */
export function nothingAddedUnlessInDoubt(error: unknown): unknown {
  const isInDoubt = databaseErrorOf(error)?.message.includes(mayBeStored.addMany) === true;
  return isInDoubt ? error : nothingAdded(error);
}

/** It was there when it was looked at; the server's own words, when it said so, as the cause. */
export function noTable(cause?: unknown): EngineError {
  const details = { remedy: 'Create it on the Names tab; it may have been dropped.' };
  const sqlState = databaseErrorOf(cause)?.details.sqlState;
  const message = 'This database has no table "names".';
  return new EngineError('not_found', message, { ...details, ...(sqlState && { sqlState }) }, { cause });
}

export const readOnly = () =>
  new EngineError('read_only', 'This connection is read-only: Poolscope changes nothing on its server.', {
    remedy: 'Turn off "Read-only" in its settings to make changes.',
  });
