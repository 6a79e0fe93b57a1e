import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { payloadOf } from './errors.ts';
import { notifyFailure } from './notify.tsx';

interface QueryMeta extends Record<string, unknown> {
  /** Title of the notice when it fails. Without it the screen that asked shows the error itself. */
  failure?: string;
}

interface MutationMeta extends Record<string, unknown> {
  /** Title of the notice when it fails: "Connecting to orders failed". */
  failure?: string;
  /** The screen that asked shows the error itself. */
  shownInPlace?: true;
}

declare module '@tanstack/react-query' {
  interface Register {
    queryMeta: QueryMeta;
    mutationMeta: MutationMeta;
  }
}

/** The engine is on this machine and says itself what changed, so nothing goes stale with time. */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: Number.POSITIVE_INFINITY,
        retry: false,
        refetchOnWindowFocus: false,
        networkMode: 'always',
      },
      mutations: { retry: false, networkMode: 'always' },
    },
    queryCache: new QueryCache({
      onError: (error, query) => {
        // A lost link is said by the banner, and what failed is asked again when it is back.
        const isLinkLost = payloadOf(error).code === 'connection_lost';
        if (query.meta?.failure !== undefined && !isLinkLost) notifyFailure(query.meta.failure, error);
      },
    }),
    mutationCache: new MutationCache({
      onError: (error, _variables, _result, mutation) => {
        if (mutation.meta?.shownInPlace) return;
        notifyFailure(mutation.meta?.failure ?? 'That did not work', error);
      },
    }),
  });
}
