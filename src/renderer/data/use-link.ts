import { useSyncExternalStore } from 'react';
import type { LinkState } from '#shared/contract/bridge.ts';
import { onLink } from '../bridge/client.ts';

let link: LinkState = 'connecting';

const subscribe = (changed: () => void) =>
  onLink((next) => {
    link = next;
    changed();
  });

/** Whether the engine can be reached now, and why not. */
export function useLink(): LinkState {
  return useSyncExternalStore(subscribe, () => link);
}

/** True while the engine is gone: what is shown is as it last was. */
export function useLinkLost(): boolean {
  const state = useLink();
  return state === 'lost' || state === 'refused';
}
