import { app, Notification } from 'electron';
import type { DesktopNotifications } from '#engine/ports.ts';

/** Kept until they are gone: one that is collected takes no click. */
const mostKept = 20;

/** Notifications and the icon's badge by the operating system. @param showWindow brings the window to the front */
export function createNotifications(showWindow: () => void): DesktopNotifications {
  const kept: Notification[] = [];
  return {
    isSupported: () => Notification.isSupported(),
    show({ title, body, silent }, onClick) {
      const notification = new Notification({ title, body, silent });
      notification.on('click', () => {
        showWindow();
        onClick();
      });
      kept.push(notification);
      if (kept.length > mostKept) kept.shift();
      notification.show();
    },
    setBadge(count) {
      app.setBadgeCount(count);
    },
  };
}
