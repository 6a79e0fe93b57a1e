import { useInfiniteQuery } from '@tanstack/react-query';
import { request } from '../../../bridge/client.ts';
import { keys } from '../../../data/queries.ts';
import { nextAfterId, pageSize } from './names-pages.ts';

/** The rows of the names table in order of id, page after page. */
export function useNamesList(profileId: string) {
  return useInfiniteQuery({
    queryKey: [...keys.names(profileId), 'list'],
    queryFn: ({ pageParam, signal }) =>
      request('names.list', { profileId, afterId: pageParam, limit: pageSize }, { signal }),
    initialPageParam: null as number | null,
    getNextPageParam: nextAfterId,
  });
}
