import { notifications } from '@mantine/notifications';
import type { AppNotice } from '#shared/contract/app.ts';

const colors = { info: 'scope', warning: 'yellow', error: 'red' } as const;
const titles = {
  info: 'For your information',
  warning: 'Please note',
  error: 'Something went wrong',
} as const;

/** A notice dismissed once must not come back when the link is restored. */
const shown = new Set<string>();

/** Shows a notice of the engine's. Warnings and errors stay until dismissed. */
export function showNotice(notice: AppNotice): void {
  if (shown.has(notice.noticeId)) return;
  shown.add(notice.noticeId);
  notifications.show({
    id: notice.noticeId,
    title: titles[notice.level],
    message: notice.message,
    color: colors[notice.level],
    autoClose: notice.level === 'info' ? 12_000 : false,
    closeButtonProps: { 'aria-label': 'Dismiss this notice' },
  });
}
