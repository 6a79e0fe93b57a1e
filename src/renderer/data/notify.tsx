import { notifications } from '@mantine/notifications';
import { isCancelled, payloadOf } from './errors.ts';

/** Says that something the user asked for failed, with what to do next. Stays until dismissed. */
export function notifyFailure(doing: string, error: unknown): void {
  if (isCancelled(error)) return;
  const { message, details } = payloadOf(error);
  notifications.show({
    title: doing,
    message: (
      <>
        {message}
        {details.remedy !== undefined && <br />}
        {details.remedy}
      </>
    ),
    color: 'red',
    autoClose: false,
    closeButtonProps: { 'aria-label': 'Dismiss this notice' },
  });
}
