import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { AlertSettings, AlertSettingsView } from '#shared/contract/alerts.ts';
import type { RouteInput } from '#shared/contract/routes.ts';
import { alertKeys } from '../../../alerts/alert-queries.ts';
import { request } from '../../../bridge/client.ts';

interface Change {
  settings: AlertSettings;
  webhookSecret: RouteInput<'alerts.setSettings'>['webhookSecret'];
}

/** Saves them; what shows them also shows what went wrong. */
export function useSaveAlertSettings() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (change: Change) => request('alerts.setSettings', change),
    onSuccess: (view) => client.setQueryData<AlertSettingsView>(alertKeys.settings, view),
    meta: { shownInPlace: true },
  });
}
