import { useEffect, useState } from 'react';
import { formatDuration } from '../charts/formats.ts';
import { engineNowMs } from '../data/engine-clock.ts';

/** How long something has been going on, counting by itself: "12 s". Whole seconds. */
export function Elapsed({ sinceMs }: { sinceMs: number }) {
  const [nowMs, setNowMs] = useState(engineNowMs);
  useEffect(() => {
    setNowMs(engineNowMs());
    const timer = setInterval(() => setNowMs(engineNowMs()), 500);
    return () => clearInterval(timer);
  }, []);
  const seconds = Math.max(0, Math.floor((nowMs - sinceMs) / 1000));
  return <span>{seconds < 60 ? `${seconds} s` : formatDuration(seconds * 1000)}</span>;
}
