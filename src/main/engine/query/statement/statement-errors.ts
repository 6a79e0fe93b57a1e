import pg from 'pg';
import { positionAt } from '#shared/model/sql-text.ts';
import { EngineError } from '../../base/errors.ts';
import { databaseErrorOf } from '../../base/pg-errors.ts';

interface Sent {
  /** As the user wrote it. */
  text: string;
  /** Characters that stood before it in what was sent. */
  prefixChars?: number;
}

/** The server counts characters (code points) from 1; editors count UTF-16 units from 0. */
function positionOf(error: pg.DatabaseError, { text, prefixChars = 0 }: Sent) {
  const characters = Number(error.position) - prefixChars - 1;
  if (!Number.isInteger(characters) || characters < 0) return null;
  let offset = 0;
  for (let i = 0; i < characters && offset < text.length; i += 1) {
    offset += (text.codePointAt(offset) ?? 0) > 0xffff ? 2 : 1;
  }
  return positionAt(text, offset);
}

/** Codes of a statement that is wrong in itself, which a remedy can say more about. */
const remedies: Record<string, string> = {
  '42P18': 'Choose a type for that parameter, or write a cast: $1::integer.',
  '25001': 'Run it with writing switched on and outside of a transaction.',
  '25P02': 'Roll back, or go back to a savepoint; the statement before this one failed.',
  '42P01': 'Check the name and the schema; the search path of this user may lead elsewhere.',
};

/**
 * What a failed statement says to the user: the words of `databaseErrorOf`, the server's detail, and
 * where in their text it went wrong. Errors that are none of the server's are returned as they are.
 */
export function statementErrorOf(error: unknown, sent: Sent): unknown {
  const known = databaseErrorOf(error);
  if (known === null || !(error instanceof pg.DatabaseError)) return known ?? error;
  const position = positionOf(error, sent);
  const message =
    known.code === 'database_error' && error.detail !== undefined && error.detail !== ''
      ? `${known.message} ${error.detail.replace(/\.?$/, '.')}`
      : known.message;
  const remedy = error.hint === undefined ? remedies[error.code ?? ''] : undefined;
  return new EngineError(
    known.code,
    message,
    {
      ...known.details,
      ...(remedy !== undefined && { remedy }),
      ...(position !== null && { position }),
    },
    { cause: error },
  );
}
