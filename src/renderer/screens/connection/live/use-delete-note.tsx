import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation } from '@tanstack/react-query';
import type { HistoryEvent } from '#shared/model/history-event.ts';
import { request } from '../../../bridge/client.ts';
import { notifyFailure } from '../../../data/notify.tsx';
import type { HistoryEvents } from '../../../live/history-events-store.ts';

const undoOfferedMs = 30_000;

/** Deletes a note at once and offers to undo it. */
export function useDeleteNote(store: HistoryEvents) {
  return useMutation({
    mutationFn: (eventId: string) => request('history.deleteNote', { eventId }),
    onSuccess: (note) => {
      store.remove(note.eventId);
      offerUndo(store, note);
    },
    meta: { failure: 'Deleting the note failed' },
  });
}

function offerUndo(store: HistoryEvents, note: HistoryEvent): void {
  const id = `undo-${note.eventId}`;
  const undo = async () => {
    notifications.hide(id);
    const { profileId, fromMs, toMs, text } = note;
    try {
      store.put(await request('history.addNote', { profileId, fromMs, toMs, text }));
    } catch (error) {
      notifyFailure('Bringing the note back failed', error);
    }
  };
  notifications.show({
    id,
    title: 'Note deleted',
    message: (
      <>
        <bdi>“{note.text}”</bdi>
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
