import { type QueryClient, useQuery } from '@tanstack/react-query';
import type { PoolerStatus } from '#shared/contract/pgbouncer.ts';
import type { PoolStatus } from '#shared/contract/pools.ts';
import type { ProfileView } from '#shared/contract/profiles.ts';
import type { SampleDatabaseStatus } from '#shared/contract/sample-database.ts';
import { unknownHealth } from '#shared/model/health.ts';
import { request } from '../bridge/client.ts';
import { setEngineClock } from './engine-clock.ts';

export const keys = {
  appInfo: ['app.info'],
  profiles: ['profiles.list'],
  pools: ['pools.list'],
  poolers: ['pgbouncer.list'],
  sampleDatabase: ['sampleDatabase.status'],
  names: (profileId: string) => ['names', profileId],
} as const;

/** Version, vault, data folder, and whether the sample database can run here. */
export function useAppInfo() {
  return useQuery({
    queryKey: keys.appInfo,
    queryFn: async ({ signal }) => {
      const info = await request('app.info', {}, { signal });
      setEngineClock(info.nowMs);
      return info;
    },
    meta: { failure: 'Poolscope could not say where it keeps its data' },
  });
}

/** All saved profiles; kept fresh by `profiles.changed`. */
export function useProfiles() {
  return useQuery({
    queryKey: keys.profiles,
    queryFn: ({ signal }) => request('profiles.list', {}, { signal }),
  });
}

/** The status of each pool, by profile id; kept fresh by `pools.changed`. */
export function usePools() {
  return useQuery({
    queryKey: keys.pools,
    queryFn: async ({ signal }) => {
      const statuses = await request('pools.list', {}, { signal });
      return Object.fromEntries(statuses.map((status) => [status.profileId, status]));
    },
    meta: { failure: 'The state of the pools could not be read' },
  });
}

/** Every open console by profile id; kept fresh by `pgbouncer.changed`, and by `pools.changed` when one closes. */
export function usePoolers() {
  return useQuery({
    queryKey: keys.poolers,
    queryFn: async ({ signal }) => {
      const statuses = await request('pgbouncer.list', {}, { signal });
      return Object.fromEntries(statuses.map((status) => [status.profileId, status]));
    },
    meta: { failure: 'The state of the poolers could not be read' },
  });
}

export function putPooler(client: QueryClient, status: PoolerStatus): void {
  client.setQueryData<Record<string, PoolerStatus>>(keys.poolers, (poolers) => ({
    ...poolers,
    [status.profileId]: status,
  }));
}

export function useSampleDatabase() {
  return useQuery({
    queryKey: keys.sampleDatabase,
    queryFn: ({ signal }) => request('sampleDatabase.status', {}, { signal }),
    meta: { failure: 'The state of the sample database could not be read' },
  });
}

/** What stands for a pool nobody has opened yet. */
export function closedPool(profileId: string): PoolStatus {
  return { profileId, state: 'closed', target: null, openedAtMs: null, error: null, health: unknownHealth };
}

export function putPool(client: QueryClient, status: PoolStatus): void {
  client.setQueryData<Record<string, PoolStatus>>(keys.pools, (pools) => ({
    ...pools,
    [status.profileId]: status,
  }));
}

export function putProfiles(client: QueryClient, profiles: ProfileView[]): void {
  client.setQueryData<ProfileView[]>(keys.profiles, profiles);
}

/** One profile, new or changed: the event with the whole list may come after the answer that has it. */
export function putProfile(client: QueryClient, profile: ProfileView): void {
  client.setQueryData<ProfileView[]>(keys.profiles, (profiles = []) => {
    const known = profiles.some(({ profileId }) => profileId === profile.profileId);
    if (!known) return [...profiles, profile];
    return profiles.map((other) => (other.profileId === profile.profileId ? profile : other));
  });
}

export function putSampleDatabase(client: QueryClient, status: SampleDatabaseStatus): void {
  client.setQueryData<SampleDatabaseStatus>(keys.sampleDatabase, status);
}
