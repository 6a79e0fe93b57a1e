import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { SessionsSettings } from '#shared/contract/sessions.ts';
import { on, request } from '../bridge/client.ts';

const settingsKey = ['sessions.settings'] as const;

/** How servers' sessions are sampled; follows changes made in other windows. */
export function useSessionsSettings() {
  const client = useQueryClient();
  useEffect(
    () =>
      on('sessions.settingsChanged', (settings) => {
        client.setQueryData<SessionsSettings>(settingsKey, settings);
      }),
    [client],
  );
  return useQuery({
    queryKey: settingsKey,
    queryFn: ({ signal }) => request('sessions.settings', {}, { signal }),
    refetchOnMount: 'always',
  });
}

/** Saves them; what shows them also shows what went wrong. */
export function useSaveSessionsSettings() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (settings: SessionsSettings) => request('sessions.setSettings', settings),
    onSuccess: (settings) => client.setQueryData<SessionsSettings>(settingsKey, settings),
    meta: { shownInPlace: true },
  });
}
