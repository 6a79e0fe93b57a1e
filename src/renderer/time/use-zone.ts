import { useSyncExternalStore } from 'react';
import type { Zone } from './zone.ts';

const storageKey = 'poolscope.zone';
const listeners = new Set<() => void>();
let zone: Zone = remembered();

/** A page without storage (a locked-down browser) starts with local time and works. */
function remembered(): Zone {
  try {
    return localStorage.getItem(storageKey) === 'utc' ? 'utc' : 'local';
  } catch {
    return 'local';
  }
}

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

/** Local time or UTC, as chosen for the whole app and remembered. */
export function useZone(): Zone {
  return useSyncExternalStore(subscribe, () => zone);
}

export function setZone(next: Zone): void {
  zone = next;
  try {
    localStorage.setItem(storageKey, next);
  } catch {
    // The choice holds until the page is closed.
  }
  for (const listener of listeners) listener();
}
