import { type QueryClient, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { MetricsStatus } from '#shared/contract/metrics.ts';
import type { RouteInput } from '#shared/contract/routes.ts';
import { on, request } from '../bridge/client.ts';

const statusKey = ['metrics.status'] as const;
const put = (client: QueryClient, status: MetricsStatus) =>
  client.setQueryData<MetricsStatus>(statusKey, status);

/** How metrics are served and pushed; follows what other windows set, and each push. */
export function useMetricsStatus() {
  const client = useQueryClient();
  useEffect(() => on('metrics.changed', (status) => put(client, status)), [client]);
  return useQuery({
    queryKey: statusKey,
    queryFn: ({ signal }) => request('metrics.status', {}, { signal }),
    refetchOnMount: 'always',
  });
}

export const setEndpoint = (input: RouteInput<'metrics.setEndpoint'>) =>
  request('metrics.setEndpoint', input);
export const setPush = (input: RouteInput<'metrics.setPush'>) => request('metrics.setPush', input);
export const pushNow = () => request('metrics.pushNow', {});

/** Makes one of these changes; what shows it also shows what went wrong. */
export function useMetricsChange<Input>(change: (input: Input) => Promise<MetricsStatus>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: (status) => put(client, status),
    meta: { shownInPlace: true },
  });
}
