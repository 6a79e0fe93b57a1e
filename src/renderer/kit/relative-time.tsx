import { Tooltip } from '@mantine/core';
import { useSyncExternalStore } from 'react';
import { engineNowMs } from '../data/engine-clock.ts';
import { useZone } from '../time/use-zone.ts';
import { exactTime, relativeTime } from './time-words.ts';

const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;
let nowMs = engineNowMs();

/** One timer for all relative times on the page; none when there are none. */
function subscribe(changed: () => void): () => void {
  listeners.add(changed);
  nowMs = engineNowMs();
  timer ??= setInterval(() => {
    nowMs = engineNowMs();
    for (const listener of listeners) listener();
  }, 1000);
  return () => {
    listeners.delete(changed);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

/** "12 s ago", counting by itself; the exact time on hover. */
export function RelativeTime({ atMs }: { atMs: number }) {
  const zone = useZone();
  const now = useSyncExternalStore(subscribe, () => nowMs);
  return (
    <Tooltip label={exactTime(atMs, zone)}>
      <time dateTime={new Date(atMs).toISOString()}>{relativeTime(atMs, now)}</time>
    </Tooltip>
  );
}
