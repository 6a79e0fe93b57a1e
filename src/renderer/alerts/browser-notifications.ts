import { useSyncExternalStore } from 'react';
import type { AlertNotification } from '#shared/contract/alerts.ts';

/** What the browser lets this page do. `impossible`: it has no notifications, or not for such an address. */
export type BrowserPermission = NotificationPermission | 'impossible';

const listeners = new Set<() => void>();

const permission = (): BrowserPermission =>
  typeof Notification === 'undefined' ? 'impossible' : Notification.permission;

const tell = () => {
  for (const listener of listeners) listener();
};

function subscribe(changed: () => void): () => void {
  listeners.add(changed);
  // Changed in the browser's own settings, the page is not told everywhere; coming back is the moment to look.
  window.addEventListener('focus', changed);
  return () => {
    listeners.delete(changed);
    window.removeEventListener('focus', changed);
  };
}

export const useBrowserPermission = (): BrowserPermission => useSyncExternalStore(subscribe, permission);

/** Asks the browser, which asks the user unless it was answered before. Needs a click. */
export async function askBrowser(): Promise<BrowserPermission> {
  if (permission() === 'default') await Notification.requestPermission();
  tell();
  return permission();
}

/** Shows a notification through the browser, where it may; a click brings the page forward and calls back. */
export function showInBrowser(
  { notificationId, title, body, alertIds }: AlertNotification,
  onClick: (alertId: string | null) => void,
): void {
  if (permission() !== 'granted') return;
  // The same tag in every page that is open: the browser shows it once.
  const shown = new Notification(title, { body, tag: notificationId });
  shown.onclick = () => {
    window.focus();
    shown.close();
    onClick(alertIds[0] ?? null);
  };
}
