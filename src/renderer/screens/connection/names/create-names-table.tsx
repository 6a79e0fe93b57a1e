import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { ProfileView } from '#shared/contract/profiles.ts';
import { request } from '../../../bridge/client.ts';
import { payloadOf } from '../../../data/errors.ts';
import { keys } from '../../../data/queries.ts';
import { EmptyState } from '../../../kit/empty-state.tsx';
import { ErrorNote } from '../../../kit/error-note.tsx';
import classes from './names.module.css';

interface Props {
  profile: ProfileView;
  mayCreate: boolean;
  onCreated: () => void;
  /** Looks whether someone else has created it, or granted the right to. */
  lookAgain: ReactNode;
}

/** Offered, never done unasked. */
export function CreateNamesTable({ profile, mayCreate, onCreated, lookAgain }: Props) {
  const client = useQueryClient();
  const create = useMutation({
    mutationFn: () => request('names.createTable', { profileId: profile.profileId }),
    onSuccess: (table) => {
      onCreated();
      client.setQueryData([...keys.names(profile.profileId), 'table'], table);
    },
    meta: { shownInPlace: true },
  });
  return (
    <EmptyState title="This database has no names table yet">
      <p>
        Poolscope can create <code>names (id serial primary key, name text not null)</code> in the database{' '}
        <bdi>{profile.database}</bdi>, with two rows, Sophia and Michael. Nothing else is touched.
      </p>
      {!mayCreate && (
        <p>
          The user <bdi>{profile.user}</bdi> may not create tables there. Ask the database's owner for CREATE
          on the schema, or connect as another user.
        </p>
      )}
      {create.isError && <ErrorNote error={payloadOf(create.error)} />}
      <div className={classes.buttons}>
        <Button disabled={!mayCreate} loading={create.isPending} onClick={() => create.mutate()}>
          Create the names table
        </Button>
        {!mayCreate && lookAgain}
      </div>
    </EmptyState>
  );
}
