import { useSyncExternalStore } from 'react';
import type { LinkState } from '#shared/contract/bridge.ts';
import { onLink } from '../bridge/client.ts';

let link: LinkState = 'connecting';

const subscribe = (changed: () => void) =>
  onLink((next) => {
    link = next;
    changed();
  });

/** Whether the engine can be reached now. */
export function useLink(): LinkState {
  return useSyncExternalStore(subscribe, () => link);
}
