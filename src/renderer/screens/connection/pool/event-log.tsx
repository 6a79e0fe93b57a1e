import { Button, CloseButton, Menu, MultiSelect, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useInfiniteQuery, useMutation } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import type { ExportFormat } from '#shared/contract/exporter.ts';
import type { ProfileView } from '#shared/contract/profiles.ts';
import { type PoolEvent, type PoolEventKind, poolEventKinds } from '#shared/model/pool-event.ts';
import { request } from '../../../bridge/client.ts';
import { formatCount } from '../../../charts/formats.ts';
import { payloadOf } from '../../../data/errors.ts';
import { followSaveOutcome } from '../../../exports/save-outcome.ts';
import { DataTable } from '../../../kit/data-table/data-table.tsx';
import { ErrorNote } from '../../../kit/error-note.tsx';
import { Panel } from '../../../kit/panel.tsx';
import { eventColumns } from './event-columns.tsx';
import { busyKinds, kindWords, toneOfKind } from './event-words.ts';
import classes from './pool.module.css';

const none: PoolEvent[] = [];
const pageRows = 500;
const kindChoices = poolEventKinds.map((value) => ({ value, label: kindWords[value] }));
const calmKinds = poolEventKinds.filter((kind) => !busyKinds.includes(kind));

/** Everything that happened in the pool, newest first; also after it was closed. */
export function EventLog({ profile: { profileId } }: { profile: ProfileView }) {
  const [kinds, setKinds] = useState<PoolEventKind[]>(calmKinds);
  const [text, setText] = useState('');
  const [wanted] = useDebouncedValue(text.trim(), 200);
  const [paused, setPaused] = useState(false);
  const log = useInfiniteQuery({
    queryKey: ['pools.events', profileId, kinds, wanted],
    queryFn: ({ signal, pageParam }) =>
      request(
        'pools.events',
        { profileId, kinds, text: wanted, beforeSequence: pageParam, limit: pageRows },
        { signal },
      ),
    initialPageParam: null as number | null,
    getNextPageParam: ({ events }) => (events.length < pageRows ? null : (events.at(-1)?.sequence ?? null)),
    placeholderData: keepPreviousData,
    // Also while no pool is open: attempts to open one are written, and how the last one ended.
    // Older pages do not change, and are not all read each time.
    refetchInterval: ({ state }) => (!paused && (state.data?.pages.length ?? 0) < 2 ? 2000 : false),
    gcTime: 0,
  });
  const events = useMemo(() => log.data?.pages.flatMap((page) => page.events) ?? none, [log.data]);
  const dropped = log.data?.pages[0]?.dropped ?? 0;
  const paged = (log.data?.pages.length ?? 0) > 1;
  return (
    <Panel
      title="Event log"
      actions={
        <>
          <Button variant="subtle" aria-pressed={paused} onClick={() => setPaused(!paused)}>
            {paused ? 'Follow' : 'Pause'}
          </Button>
          <SaveMenu profileId={profileId} />
        </>
      }
    >
      {log.isError && <ErrorNote error={payloadOf(log.error)} />}
      <div>
        <DataTable
          label="Events of the pool"
          name="pool-events"
          columns={eventColumns}
          items={events}
          total={events.length}
          idOf={({ sequence }) => String(sequence)}
          sortedBy={null}
          filterKey={`${kinds.join()} ${wanted}`}
          toneOf={({ kind }) => toneOfKind(kind)}
          emptyText={log.isPending ? 'Reading…' : 'No event matches.'}
          tools={
            <>
              <TextInput
                className={classes.search ?? ''}
                aria-label="Search events"
                placeholder="Search events"
                value={text}
                onChange={(event) => setText(event.currentTarget.value)}
                rightSection={
                  text === '' ? null : (
                    <CloseButton size="xs" aria-label="Clear the search" onClick={() => setText('')} />
                  )
                }
              />
              <KindFilter kinds={kinds} onChange={setKinds} />
            </>
          }
        />
      </div>
      <div className={classes.foot}>
        <p className={classes.dim}>
          {dropped > 0 && `${formatCount(dropped)} older events were dropped: the last 5,000 are kept. `}
          {paged && 'Older events are shown, so new ones are not followed.'}
        </p>
        {paged && (
          <Button variant="subtle" onClick={() => void log.refetch()} loading={log.isRefetching}>
            Refresh
          </Button>
        )}
        {log.hasNextPage && (
          <Button variant="default" loading={log.isFetchingNextPage} onClick={() => void log.fetchNextPage()}>
            Show older events
          </Button>
        )}
      </div>
    </Panel>
  );
}

interface FilterProps {
  kinds: PoolEventKind[];
  onChange(kinds: PoolEventKind[]): void;
}

/** Which kinds show. Taking and giving back starts out: at thousands a second they hide all else. */
function KindFilter({ kinds, onChange }: FilterProps) {
  const withBusy = busyKinds.every((kind) => kinds.includes(kind));
  return (
    <>
      <Button
        variant="default"
        aria-pressed={withBusy}
        onClick={() => onChange(withBusy ? calmKinds : [...poolEventKinds])}
      >
        {withBusy ? 'Without acquire and release' : 'With acquire and release'}
      </Button>
      <MultiSelect
        className={classes.kinds ?? ''}
        aria-label="Kinds of event"
        placeholder={isStandard(kinds) ? 'Only some kinds…' : ''}
        data={kindChoices}
        // A list as long as the whole says nothing.
        value={isStandard(kinds) ? [] : kinds}
        onChange={(chosen) => onChange(chosen.length === 0 ? calmKinds : (chosen as PoolEventKind[]))}
        clearable
        searchable
        hidePickedOptions
      />
    </>
  );
}

const isStandard = (kinds: readonly PoolEventKind[]) =>
  kinds.length === poolEventKinds.length ||
  (kinds.length === calmKinds.length && calmKinds.every((kind) => kinds.includes(kind)));

const formats: { format: ExportFormat; label: string }[] = [
  { format: 'csv', label: 'CSV' },
  { format: 'jsonl', label: 'JSON Lines' },
  { format: 'parquet', label: 'Parquet' },
];

function SaveMenu({ profileId }: { profileId: string }) {
  const save = useMutation({
    mutationFn: (format: ExportFormat) => request('pools.saveEvents', { profileId, format }),
    onSuccess: followSaveOutcome,
    meta: { failure: 'The event log could not be saved' },
  });
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button variant="default" loading={save.isPending}>
          Save as…
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {formats.map(({ format, label }) => (
          <Menu.Item key={format} onClick={() => save.mutate(format)}>
            {label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
