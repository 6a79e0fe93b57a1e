import { useQuery } from '@tanstack/react-query';
import { request } from '../../bridge/client.ts';
import { keepTick } from './latest-ticks.ts';

/** The engine samples each second for ten seconds after it was asked. */
const lookEveryMs = 5000;

/** Where a pooler stands. While the page is seen, it also tells the engine that somebody watches. */
export function usePoolerOverview(profileId: string) {
  return useQuery({
    queryKey: ['pgbouncer.overview', profileId],
    queryFn: async ({ signal }) => {
      const overview = await request('pgbouncer.overview', { profileId }, { signal });
      if (overview.tick !== null) keepTick(overview.tick);
      return overview;
    },
    refetchInterval: lookEveryMs,
  });
}
