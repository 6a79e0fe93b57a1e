import { useEffect } from 'react';
import { on } from '../bridge/client.ts';
import { go } from '../navigation/place.ts';
import { firingCount } from './alert-lists.ts';
import { useAlertCounts, useAlertSettings } from './alert-queries.ts';
import { showInBrowser } from './browser-notifications.ts';
import { playTone } from './tone.ts';

const openAlert = (alertId: string | null) =>
  go(
    alertId === null || alertId === ''
      ? { screen: 'alerts', part: 'open', profileId: null }
      : { screen: 'alert', alertId },
  );

/** Tells of alerts outside of the screen where the shell does not: by the browser, and by a sound. Used once, by the frame. */
export function useAlertSignals(): void {
  useEffect(() => {
    const unsubscribers = [
      on('alerts.notification', (notification) => {
        if (notification.shownByShell) return;
        showInBrowser(notification, openAlert);
        if (notification.sound) void playTone().catch(() => {});
      }),
      on('alerts.opened', ({ alertId }) => openAlert(alertId)),
    ];
    return () => {
      for (const unsubscribe of unsubscribers) unsubscribe();
    };
  }, []);
}

/** "(2) " for the page's title where two alerts are firing; empty where there is an icon for it, or it is switched off. */
export function useTitleBadge(): string {
  const count = firingCount(useAlertCounts());
  const isWanted = useAlertSettings().data?.settings.badge ?? false;
  return count > 0 && isWanted && window.poolscope?.shell === 'web' ? `(${count}) ` : '';
}
