import * as z from 'zod/mini';
import {
  anyNameIdSchema,
  type NameRow,
  type NamesTable,
  nameIdSchema,
  nameSchema,
  nameSearchSchema,
} from '../model/names.ts';
import { profileIdSchema } from '../model/profile.ts';
import { route } from './define.ts';
import { exportFormats, type SaveOutcome } from './exporter.ts';
import { stagedNamesRoutes } from './names-staged.ts';

/** How an answer came about. */
export interface Served {
  /** From asking the pool to having a connection. */
  waitMs: number;
  /** From then on until the transaction had ended, the way to the server and back included. */
  queryMs: number;
  /** The server process (`pg_backend_pid`) of the connection that served it. */
  processId: number;
}

export interface NamesPage {
  /** Ordered by id. */
  rows: NameRow[];
  /** True when rows with a smaller, or a greater, id are there. */
  hasBefore: boolean;
  hasAfter: boolean;
  served: Served;
}

export interface SchemaChoice {
  name: string;
  mayCreate: boolean;
  hasNames: boolean;
}

export interface NamesPlace {
  table: NamesTable;
  /** The schema that was chosen for this profile; null where the search path decides. */
  chosenSchema: string | null;
  /** Where the table would be created. Null when the search path leads nowhere. */
  targetSchema: string | null;
  schemas: SchemaChoice[];
  served: Served;
}

/**
 * What became of a change to a row as it was shown. `changed`: somebody else wrote to it meanwhile,
 * and this is how it is now; nothing was overwritten. `gone`: somebody else deleted it.
 */
export type ChangeOutcome = { served: Served } & (
  | { kind: 'done'; row: NameRow }
  | { kind: 'changed'; row: NameRow }
  | { kind: 'gone' }
);

/** What a look at the rows on the screen found. */
export interface WatchedNames {
  /** The rows from `fromId` on. */
  rows: NameRow[];
  /** True when rows follow that were not read. */
  hasAfter: boolean;
  newestId: number | null;
  estimatedRows: number | null;
  served: Served;
}

/** Of calls that write and whose end nobody knows. */
export const mayBeStored = {
  createTable: 'The table and its first rows may have been stored all the same.',
  add: 'The row may have been stored all the same.',
  addMany: 'The names may have been stored all the same.',
  change: 'The change may have been stored all the same.',
};

export const schemaNameSchema = z.string().check(
  z.minLength(1, { error: 'Choose a schema.' }),
  z.maxLength(63, { error: 'The name of a schema has at most 63 bytes.' }),
  z.refine((name) => !name.includes('\u0000') && name.isWellFormed(), { error: 'No schema has that name.' }),
);

/** The table of one schema, reached over one profile's pool. */
const target = { profileId: profileIdSchema, schema: schemaNameSchema };
const search = z.nullable(nameSearchSchema);
const limit = z.int().check(z.gte(1), z.lte(500));

/** Where a page lies. `around`: half of it before the id, half of it from the id on. */
export const pageAtSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('first') }),
  z.object({ kind: z.literal('last') }),
  z.object({ kind: z.literal('after'), id: anyNameIdSchema }),
  z.object({ kind: z.literal('before'), id: anyNameIdSchema }),
  z.object({ kind: z.literal('around'), id: anyNameIdSchema }),
]);
export type PageAt = z.output<typeof pageAtSchema>;

/** A name as it was shown; it may be one that Poolscope would not store. */
const shownName = z.string().check(z.maxLength(20_000));

export const namesRoutes = {
  /** Looks at the chosen schema, or along the search path. */
  'names.table': route<NamesPlace>()(z.object({ profileId: profileIdSchema })),
  /** Remembers where to look (null: along the search path), and looks there. */
  'names.chooseSchema': route<NamesPlace>()(
    z.object({ profileId: profileIdSchema, schema: z.nullable(schemaNameSchema) }),
  ),
  /** `CREATE TABLE names` with the two first rows, in one transaction, retried on lost connections. */
  'names.createTable': route<NamesPlace>()(z.object(target), { afterCancel: mayBeStored.createTable }),
  'names.page': route<NamesPage>()(z.object({ ...target, search, at: pageAtSchema, limit })),
  /** Counts every match, which takes as long as it takes; may be cancelled. */
  'names.count': route<{ count: number; served: Served }>()(z.object({ ...target, search })),
  /**
   * What others did to the rows on the screen. Null when every connection of the pool is handed out:
   * watching never waits in the queue of those who work.
   */
  'names.watch': route<WatchedNames | null>()(
    z.object({ ...target, search, fromId: anyNameIdSchema, limit }),
  ),
  /** `row` is null when no row has that id. */
  'names.find': route<{ row: NameRow | null; served: Served }>()(z.object({ ...target, id: nameIdSchema })),
  'names.add': route<{ row: NameRow; served: Served }>()(z.object({ ...target, name: nameSchema }), {
    afterCancel: mayBeStored.add,
  }),
  /** Changes the name only while the row still holds `from`. */
  'names.update': route<ChangeOutcome>()(
    z.object({ ...target, id: anyNameIdSchema, from: shownName, to: nameSchema }),
    { afterCancel: mayBeStored.change },
  ),
  /** Deletes the row only while it still holds `name`. */
  'names.delete': route<ChangeOutcome>()(z.object({ ...target, id: anyNameIdSchema, name: shownName }), {
    afterCancel: mayBeStored.change,
  }),
  /** Puts a deleted row back under its own id. `changed`: another row has that id by now. */
  'names.restore': route<ChangeOutcome>()(z.object({ ...target, id: anyNameIdSchema, name: shownName }), {
    afterCancel: mayBeStored.change,
  }),
  /**
   * The matching rows as a file, read page by page, so that no transaction stays open for it.
   * Progress comes as `exporter.progress`; `exporter.cancel` stops it.
   */
  'names.export': route<SaveOutcome>()(
    z.object({
      ...target,
      search,
      exportId: z.string().check(z.minLength(1), z.maxLength(64)),
      format: z.enum(exportFormats),
    }),
  ),
  ...stagedNamesRoutes,
  /** Adds every name that was understood, by COPY, in one transaction: all of them or none. */
  'names.addMany': route<{ added: number; served: Served }>()(
    z.object({ ...target, stageId: z.string().check(z.minLength(1), z.maxLength(64)) }),
    { afterCancel: 'Nothing was added, unless the last step was already under way.' },
  ),
};

/** How far the adding of many names is; `sent` of `total` are on their way to the server. */
export interface AddManyProgress {
  stageId: string;
  sent: number;
  total: number;
}
