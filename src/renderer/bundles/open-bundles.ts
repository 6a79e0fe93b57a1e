import { useSyncExternalStore } from 'react';
import type { OpenBundle } from '#shared/contract/history-bundle.ts';
import { request } from '../bridge/client.ts';
import { currentPlace, go } from '../navigation/place.ts';
import { BundleOpener, type OpenerState } from './bundle-opener.ts';
import { sendBundle } from './send-bundle.ts';

let open: readonly OpenBundle[] = [];
const listeners = new Set<() => void>();

function setOpen(bundles: readonly OpenBundle[]): void {
  open = bundles;
  for (const listener of [...listeners]) listener();
}

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

/** The bundles open in this window, oldest first. A reload forgets them. */
export function useOpenBundles(): readonly OpenBundle[] {
  return useSyncExternalStore(subscribe, () => open);
}

/** Closes a bundle and leaves its screen. The file itself is untouched. */
export function closeBundle(bundleId: string): void {
  setOpen(open.filter((other) => other.bundleId !== bundleId));
  const place = currentPlace();
  if (place.screen === 'bundle' && place.bundleId === bundleId) go({ screen: 'history' });
  // The engine closes it as Poolscope quits at the latest.
  request('history.closeBundle', { bundleId }).catch(() => {});
}

/** The page's one way of opening bundles. */
export const bundleOpener = new BundleOpener({
  ask: (signal) => request('history.openBundle', {}, { signal }),
  send: sendBundle,
  opened: (bundle) => {
    setOpen([...open.filter(({ bundleId }) => bundleId !== bundle.bundleId), bundle]);
    go({ screen: 'bundle', bundleId: bundle.bundleId });
  },
});

export function useBundleOpener(): OpenerState {
  return useSyncExternalStore(bundleOpener.subscribe, bundleOpener.state);
}
