import { parameterTypeSchema } from '#shared/contract/query.ts';
import type { SavedQuery } from '#shared/model/query-library.ts';
import { request } from '../../bridge/client.ts';

export const savedKey = ['query.saved'] as const;

/** Adds a saved query, or changes the one of that id. */
export const saveQuery = ({ savedId, name, text, parameterTypes }: Omit<SavedQuery, 'updatedAtMs'>) =>
  request('query.save', {
    savedId,
    name,
    text,
    parameterTypes: parameterTypes.map((type) => parameterTypeSchema.safeParse(type).data ?? null),
  });
