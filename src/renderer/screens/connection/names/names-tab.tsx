import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import type { ProfileView } from '#shared/contract/profiles.ts';
import { request } from '../../../bridge/client.ts';
import { payloadOf } from '../../../data/errors.ts';
import { keys } from '../../../data/queries.ts';
import { EmptyState } from '../../../kit/empty-state.tsx';
import { ErrorNote } from '../../../kit/error-note.tsx';
import { CreateNamesTable } from './create-names-table.tsx';
import classes from './names.module.css';
import { ReadyTable } from './ready-table.tsx';
import { SchemaChoice } from './schema-choice.tsx';

/** The table `names` of the connected database: offered, browsed, searched, changed, filled, exported. */
export function NamesTab({ profile }: { profile: ProfileView }) {
  const { profileId } = profile;
  const [justCreated, setJustCreated] = useState(false);
  const look = useQuery({
    queryKey: [...keys.names(profileId), 'table'],
    queryFn: ({ signal }) => request('names.table', { profileId }, { signal }),
    // Other programs may create or change it while this tab is closed.
    staleTime: 0,
  });
  const lookAgain = () => void look.refetch();

  if (look.data === undefined) {
    if (!look.isError) return <p role="status">Looking for the names table…</p>;
    return (
      <EmptyState title="The names table could not be read">
        <ErrorNote error={payloadOf(look.error)} />
        <Button loading={look.isFetching} onClick={lookAgain}>
          Try again
        </Button>
      </EmptyState>
    );
  }
  const place = look.data;
  const { table } = place;
  const schemaChoice = <SchemaChoice profileId={profileId} place={place} />;
  const lookAgainButton = (
    <Button variant="default" loading={look.isFetching} onClick={lookAgain}>
      Look again
    </Button>
  );
  switch (table.state) {
    case 'absent':
      return (
        <CreateNamesTable
          profile={profile}
          place={place}
          mayCreate={table.mayCreate}
          schemaChoice={schemaChoice}
          onCreated={() => setJustCreated(true)}
          lookAgain={lookAgainButton}
        />
      );
    case 'other':
      return (
        <OtherTable
          schema={table.schema}
          columns={table.columns}
          schemaChoice={schemaChoice}
          lookAgain={lookAgainButton}
        />
      );
    case 'ready':
      return (
        <ReadyTable
          key={table.schema}
          profile={profile}
          table={table}
          schemaChoice={schemaChoice}
          focusAdd={justCreated}
          onLookAgain={lookAgain}
        />
      );
  }
}

interface OtherProps {
  schema: string;
  columns: string[];
  schemaChoice: ReactNode;
  lookAgain: ReactNode;
}

function OtherTable({ schema, columns, schemaChoice, lookAgain }: OtherProps) {
  return (
    <EmptyState title="Another table is called names">
      {schemaChoice}
      <p>
        The schema <bdi>{schema}</bdi> has a table <code>names</code> with other columns than <code>id</code>{' '}
        and <code>name</code>. Poolscope leaves it alone. Its columns:
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
