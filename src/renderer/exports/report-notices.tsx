import { notifications } from '@mantine/notifications';
import { notifyFailure } from '../data/notify.tsx';

const copiedNotice = {
  title: 'Copied as Markdown',
  message: 'Paste it into the incident report.',
  color: 'scope',
};
const failedNotice = {
  title: 'Copying failed',
  message: 'The clipboard could not be reached. Click into the window and copy again.',
  color: 'red',
};

/** Copies by `copy` and says how it went. */
export async function copyAndTell(copy: () => Promise<boolean>): Promise<void> {
  try {
    const copied = await copy();
    notifications.show({
      ...(copied ? copiedNotice : failedNotice),
      closeButtonProps: { 'aria-label': 'Dismiss this notice' },
    });
  } catch (error) {
    notifyFailure('Copying failed', error);
  }
}
