import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { on, onLink } from '../bridge/client.ts';
import { showNotice } from './notices.ts';
import { keys, putPool, putPooler, putProfiles, putSampleDatabase } from './queries.ts';

/** Keeps the query cache in step with the engine. Used once, by the frame. */
export function useEngineEvents(): void {
  const client = useQueryClient();
  useEffect(() => {
    let wasLost = false;
    const unsubscribers = [
      on('profiles.changed', (profiles) => {
        // An answer under way was made before this change.
        void client.cancelQueries({ queryKey: keys.profiles });
        putProfiles(client, profiles);
      }),
      on('pools.changed', (status) => {
        const fetching = client.isFetching({ queryKey: keys.pools }) > 0;
        putPool(client, status);
        if (fetching) void client.invalidateQueries({ queryKey: keys.pools });
        // A console that opened or closed joins or leaves the list of poolers.
        if (status.target === 'console') void client.invalidateQueries({ queryKey: keys.poolers });
      }),
      on('pgbouncer.changed', (status) => putPooler(client, status)),
      on('sampleDatabase.changed', (status) => {
        void client.cancelQueries({ queryKey: keys.sampleDatabase });
        putSampleDatabase(client, status);
      }),
      on('app.notice', showNotice),
      onLink((link) => {
        // Whatever happened while nobody listened is read anew.
        if (link === 'connected' && wasLost) void client.invalidateQueries();
        wasLost = link !== 'connected';
      }),
    ];
    return () => {
      for (const unsubscribe of unsubscribers) unsubscribe();
    };
  }, [client]);
}
