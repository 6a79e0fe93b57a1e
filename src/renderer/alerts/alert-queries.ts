import { type QueryClient, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { type Alert, noAlerts } from '#shared/model/alert.ts';
import { request } from '../bridge/client.ts';
import { type AlertFilter, openAfter } from './alert-lists.ts';
import { type HistoryPage, readHistoryPage } from './history-pages.ts';

export const alertKeys = {
  open: ['alerts.open'],
  counts: ['alerts.counts'],
  one: (alertId: string) => ['alerts.get', alertId],
  history: ['alerts.history'],
  rules: ['alerts.rules'],
  standings: ['alerts.standings'],
  snoozes: ['alerts.snoozes'],
  settings: ['alerts.settings'],
} as const;

const largestPage = 200;

/** Every alert that is not over, worst first; kept fresh by `alerts.changed`. */
export function useOpenAlerts() {
  return useQuery({
    queryKey: alertKeys.open,
    queryFn: async ({ signal }) => {
      let open: Alert[] = [];
      let before: string | null = null;
      do {
        const input = { which: 'open', profileId: null, limit: largestPage, before } as const;
        const page: { alerts: Alert[]; next: string | null } = await request('alerts.list', input, {
          signal,
        });
        open = openAfter(open, page.alerts);
        before = page.next;
      } while (before !== null);
      return open;
    },
  });
}

/** How many are open; kept fresh by `alerts.changed`. */
export function useAlertCounts() {
  const counts = useQuery({
    queryKey: alertKeys.counts,
    queryFn: ({ signal }) => request('alerts.counts', {}, { signal }),
  });
  return counts.data ?? noAlerts;
}

/** The open alerts of one connection, worst first. */
export function useAlertsOf(profileId: string): readonly Alert[] {
  return (useOpenAlerts().data ?? none).filter((alert) => alert.profileId === profileId);
}

const none: readonly Alert[] = [];

/** One alert, open or over; kept fresh by `alerts.changed`. */
export function useAlert(alertId: string) {
  return useQuery({
    queryKey: alertKeys.one(alertId),
    queryFn: ({ signal }) => request('alerts.get', { alertId }, { signal }),
    refetchOnMount: 'always',
  });
}

/** Alerts that are over, newest first, a page at a time. */
export function useAlertHistory(filter: AlertFilter) {
  return useInfiniteQuery({
    queryKey: [...alertKeys.history, filter],
    queryFn: ({ pageParam, signal }): Promise<HistoryPage> => readHistoryPage(filter, pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
    refetchOnMount: 'always',
  });
}

/** All rules in a steady order; kept fresh by `alerts.rulesChanged`. */
export function useRules() {
  return useQuery({
    queryKey: alertKeys.rules,
    queryFn: ({ signal }) => request('alerts.rules', {}, { signal }),
  });
}

/** How the rules stand for every open connection. They change with each sample: asked for while shown. */
export function useStandings(everyMs: number | false) {
  return useQuery({
    queryKey: alertKeys.standings,
    queryFn: ({ signal }) => request('alerts.standings', { profileId: null }, { signal }),
    refetchOnMount: 'always',
    refetchInterval: everyMs,
  });
}

/** What is not told of for a while; kept fresh by `alerts.snoozesChanged`. */
export function useSnoozes() {
  return useQuery({
    queryKey: alertKeys.snoozes,
    queryFn: ({ signal }) => request('alerts.snoozes', {}, { signal }),
    meta: { failure: 'What is snoozed could not be read' },
  });
}

/** How alerts are told; kept fresh by `alerts.settingsChanged`. */
export function useAlertSettings() {
  return useQuery({
    queryKey: alertKeys.settings,
    queryFn: ({ signal }) => request('alerts.settings', {}, { signal }),
  });
}

/** Puts alerts as they are now in place of what is shown of them. */
export function putAlerts(client: QueryClient, alerts: readonly Alert[]): void {
  client.setQueryData<Alert[]>(alertKeys.open, (open) => open && openAfter(open, alerts));
  for (const alert of alerts) {
    client.setQueryData<Alert>(alertKeys.one(alert.alertId), (known) => known && alert);
  }
}
