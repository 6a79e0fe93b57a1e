import { Button, Modal } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { request } from '../../bridge/client.ts';
import { payloadOf } from '../../data/errors.ts';
import { useRefreshStorage } from '../../data/history-queries.ts';
import { ErrorNote } from '../../kit/error-note.tsx';
import { type Deletion, deletedInWords } from './delete-values.ts';
import classes from './history-screen.module.css';

interface FormProps {
  deletion: Deletion;
  /** What it is, in words: "the whole history of Orders". */
  what: ReactNode;
  onClose(): void;
}

interface Props {
  opened: boolean;
  /** Null until the dialog is opened for the first time. */
  asked: Pick<FormProps, 'deletion' | 'what'> | null;
  onClose(): void;
}

/** Says what a deletion would take, and takes it when told to. Stays mounted, so that the focus comes back. */
export function DeleteDialog({ opened, asked, onClose }: Props) {
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title="Delete history?"
      attributes={{ header: { role: 'presentation' } }}
      closeButtonProps={{ 'aria-label': 'Close and keep the history' }}
    >
      {asked !== null && <DeleteForm {...asked} onClose={onClose} />}
    </Modal>
  );
}

function DeleteForm({ deletion, what, onClose }: FormProps) {
  const refresh = useRefreshStorage();
  const dryRun = useQuery({
    queryKey: ['history.deleteRange', deletion],
    queryFn: ({ signal }) => request('history.deleteRange', { ...deletion, dryRun: true }, { signal }),
    // It is about now; an answer of before is worth nothing.
    gcTime: 0,
  });
  const remove = useMutation({
    mutationFn: () => request('history.deleteRange', { ...deletion, dryRun: false }),
    onSuccess: (deleted) => {
      refresh();
      onClose();
      notifications.show({
        title: 'History deleted',
        message: `${deletedInWords(deleted) ?? 'Nothing was left to delete'}. The room is used again, or given back by compacting.`,
        color: 'scope',
        closeButtonProps: { 'aria-label': 'Dismiss this notice' },
      });
    },
    meta: { shownInPlace: true },
  });
  const words = dryRun.data === undefined ? undefined : deletedInWords(dryRun.data);
  const error = remove.error ?? dryRun.error;

  return (
    <div className={classes.dialog}>
      <p>This deletes {what}.</p>
      <p role="status" className={classes.going}>
        {words === undefined
          ? dryRun.isError
            ? 'What would go could not be worked out.'
            : 'Working out what would go…'
          : (words ?? 'There is nothing of that to delete.')}
      </p>
      <p>
        {deletion.beforeMs !== null && 'Whole hours go, so up to an hour near the limit may stay. '}
        Connections and their settings are untouched. <strong>It cannot be undone.</strong>
      </p>
      {error !== null && <ErrorNote error={payloadOf(error)} />}
      <div className={classes.buttons}>
        <Button data-autofocus variant="default" onClick={onClose}>
          Keep it
        </Button>
        <Button
          color="red.9"
          disabled={words === undefined || words === null}
          loading={remove.isPending}
          onClick={() => remove.mutate()}
        >
          Delete for good
        </Button>
      </div>
    </div>
  );
}
