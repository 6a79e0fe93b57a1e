import { CloseButton, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useMemo, useState } from 'react';
import type { ConsoleTable as Answer, ConsoleTableName } from '#shared/model/console-table.ts';
import { request } from '../../bridge/client.ts';
import { payloadOf } from '../../data/errors.ts';
import { DataTable } from '../../kit/data-table/data-table.tsx';
import { ErrorNote } from '../../kit/error-note.tsx';
import { consoleColumns } from './console-columns.tsx';
import { type ConsoleRow, cellAt, consoleRows, matchingRows } from './console-rows.ts';
import classes from './pgbouncer.module.css';

const refreshMs = 2000;

/** One SHOW of a console, asked again and again while it is seen. */
export function useConsoleTable(profileId: string, table: ConsoleTableName) {
  return useQuery({
    queryKey: ['pgbouncer.table', profileId, table],
    queryFn: ({ signal }) => request('pgbouncer.table', { profileId, table }, { signal }),
    refetchInterval: refreshMs,
    // Thousands of cells: comparing them costs more than taking them as they are.
    structuralSharing: false,
  });
}

interface Props {
  profileId: string;
  table: ConsoleTableName;
  /** What its rows are: "Clients". */
  label: string;
  openId?: string | null;
  onOpen?(row: ConsoleRow): void;
  children?: ReactNode;
}

/** A console's table with every column it has, searched, sorted, and live. */
export function ConsoleTable({ profileId, table, label, openId = null, onOpen, children }: Props) {
  const { data, error, isError } = useConsoleTable(profileId, table);
  if (data === undefined) {
    return isError ? <ErrorNote error={payloadOf(error)} /> : <p role="status">Asking the console…</p>;
  }
  return (
    <>
      {isError && <ErrorNote error={payloadOf(error)} />}
      {/* Other columns are another table: order and choice start anew. */}
      <Loaded
        key={`${table} ${data.columns.map(({ name }) => name).join()}`}
        answer={data}
        label={label}
        openId={openId}
        onOpen={onOpen}
      >
        {children}
      </Loaded>
    </>
  );
}

interface LoadedProps extends Pick<Props, 'label' | 'children'> {
  answer: Answer;
  openId: string | null;
  onOpen: ((row: ConsoleRow) => void) | undefined;
}

function Loaded({ answer, label, openId, onOpen, children }: LoadedProps) {
  const [text, setText] = useState('');
  // The columns hold for as long as their names do; see the key above.
  const [columns] = useState(() => consoleColumns(answer));
  const rows = useMemo(() => consoleRows(answer), [answer]);
  const matching = useMemo(() => new Set(matchingRows(rows, text)), [rows, text]);
  const first = answer.columns[0]?.name ?? '';
  const waits = answer.columns.some(({ name }) => name === 'wait');
  return (
    <DataTable
      label={label}
      name={`console.${answer.table}`}
      columns={columns}
      items={rows}
      matching={matching}
      total={rows.length}
      idOf={({ id }) => id}
      sortedBy={waits ? { key: 'wait', largestFirst: true } : { key: first, largestFirst: false }}
      filterKey={text}
      openId={openId}
      {...(onOpen === undefined ? {} : { onOpen })}
      toneOf={(row) => (cellAt(row, 'state') === 'waiting' ? 'warn' : undefined)}
      emptyText={rows.length === 0 ? 'There are none now.' : 'Nothing matches the search.'}
      tools={
        <>
          <TextInput
            className={classes.search ?? ''}
            aria-label={`Search ${label.toLowerCase()}`}
            placeholder="Search every column"
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
            rightSection={
              text === '' ? null : (
                <CloseButton size="xs" aria-label="Clear the search" onClick={() => setText('')} />
              )
            }
          />
          {children}
        </>
      }
    />
  );
}
