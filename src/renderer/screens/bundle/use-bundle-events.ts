import { useQuery } from '@tanstack/react-query';
import type { BundledProfile, OpenBundle } from '#shared/contract/history-bundle.ts';
import { request } from '../../bridge/client.ts';

/** What happened to a connection of a bundle, over the whole of its range. */
export function useBundleEvents(bundle: OpenBundle, { profileId }: BundledProfile) {
  const { bundleId, fromMs, toMs } = bundle;
  return useQuery({
    queryKey: ['bundle.events', bundleId, profileId],
    queryFn: ({ signal }) =>
      request(
        'history.events',
        { profileId, bundleId, fromMs, toMs: Math.max(toMs, fromMs + 1) },
        { signal },
      ),
  });
}
