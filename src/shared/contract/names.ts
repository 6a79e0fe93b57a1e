import * as z from 'zod/mini';
import { anyNameIdSchema, type NameRow, type NamesTable, nameIdSchema, nameSchema } from '../model/names.ts';
import { profileIdSchema } from '../model/profile.ts';
import { route } from './define.ts';

const byProfile = z.object({ profileId: profileIdSchema });

export interface NamesPage {
  rows: NameRow[];
  /** True when rows with a greater id follow. */
  hasMore: boolean;
}

/** Of calls that write and whose end nobody knows. */
export const mayBeStored = {
  createTable: 'The table and its first rows may have been stored all the same.',
  add: 'The row may have been stored all the same.',
};

export const namesRoutes = {
  'names.table': route<NamesTable>()(byProfile),
  /** `CREATE TABLE names` with the two first rows, in one transaction, retried on lost connections. */
  'names.createTable': route<NamesTable>()(byProfile, { afterCancel: mayBeStored.createTable }),
  /** Ordered by id, the rows after `afterId`. */
  'names.list': route<NamesPage>()(
    z.object({
      profileId: profileIdSchema,
      afterId: z.nullable(anyNameIdSchema),
      limit: z.int().check(z.gte(1), z.lte(500)),
    }),
  ),
  /** Null when no row has that id. */
  'names.find': route<NameRow | null>()(z.object({ profileId: profileIdSchema, id: nameIdSchema })),
  'names.add': route<NameRow>()(z.object({ profileId: profileIdSchema, name: nameSchema }), {
    afterCancel: mayBeStored.add,
  }),
};
