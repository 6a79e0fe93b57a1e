import { beforeEach, describe, expect, it, vi } from 'vitest';
import { createNotifications } from './notifications.ts';

const { made, setBadgeCount } = vi.hoisted(() => ({
  made: [] as { options: unknown; isShown: boolean; click(): void }[],
  setBadgeCount: vi.fn(),
}));
vi.mock('electron', () => ({
  app: { setBadgeCount },
  Notification: class {
    static isSupported = () => true;
    isShown = false;
    options: unknown;
    click = () => {};
    constructor(options: unknown) {
      this.options = options;
      made.push(this);
    }
    on(_event: string, listener: () => void) {
      this.click = listener;
    }
    show() {
      this.isShown = true;
    }
  },
}));

describe('notifications of the desktop', () => {
  const showWindow = vi.fn();
  beforeEach(() => {
    made.length = 0;
    showWindow.mockClear();
  });

  it('are shown as they were worded, and a click brings the window and then the alert', () => {
    const onClick = vi.fn(() => expect(showWindow).toHaveBeenCalledOnce());
    createNotifications(showWindow).show(
      { title: 'shop: Unhealthy', body: 'Checks fail.', silent: true },
      onClick,
    );
    expect(made).toMatchObject([
      { options: { title: 'shop: Unhealthy', body: 'Checks fail.', silent: true }, isShown: true },
    ]);
    expect(onClick).not.toHaveBeenCalled();
    made[0]?.click();
    expect(onClick).toHaveBeenCalledOnce();
  });

  it('put a count on the icon', () => {
    const notifications = createNotifications(showWindow);
    expect(notifications.isSupported()).toBe(true);
    notifications.setBadge(3);
    expect(setBadgeCount).toHaveBeenCalledWith(3);
  });
});
