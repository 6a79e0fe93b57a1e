import { useQuery } from '@tanstack/react-query';
import { request } from '../../../bridge/client.ts';

/** What the Pool tab shows of an open pool, once a second while it is on screen and the window is seen. */
export function usePoolDetails(profileId: string) {
  return useQuery({
    queryKey: ['pools.details', profileId],
    queryFn: ({ signal }) => request('pools.details', { profileId }, { signal }),
    refetchInterval: 1000,
    gcTime: 0,
  });
}
