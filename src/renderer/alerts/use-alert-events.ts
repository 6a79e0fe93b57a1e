import { type InfiniteData, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { AlertSettingsView } from '#shared/contract/alerts.ts';
import type { AlertCounts, Snooze } from '#shared/model/alert.ts';
import type { AlertRule } from '#shared/model/alert-rule.ts';
import { on } from '../bridge/client.ts';
import type { AlertFilter } from './alert-lists.ts';
import { alertKeys, putAlerts } from './alert-queries.ts';
import { type HistoryPage, withEnded } from './history-pages.ts';

/** Keeps alerts, rules and snoozes in step with the engine. Used once, by the frame. */
export function useAlertEvents(): void {
  const client = useQueryClient();
  useEffect(() => {
    /** An answer under way was made before this change. */
    const put = <T>(queryKey: readonly string[], value: T) => {
      void client.cancelQueries({ queryKey });
      client.setQueryData<T>(queryKey, value);
    };
    const unsubscribers = [
      on('alerts.changed', ({ alerts, counts }) => {
        const isReading = client.isFetching({ queryKey: alertKeys.open }) > 0;
        putAlerts(client, alerts);
        if (isReading) void client.invalidateQueries({ queryKey: alertKeys.open });
        put<AlertCounts>(alertKeys.counts, counts);
        const histories = client.getQueriesData<InfiniteData<HistoryPage, string | null>>({
          queryKey: alertKeys.history,
        });
        for (const [key, pages] of histories) {
          if (pages !== undefined) client.setQueryData(key, withEnded(pages, alerts, key[1] as AlertFilter));
        }
      }),
      on('alerts.rulesChanged', (rules) => {
        put<AlertRule[]>(alertKeys.rules, rules);
        void client.invalidateQueries({ queryKey: alertKeys.standings });
      }),
      on('alerts.snoozesChanged', (snoozes) => put<Snooze[]>(alertKeys.snoozes, snoozes)),
      on('alerts.settingsChanged', (view) => put<AlertSettingsView>(alertKeys.settings, view)),
    ];
    return () => {
      for (const unsubscribe of unsubscribers) unsubscribe();
    };
  }, [client]);
}
