import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { request } from '../../../bridge/client.ts';
import { engineNowMs } from '../../../data/engine-clock.ts';
import { boundsOf, type Range, spanOf } from '../../../ranges/range.ts';

export const adviceKey = 'advisor.advise';
/** Soon enough to name who holds a pool up while that lasts. */
const refreshMs = 5000;
/** A longer range takes longer to read, and changes less. */
const longSpanMs = 60 * 60_000;
const refreshLongMs = 60_000;

/** Advice on a range; kept fresh while the range follows the present. Null bounds are never asked for. */
export function useAdvice(profileId: string, range: Range) {
  return useQuery({
    queryKey: [adviceKey, profileId, range],
    queryFn: ({ signal }) => {
      const { fromMs, toMs } = boundsOf(range, engineNowMs());
      const span = { fromMs: Math.max(0, Math.floor(fromMs)), toMs: Math.ceil(toMs) };
      return request('advisor.advise', { profileId, ...span }, { signal });
    },
    placeholderData: keepPreviousData,
    refetchOnMount: 'always',
    refetchInterval: range.kind === 'fixed' ? false : spanOf(range) > longSpanMs ? refreshLongMs : refreshMs,
  });
}
