import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { notifyFailure } from './notify.tsx';
import { registerUndo, withdrawUndo } from './undo-offers.ts';

const undoOfferedMs = 30_000;

/** Says that something is done or deleted, and offers to take that back; Ctrl or Cmd with Z does so too. */
export function offerUndo(id: string, title: string, what: string, takeBack: () => Promise<void>): void {
  const undo = async () => {
    withdrawUndo(id);
    notifications.hide(id);
    try {
      await takeBack();
    } catch (error) {
      notifyFailure('Undoing failed', error);
    }
  };
  registerUndo(id, () => void undo());
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
    onClose: () => withdrawUndo(id),
    closeButtonProps: { 'aria-label': 'Dismiss this notice' },
  });
}
