import { type QueryClient, useMutation, useQueryClient } from '@tanstack/react-query';
import type { Alert, Snooze } from '#shared/model/alert.ts';
import { request } from '../bridge/client.ts';
import { offerUndo } from '../data/offer-undo.tsx';
import { alertKeys, putAlerts } from './alert-queries.ts';
import type { SnoozeTarget } from './snooze-choices.ts';

/** Most that one request takes. */
const mostAtOnce = 2000;

/** Says that someone has seen them; can be undone. */
export function useAcknowledge() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (alerts: readonly Alert[]) =>
      request('alerts.acknowledge', { alertIds: alerts.slice(0, mostAtOnce).map(({ alertId }) => alertId) }),
    onSuccess: (acknowledged) => {
      putAlerts(client, acknowledged);
      const [first, ...others] = acknowledged;
      if (first === undefined) return;
      offerUndo(
        `undo-acknowledge-${first.alertId}`,
        others.length === 0 ? 'Alert acknowledged' : `${acknowledged.length} alerts acknowledged`,
        others.length === 0 ? first.sentence : 'They stay listed until they are over.',
        () => takeBack(client, acknowledged),
      );
    },
    meta: { failure: 'Acknowledging failed' },
  });
}

/** Makes them firing again. */
export function useUnacknowledge() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (alerts: readonly Alert[]) => takeBack(client, alerts),
    meta: { failure: 'Taking that back failed' },
  });
}

async function takeBack(client: QueryClient, alerts: readonly Alert[]): Promise<void> {
  const alertIds = alerts.map(({ alertId }) => alertId);
  putAlerts(client, await request('alerts.unacknowledge', { alertIds }));
}

interface SnoozeAsked extends SnoozeTarget {
  durationMs: number;
  /** What it is and for how long, in words, for the notice. */
  words: string;
}

/** Keeps something quiet for a while; can be undone. */
export function useSnooze() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ ruleId, profileId, durationMs }: SnoozeAsked) =>
      request('alerts.snooze', { ruleId, profileId, durationMs }),
    onSuccess: (snooze, { words }) => {
      client.setQueryData<Snooze[]>(
        alertKeys.snoozes,
        (snoozes) => snoozes && [...snoozes.filter(({ snoozeId }) => snoozeId !== snooze.snoozeId), snooze],
      );
      offerUndo(`undo-snooze-${snooze.snoozeId}`, 'Snoozed', words, async () => {
        await endSnooze(client, snooze.snoozeId);
      });
    },
    meta: { failure: 'Snoozing failed' },
  });
}

export function useEndSnooze() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (snoozeId: string) => endSnooze(client, snoozeId),
    meta: { failure: 'The snooze could not be ended' },
  });
}

async function endSnooze(client: QueryClient, snoozeId: string): Promise<void> {
  await request('alerts.unsnooze', { snoozeId });
  client.setQueryData<Snooze[]>(alertKeys.snoozes, (snoozes) =>
    snoozes?.filter((snooze) => snooze.snoozeId !== snoozeId),
  );
}
