import type { PoolStatus } from '#shared/contract/pools.ts';
import type { ProfileView } from '#shared/contract/profiles.ts';
import { looksLikeConsole } from '#shared/model/pooler-identity.ts';

/** Whether a connection leads to a pooler's console: as found out when it was opened, by its database before. */
export const leadsToConsole = (
  { database }: Pick<ProfileView, 'database'>,
  { target }: Pick<PoolStatus, 'target'>,
): boolean => (target === null ? looksLikeConsole(database) : target === 'console');
