import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { ChangeOutcome, Served } from '#shared/contract/names.ts';
import type { NameRow } from '#shared/model/names.ts';
import { request } from '../../../bridge/client.ts';
import { notifyFailure } from '../../../data/notify.tsx';
import { registerUndo, withdrawUndo } from '../../../data/undo-offers.ts';
import type { NamesWindow } from './names-window.ts';
import { ServedNote } from './served-note.tsx';

const undoOfferedMs = 30_000;
const shortOf = (name: string) => (name.length > 60 ? `${name.slice(0, 60)}…` : name);

interface Target {
  profileId: string;
  schema: string;
  window: NamesWindow;
}

/** Changes and deletes rows as they were shown, and offers to take each back. */
export function useRowChanges({ profileId, schema, window }: Target) {
  const at = { profileId, schema };

  /** Shows what is in the table now. */
  const takeOver = (outcome: ChangeOutcome, id: number) => {
    if (outcome.kind === 'gone') window.markGone(id);
    else window.put(outcome.row);
  };

  const undoEdit = async (row: NameRow, before: string) => {
    try {
      const outcome = await request('names.update', { ...at, id: row.id, from: row.name, to: before });
      takeOver(outcome, row.id);
      if (outcome.kind !== 'done') tellNotUndone(outcome);
    } catch (error) {
      notifyFailure('The change was not undone', error);
    }
  };
  const undoDelete = async (row: NameRow) => {
    try {
      const outcome = await request('names.restore', { ...at, id: row.id, name: row.name });
      takeOver(outcome, row.id);
      if (outcome.kind !== 'done') tellNotUndone(outcome);
    } catch (error) {
      notifyFailure('The deleted name was not brought back', error);
    }
  };

  const edit = useMutation({
    mutationFn: ({ id, from, to }: { id: number; from: string; to: string }) =>
      request('names.update', { ...at, id, from, to }),
    onSuccess: (outcome, { id, from, to }) => {
      takeOver(outcome, id);
      if (outcome.kind !== 'done') return;
      const title = `Changed the name with id ${id}`;
      const words = (
        <>
          <bdi>“{shortOf(from)}”</bdi> is now <bdi>“{shortOf(to)}”</bdi>
        </>
      );
      offerUndo(`edit-${id}`, title, words, outcome.served, () => undoEdit(outcome.row, from));
    },
    meta: { shownInPlace: true },
  });

  const remove = useMutation({
    mutationFn: ({ id, name }: NameRow) => request('names.delete', { ...at, id, name }),
    onSuccess: (outcome, { id }) => {
      if (outcome.kind !== 'done') {
        takeOver(outcome, id);
        return;
      }
      window.remove(id);
      const words = <bdi>“{shortOf(outcome.row.name)}”</bdi>;
      offerUndo(`delete-${id}`, `Deleted the name with id ${id}`, words, outcome.served, () =>
        undoDelete(outcome.row),
      );
    },
    meta: { shownInPlace: true },
  });
  return { edit, remove };
}

function offerUndo(what: string, title: string, words: ReactNode, served: Served, undo: () => Promise<void>) {
  const id = `names-${what}`;
  const take = () => {
    withdrawUndo(id);
    notifications.hide(id);
    void undo();
  };
  // One notice a row: a later change to it replaces the offer to undo the one before.
  notifications.hide(id);
  registerUndo(id, take);
  notifications.show({
    id,
    title,
    message: (
      <>
        {words}
        <br />
        <ServedNote served={served} />
        <br />
        <Button mt="xs" variant="default" onClick={take}>
          Undo
        </Button>
      </>
    ),
    autoClose: undoOfferedMs,
    onClose: () => withdrawUndo(id),
    closeButtonProps: { 'aria-label': 'Dismiss this notice' },
  });
}

function tellNotUndone(outcome: Exclude<ChangeOutcome, { kind: 'done' }>) {
  notifications.show({
    title: 'Not undone',
    message:
      outcome.kind === 'gone' ? (
        'Somebody deleted that row meanwhile.'
      ) : (
        <>
          Somebody else wrote to id {outcome.row.id} meanwhile: it is <bdi>“{shortOf(outcome.row.name)}”</bdi>{' '}
          now, and was left so.
        </>
      ),
    color: 'yellow',
    autoClose: false,
    closeButtonProps: { 'aria-label': 'Dismiss this notice' },
  });
}
