import { ActionIcon, Button, Switch, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { Trash2 } from 'lucide-react';
import { useState } from 'react';
import type { HistoryEntry } from '#shared/model/query-library.ts';
import { request } from '../../bridge/client.ts';
import { formatCount, formatDuration } from '../../charts/formats.ts';
import { payloadOf } from '../../data/errors.ts';
import { offerUndo } from '../../data/offer-undo.tsx';
import { ErrorNote } from '../../kit/error-note.tsx';
import { RelativeTime } from '../../kit/relative-time.tsx';
import classes from './library.module.css';
import { QueryCard, type Take } from './query-card.tsx';

const pageSize = 50;
const historyKey = ['query.history'] as const;

/** The beginning of a statement, on one line. */
const shortened = (text: string): string => {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > 80 ? `${line.slice(0, 79)}…` : line;
};

/** What was run, newest first; of this connection or of all. */
export function HistoryList({ profileId, onTake }: { profileId: string | null; onTake: Take }) {
  const client = useQueryClient();
  const [typed, setTyped] = useState('');
  const [search] = useDebouncedValue(typed, 200);
  const [everywhere, setEverywhere] = useState(profileId === null);
  const of = everywhere ? null : profileId;
  const history = useInfiniteQuery({
    queryKey: [...historyKey, of, search],
    queryFn: ({ pageParam, signal }) =>
      request('query.history', { profileId: of, search, beforeId: pageParam, limit: pageSize }, { signal }),
    initialPageParam: null as string | null,
    getNextPageParam: ({ entries, hasMore }) => (hasMore ? entries.at(-1)?.entryId : undefined),
    staleTime: 0,
    placeholderData: (before) => before,
  });
  const refresh = () => client.invalidateQueries({ queryKey: historyKey });
  const setEnabled = useMutation({
    mutationFn: (enabled: boolean) => request('query.setHistoryEnabled', { enabled }),
    onSuccess: refresh,
    meta: { failure: 'The history could not be switched' },
  });
  const entries = history.data?.pages.flatMap((page) => page.entries) ?? [];
  const remove = useMutation({
    mutationFn: (entryId: string) => request('query.deleteHistoryEntry', { entryId }),
    onSuccess: ({ entryId }) => {
      void refresh();
      const text = entries.find((entry) => entry.entryId === entryId)?.text ?? '';
      offerUndo(`undo-${entryId}`, 'Deleted from the history', shortened(text), async () => {
        await request('query.restoreHistoryEntry', { entryId });
        await refresh();
      });
    },
    meta: { failure: 'The entry could not be deleted' },
  });
  const enabled = history.data?.pages[0]?.enabled ?? true;

  return (
    <div className={classes.list}>
      <div className={classes.tools}>
        <TextInput
          className={classes.search}
          aria-label="Search the history"
          placeholder="Search"
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        {profileId !== null && (
          <Switch
            label="All connections"
            size="xs"
            checked={everywhere}
            onChange={(event) => setEverywhere(event.currentTarget.checked)}
          />
        )}
      </div>
      {history.isError && <ErrorNote error={payloadOf(history.error)} />}
      {history.isSuccess && entries.length === 0 && (
        <p className={classes.none}>
          {search === '' ? 'Nothing was run yet.' : 'Nothing that was run matches.'}
        </p>
      )}
      <ol className={classes.cards}>
        {entries.map((entry) => (
          <QueryCard
            key={entry.entryId}
            text={entry.text}
            parameterTypes={entry.parameterTypes}
            facts={<Facts entry={entry} />}
            onTake={onTake}
          >
            <ActionIcon
              size="sm"
              aria-label="Delete from the history"
              onClick={() => remove.mutate(entry.entryId)}
            >
              <Trash2 size={14} aria-hidden />
            </ActionIcon>
          </QueryCard>
        ))}
      </ol>
      {history.hasNextPage && (
        <Button
          variant="default"
          loading={history.isFetchingNextPage}
          onClick={() => void history.fetchNextPage()}
        >
          Show older ones
        </Button>
      )}
      <div className={classes.tools}>
        <Switch
          label="Keep a history of what is run"
          description="Texts only: no values and no results. It stays on this machine."
          size="xs"
          checked={enabled}
          onChange={(event) => setEnabled.mutate(event.currentTarget.checked)}
        />
        {entries.length > 0 && <ClearHistory onCleared={refresh} />}
      </div>
    </div>
  );
}

function Facts({ entry }: { entry: HistoryEntry }) {
  const { atMs, state, rows, serverMs, profileIds, mode } = entry;
  const words = [
    state === 'done' ? (rows === 1 ? '1 row' : `${formatCount(rows)} rows`) : state,
    serverMs === null ? null : formatDuration(serverMs),
    mode === 'write' ? 'writing' : null,
    profileIds.length > 1 ? `${profileIds.length} connections` : null,
  ].filter((word) => word !== null);
  return (
    <>
      <RelativeTime atMs={atMs} /> · <span data-state={state}>{words.join(' · ')}</span>
    </>
  );
}

/** Cannot be undone, so it asks: the button turns into the question. */
function ClearHistory({ onCleared }: { onCleared(): void }) {
  const [asking, setAsking] = useState(false);
  const clear = useMutation({
    mutationFn: () => request('query.clearHistory', {}),
    onSuccess: () => {
      setAsking(false);
      onCleared();
    },
    meta: { failure: 'The history could not be cleared' },
  });
  if (!asking) {
    return (
      <Button variant="default" size="compact-xs" onClick={() => setAsking(true)}>
        Clear the history…
      </Button>
    );
  }
  return (
    <span className={classes.question}>
      The history of all connections, for good?
      <Button size="compact-xs" color="red" loading={clear.isPending} onClick={() => clear.mutate()}>
        Clear it
      </Button>
      <Button size="compact-xs" variant="default" onClick={() => setAsking(false)}>
        Keep it
      </Button>
    </span>
  );
}
