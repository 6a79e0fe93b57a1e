/** A pool as metrics name it. */
export interface PoolName {
  profileId: string;
  labels: { 'db.client.connection.pool.name': string };
}

/**
 * The profile's name names its pool. Names need not be unique, label sets must be: of several
 * pools of one name each has its profile's id behind it.
 */
export function poolNames(profiles: readonly { profileId: string; name: string }[]): PoolName[] {
  const uses = new Map<string, number>();
  for (const { name } of profiles) uses.set(name, (uses.get(name) ?? 0) + 1);
  return profiles.map(({ profileId, name }) => ({
    profileId,
    labels: {
      'db.client.connection.pool.name': uses.get(name) === 1 ? name : `${name} (${profileId})`,
    },
  }));
}
