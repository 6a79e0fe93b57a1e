import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import type { ProfileView } from '#shared/contract/profiles.ts';
import { request } from '../../../bridge/client.ts';
import { payloadOf } from '../../../data/errors.ts';
import { keys } from '../../../data/queries.ts';
import { EmptyState } from '../../../kit/empty-state.tsx';
import { ErrorNote } from '../../../kit/error-note.tsx';
import { AddName } from './add-name.tsx';
import { CreateNamesTable } from './create-names-table.tsx';
import { FindName } from './find-name.tsx';
import classes from './names.module.css';
import { NamesList } from './names-list.tsx';
import { useNamesList } from './use-names-list.ts';

/** The table `names` of the connected database: offered, listed, searched by id, added to. */
export function NamesTab({ profile }: { profile: ProfileView }) {
  const { profileId } = profile;
  const [justCreated, setJustCreated] = useState(false);
  const table = useQuery({
    queryKey: [...keys.names(profileId), 'table'],
    queryFn: ({ signal }) => request('names.table', { profileId }, { signal }),
    // Other programs may create or change it while this tab is closed.
    staleTime: 0,
  });

  if (table.data === undefined) {
    if (!table.isError) return <p role="status">Looking for the names table…</p>;
    return (
      <EmptyState title="The names table could not be read">
        <ErrorNote error={payloadOf(table.error)} />
        <Button loading={table.isFetching} onClick={() => void table.refetch()}>
          Try again
        </Button>
      </EmptyState>
    );
  }
  const { data } = table;
  const lookAgain = (
    <Button variant="default" loading={table.isFetching} onClick={() => void table.refetch()}>
      Look again
    </Button>
  );
  switch (data.state) {
    case 'absent':
      return (
        <CreateNamesTable
          profile={profile}
          mayCreate={data.mayCreate}
          onCreated={() => setJustCreated(true)}
          lookAgain={lookAgain}
        />
      );
    case 'other':
      return <OtherTable columns={data.columns} lookAgain={lookAgain} />;
    case 'ready':
      return (
        <ReadyTable
          profileId={profileId}
          mayAdd={data.mayAdd}
          estimatedRows={data.estimatedRows}
          justCreated={justCreated}
        />
      );
  }
}

interface ReadyProps {
  profileId: string;
  mayAdd: boolean;
  estimatedRows: number | null;
  justCreated: boolean;
}

function ReadyTable({ profileId, mayAdd, estimatedRows, justCreated }: ReadyProps) {
  const list = useNamesList(profileId);
  const mayRead = !(list.isError && payloadOf(list.error).code === 'permission_denied');
  return (
    <div className={classes.ready}>
      <div className={classes.tools}>
        <FindName profileId={profileId} mayRead={mayRead} />
        <AddName profileId={profileId} mayAdd={mayAdd} focusFirst={justCreated} />
      </div>
      <NamesList profileId={profileId} list={list} estimatedRows={estimatedRows} />
    </div>
  );
}

function OtherTable({ columns, lookAgain }: { columns: string[]; lookAgain: ReactNode }) {
  return (
    <EmptyState title="Another table is called names">
      <p>
        This database has a table <code>names</code> with other columns than <code>id</code> and{' '}
        <code>name</code>. Poolscope leaves it alone. Its columns:
      </p>
      <ul className={classes.columns}>
        {columns.map((column) => (
          <li key={column}>
            <code>{column}</code>
          </li>
        ))}
      </ul>
      {lookAgain}
    </EmptyState>
  );
}
