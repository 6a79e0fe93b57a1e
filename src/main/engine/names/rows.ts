import * as z from 'zod/mini';
import { longestName, type NameRow, type NameSearch, nameRowSchema } from '#shared/model/names.ts';
import { EngineError } from '../base/errors.ts';

/** A row's columns. Of names that somebody else stored no more is read than a page can hold. */
export const columns = `id, left(name, ${longestName}) as name, length(name) > ${longestName} as "isCut"`;

/** The table may have been changed since it was looked at, and a nullable `name` passes for one of ours. */
export function rowFrom(stored: unknown): NameRow {
  const parsed = z.safeParse(nameRowSchema, stored);
  if (parsed.success) return parsed.data;
  const { id } = Object(stored) as { id?: unknown };
  const message = `Row ${String(id)} of the table "names" does not hold a whole number and a text.`;
  throw new EngineError('not_supported', message, { remedy: 'Mend or delete that row with another tool.' });
}

/** A condition and its values; `$1`… count from the first value of the statement. */
export interface Condition {
  sql: string;
  values: unknown[];
}

/** Every character of a text as itself in a LIKE pattern. */
export const likeText = (text: string): string => text.replaceAll(/[\\%_]/g, '\\$&');

/**
 * The rows looked for. A prefix that keeps its case is written so that an index on the name helps,
 * where the database or the index compares by bytes.
 */
export function matching(search: NameSearch | null): Condition {
  if (search === null) return { sql: 'true', values: [] };
  const { mode, text, ignoreCase } = search;
  const like = ignoreCase ? 'ilike' : 'like';
  switch (mode) {
    case 'exact':
      return ignoreCase
        ? { sql: 'name ilike $1', values: [likeText(text)] }
        : { sql: 'name = $1', values: [text] };
    case 'prefix':
      return { sql: `name ${like} $1`, values: [`${likeText(text)}%`] };
    case 'contains':
      return { sql: `name ${like} $1`, values: [`%${likeText(text)}%`] };
  }
}

/** Adds one more condition, with the placeholder of its value where `?` stands. */
export function andAlso({ sql, values }: Condition, more: string, value: unknown): Condition {
  return { sql: `${sql} and ${more.replace('?', `$${values.length + 1}`)}`, values: [...values, value] };
}
