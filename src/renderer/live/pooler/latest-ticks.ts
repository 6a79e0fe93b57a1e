import { useSyncExternalStore } from 'react';
import type { PoolerTick } from '#shared/model/pooler.ts';
import { on } from '../../bridge/client.ts';

const ticks = new Map<string, PoolerTick>();
const listeners = new Set<() => void>();
let unsubscribe: (() => void) | null = null;

/** The last tick of each console; the engine is listened to while anyone looks. */
function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  unsubscribe ??= on('pgbouncer.tick', keepTick);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    unsubscribe?.();
    unsubscribe = null;
    ticks.clear();
  };
}

/** Takes a tick that came as an answer; an older one than at hand changes nothing. */
export function keepTick(tick: PoolerTick): void {
  if ((ticks.get(tick.profileId)?.atMs ?? 0) >= tick.atMs) return;
  ticks.set(tick.profileId, tick);
  for (const listener of [...listeners]) listener();
}

/** The newest sample of a console; undefined before the first. */
export function usePoolerTick(profileId: string): PoolerTick | undefined {
  return useSyncExternalStore(subscribe, () => ticks.get(profileId));
}
