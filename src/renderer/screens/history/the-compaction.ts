import { useEffect } from 'react';
import { on, request } from '../../bridge/client.ts';
import { useRefreshStorage } from '../../data/history-queries.ts';
import { Compaction } from './compaction.ts';

const endedListeners = new Set<() => void>();

/** The page's one compaction. */
export const compaction = new Compaction({ request, on }, () => {
  for (const listener of [...endedListeners]) listener();
});

/** Reads the sizes anew when a compaction ends while the component stands. */
export function useRefreshAfterCompaction(): void {
  const refresh = useRefreshStorage();
  useEffect(() => {
    const ended = () => refresh();
    endedListeners.add(ended);
    return () => void endedListeners.delete(ended);
  }, [refresh]);
}
