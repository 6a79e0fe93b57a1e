import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect } from 'react';
import type { HistoryStorage } from '#shared/contract/history-storage.ts';
import { on, request } from '../bridge/client.ts';

const storageKey = ['history.storage'] as const;
/**
 * What the history takes up. It grows by itself, so whoever shows it says how often to look again,
 * and what an earlier screen learnt is asked anew; a window nobody sees does not ask.
 */
export function useHistoryStorage(everyMs: number | false, whileEmptyMs = everyMs) {
  return useQuery({
    queryKey: storageKey,
    queryFn: ({ signal }) => request('history.storage', {}, { signal }),
    refetchOnMount: 'always',
    refetchInterval: ({ state }) => (state.data?.profiles.length === 0 ? whileEmptyMs : everyMs),
  });
}

/** Puts an answer that holds it in place, or (none given) reads it anew. */
export function useRefreshStorage(): (storage?: HistoryStorage) => void {
  const client = useQueryClient();
  return useCallback(
    (storage) => {
      if (storage === undefined) void client.invalidateQueries({ queryKey: storageKey });
      else client.setQueryData<HistoryStorage>(storageKey, storage);
    },
    [client],
  );
}

/** Keeps the recording state in step with the engine. Used once, by the status line. */
export function useRecordingEvents(): void {
  const client = useQueryClient();
  useEffect(
    () =>
      on('history.recordingChanged', (recording) => {
        client.setQueryData<HistoryStorage>(storageKey, (storage) => storage && { ...storage, recording });
        // An answer under way may have been made before, and sizes change with it.
        void client.invalidateQueries({ queryKey: storageKey });
      }),
    [client],
  );
}
