import { ActionIcon, Button, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Check, Pencil, Trash2 } from 'lucide-react';
import { useState } from 'react';
import type { SavedQuery } from '#shared/model/query-library.ts';
import { request } from '../../bridge/client.ts';
import { payloadOf } from '../../data/errors.ts';
import { offerUndo } from '../../data/offer-undo.tsx';
import { ErrorNote } from '../../kit/error-note.tsx';
import { RelativeTime } from '../../kit/relative-time.tsx';
import type { StatementModel } from '../statement/statement-model.ts';
import classes from './library.module.css';
import { QueryCard, type Take } from './query-card.tsx';
import { SaveForm } from './save-form.tsx';
import { savedKey, saveQuery } from './save-query.ts';

/** Statements under names; they belong to no connection. */
export function SavedList({ statement, onTake }: { statement: StatementModel; onTake: Take }) {
  const client = useQueryClient();
  const [search, setSearch] = useState('');
  const saved = useQuery({
    queryKey: savedKey,
    queryFn: ({ signal }) => request('query.saved', {}, { signal }),
    staleTime: 0,
  });
  const refresh = () => client.invalidateQueries({ queryKey: savedKey });
  const remove = useMutation({
    mutationFn: (savedId: string) => request('query.deleteSaved', { savedId }),
    onSuccess: (deleted) => {
      void refresh();
      offerUndo(`undo-${deleted.savedId}`, 'Saved query deleted', `“${deleted.name}”`, async () => {
        await saveQuery(deleted);
        await refresh();
      });
    },
    meta: { failure: 'The saved query could not be deleted' },
  });
  const wanted = search.trim().toLowerCase();
  const shown = (saved.data ?? []).filter(({ name, text }) =>
    [name, text].some((words) => words.toLowerCase().includes(wanted)),
  );
  return (
    <div className={classes.list}>
      <SaveForm statement={statement} onSaved={refresh} />
      <TextInput
        aria-label="Search the saved queries"
        placeholder="Search"
        value={search}
        onChange={(event) => setSearch(event.currentTarget.value)}
      />
      {saved.isError && <ErrorNote error={payloadOf(saved.error)} />}
      {saved.isSuccess && shown.length === 0 && (
        <p className={classes.none}>{wanted === '' ? 'Nothing is saved yet.' : 'No saved query matches.'}</p>
      )}
      <ol className={classes.cards}>
        {shown.map((query) => (
          <QueryCard
            key={query.savedId}
            title={<SavedName query={query} onRenamed={refresh} />}
            text={query.text}
            parameterTypes={query.parameterTypes}
            facts={
              <>
                Saved <RelativeTime atMs={query.updatedAtMs} />
              </>
            }
            onTake={onTake}
          >
            <ActionIcon
              size="sm"
              aria-label={`Delete ${query.name}`}
              onClick={() => remove.mutate(query.savedId)}
            >
              <Trash2 size={14} aria-hidden />
            </ActionIcon>
          </QueryCard>
        ))}
      </ol>
    </div>
  );
}

function SavedName({ query, onRenamed }: { query: SavedQuery; onRenamed(): void }) {
  const [typed, setTyped] = useState<string | null>(null);
  const rename = useMutation({
    mutationFn: (name: string) => saveQuery({ ...query, name }),
    onSuccess: () => {
      setTyped(null);
      onRenamed();
    },
    meta: { shownInPlace: true },
  });
  if (typed === null) {
    return (
      <div className={classes.name}>
        <h3>
          <bdi>{query.name}</bdi>
        </h3>
        <ActionIcon size="sm" aria-label={`Rename ${query.name}`} onClick={() => setTyped(query.name)}>
          <Pencil size={13} aria-hidden />
        </ActionIcon>
      </div>
    );
  }
  return (
    <form
      className={classes.name}
      onSubmit={(event) => {
        event.preventDefault();
        rename.mutate(typed);
      }}
    >
      <TextInput
        className={classes.search}
        aria-label="New name"
        data-autofocus
        autoFocus
        value={typed}
        error={rename.isError ? payloadOf(rename.error).message : null}
        onChange={(event) => setTyped(event.currentTarget.value)}
      />
      <ActionIcon type="submit" aria-label="Keep the new name" loading={rename.isPending}>
        <Check size={15} aria-hidden />
      </ActionIcon>
      <Button variant="subtle" size="compact-xs" onClick={() => setTyped(null)}>
        Keep the old
      </Button>
    </form>
  );
}
