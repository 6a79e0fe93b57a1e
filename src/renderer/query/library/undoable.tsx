import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { notifyFailure } from '../../data/notify.tsx';

const undoOfferedMs = 30_000;

/** Says that something is deleted, and offers to take that back. */
export function offerUndo(id: string, title: string, what: string, takeBack: () => Promise<void>): void {
  const undo = async () => {
    notifications.hide(id);
    try {
      await takeBack();
    } catch (error) {
      notifyFailure('Undoing failed', error);
    }
  };
  notifications.show({
    id,
    title,
    message: (
      <>
        <bdi>{what}</bdi>
        <br />
        <Button mt="xs" variant="default" onClick={() => void undo()}>
          Undo
        </Button>
      </>
    ),
    autoClose: undoOfferedMs,
    closeButtonProps: { 'aria-label': 'Dismiss this notice' },
  });
}
