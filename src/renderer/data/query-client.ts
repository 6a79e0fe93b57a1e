import { MutationCache, QueryClient } from '@tanstack/react-query';
import { notifyFailure } from './notify.tsx';

interface MutationMeta extends Record<string, unknown> {
  /** Title of the notice when it fails: "Connecting to orders failed". */
  failure?: string;
  /** The screen that asked shows the error itself. */
  shownInPlace?: true;
}

declare module '@tanstack/react-query' {
  interface Register {
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
    mutationCache: new MutationCache({
      onError: (error, _variables, _result, mutation) => {
        if (mutation.meta?.shownInPlace) return;
        notifyFailure(mutation.meta?.failure ?? 'That did not work', error);
      },
    }),
  });
}
