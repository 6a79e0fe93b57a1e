import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { PoolHealth } from '#shared/model/health.ts';
import { on, request } from '../../../bridge/client.ts';
import { engineNowMs } from '../../../data/engine-clock.ts';
import { boundsOf, type Range } from '../../../ranges/range.ts';

const keys = { overview: ['health.overview'], timeline: ['health.timeline'] } as const;
/** The right end of a live strip moves on; states come by event. */
const refreshMs = 10_000;

/** How one open pool is, and since when; undefined while that is not known, or it is closed. */
export function usePoolHealth(profileId: string): PoolHealth | undefined {
  const client = useQueryClient();
  useEffect(
    () =>
      on('pools.changed', (status) => {
        if (status.profileId === profileId) void client.invalidateQueries({ queryKey: keys.overview });
      }),
    [client, profileId],
  );
  const overview = useQuery({
    queryKey: keys.overview,
    queryFn: ({ signal }) => request('health.overview', {}, { signal }),
    refetchOnMount: 'always',
  });
  return overview.data?.pools.find((pool) => pool.profileId === profileId);
}

/** The states of a pool over a range, with the bounds that the range had when it was asked. */
export function useHealthTimeline(profileId: string, range: Range) {
  const client = useQueryClient();
  useEffect(
    () =>
      on('history.eventAdded', (event) => {
        if (event.profileId === profileId) void client.invalidateQueries({ queryKey: keys.timeline });
      }),
    [client, profileId],
  );
  return useQuery({
    queryKey: [...keys.timeline, profileId, range],
    queryFn: async ({ signal }) => {
      const { fromMs, toMs } = boundsOf(range, Math.floor(engineNowMs()));
      const span = { fromMs: Math.max(0, Math.floor(fromMs)), toMs: Math.ceil(toMs) };
      return { span, spans: await request('health.timeline', { profileId, ...span }, { signal }) };
    },
    refetchOnMount: 'always',
    refetchInterval: range.kind === 'live' ? refreshMs : false,
    placeholderData: (before) => before,
  });
}
