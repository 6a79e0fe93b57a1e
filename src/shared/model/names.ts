import * as z from 'zod/mini';

/** Any id the column can hold: nothing keeps others from storing 0 or less. */
export const anyNameIdSchema = z.int().check(z.gte(-2_147_483_648), z.lte(2_147_483_647));

/** The longest name that Poolscope stores, and the most it reads of one that others stored. */
export const longestName = 10_000;

/** A row of `names (id serial primary key, name text not null)`, as the database holds it. */
export const nameRowSchema = z.object({
  id: anyNameIdSchema,
  name: z.string(),
  /** The name is longer than `longestName` and this is its beginning; such a row is only read here. */
  isCut: z.boolean(),
});
export type NameRow = z.output<typeof nameRowSchema>;

/**
 * What stands under the name `names` in the schema looked at.
 * `other`: a table of that name with different columns; Poolscope leaves it alone.
 */
export type NamesTable =
  | { state: 'absent'; mayCreate: boolean }
  | {
      state: 'ready';
      /** Where it is; every call names it, so that another window's choice cannot change the target. */
      schema: string;
      estimatedRows: number | null;
      mayAdd: boolean;
      mayUpdate: boolean;
      mayDelete: boolean;
    }
  | { state: 'other'; schema: string; columns: string[] };

/** `serial` is a 4-byte integer. */
export const nameIdSchema = z
  .int({ error: 'An id is a whole number, like 3.' })
  .check(
    z.gte(1, { error: 'Ids start at 1.' }),
    z.lte(2_147_483_647, { error: 'Ids end at 2,147,483,647 (a 4-byte integer).' }),
  );

/** PostgreSQL text cannot hold U+0000; everything else is stored exactly as typed. */
export const nameSchema = z.string().check(
  z.refine((name) => name.trim().length > 0, { error: 'A name needs at least one visible character.' }),
  z.refine((name) => isShortEnough(name), { error: 'A name can be at most 10,000 characters long.' }),
  z.refine((name) => !name.includes('\u0000'), {
    error: 'A name cannot hold the character U+0000: PostgreSQL text has no place for it.',
  }),
  z.refine((name) => name.isWellFormed(), {
    error: 'A name cannot hold half of a surrogate pair: it has no UTF-8 form.',
  }),
);

/** Counted as the server counts, by code point. */
function isShortEnough(name: string): boolean {
  return name.length <= longestName || (name.length <= 2 * longestName && [...name].length <= longestName);
}

/** How names are looked for. `%`, `_` and `\` in the text stand for themselves. */
export const searchModes = ['prefix', 'contains', 'exact'] as const;

export const nameSearchSchema = z.object({
  mode: z.enum(searchModes),
  text: z.string().check(
    z.minLength(1, { error: 'Type what to look for.' }),
    z.maxLength(1000, { error: 'A search can be at most 1,000 characters long.' }),
    z.refine((text) => !text.includes('\u0000') && text.isWellFormed(), {
      error: 'No name can hold these characters.',
    }),
  ),
  ignoreCase: z.boolean(),
});
export type NameSearch = z.output<typeof nameSearchSchema>;
