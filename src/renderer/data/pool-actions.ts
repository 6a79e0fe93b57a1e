import { type QueryClient, useMutation, useQueryClient } from '@tanstack/react-query';
import type { PoolStatus } from '#shared/contract/pools.ts';
import type { ProfileView } from '#shared/contract/profiles.ts';
import { request } from '../bridge/client.ts';
import { closedPool, keys, putPool, putSampleDatabase } from './queries.ts';

function patchPool(client: QueryClient, profileId: string, change: Partial<PoolStatus>): void {
  const pools = client.getQueryData<Record<string, PoolStatus>>(keys.pools);
  putPool(client, { ...(pools?.[profileId] ?? closedPool(profileId)), ...change });
}

type Target = Pick<ProfileView, 'profileId' | 'name' | 'kind'>;

/** Opens the pool of a profile; for the sample database, starts its server where it does not run yet. */
export function useConnect() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async ({ kind, profileId }: Target) => {
      if (kind === 'sample') {
        putSampleDatabase(client, await request('sampleDatabase.start', {}));
      } else putPool(client, await request('pools.open', { profileId }));
    },
    meta: { failure: 'Connecting failed' },
  });
}

export function useDisconnect() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ profileId }: Target) => request('pools.close', { profileId }),
    onSuccess: (status) => putPool(client, status),
    meta: { failure: 'Disconnecting failed' },
  });
}

export function useConnectAll() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => request('pools.openAll', {}),
    onSuccess: (statuses) => {
      for (const status of statuses) putPool(client, status);
    },
    meta: { failure: 'Connecting all failed' },
  });
}

export function useDisconnectAll() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => request('pools.closeAll', {}),
    onSuccess: (statuses) => {
      for (const status of statuses) putPool(client, status);
    },
    meta: { failure: 'Disconnecting all failed' },
  });
}

/** Runs one health check now, outside the schedule. */
export function useCheckNow(profileId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => request('health.check', { profileId }),
    onSuccess: (health) => patchPool(client, profileId, { health }),
    meta: { failure: 'The check could not run' },
  });
}
