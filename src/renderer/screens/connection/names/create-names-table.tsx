import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { NamesPlace } from '#shared/contract/names.ts';
import type { ProfileView } from '#shared/contract/profiles.ts';
import { request } from '../../../bridge/client.ts';
import { payloadOf } from '../../../data/errors.ts';
import { keys } from '../../../data/queries.ts';
import { EmptyState } from '../../../kit/empty-state.tsx';
import { ErrorNote } from '../../../kit/error-note.tsx';
import classes from './names.module.css';

interface Props {
  profile: ProfileView;
  place: NamesPlace;
  mayCreate: boolean;
  schemaChoice: ReactNode;
  onCreated: () => void;
  /** Looks whether someone else has created it, or granted the right to. */
  lookAgain: ReactNode;
}

/** Offered, never done unasked. */
export function CreateNamesTable({ profile, place, mayCreate, schemaChoice, onCreated, lookAgain }: Props) {
  const schema = place.targetSchema;
  const client = useQueryClient();
  const create = useMutation({
    mutationFn: (target: string) =>
      request('names.createTable', { profileId: profile.profileId, schema: target }),
    onSuccess: (table) => {
      onCreated();
      client.setQueryData([...keys.names(profile.profileId), 'table'], table);
    },
    meta: { shownInPlace: true },
  });
  return (
    <EmptyState
      title={schema === null ? 'No names table here' : `The schema ${schema} has no names table yet`}
    >
      {schemaChoice}
      {schema === null ? (
        <p>The search path of this user leads to no schema. Choose one above.</p>
      ) : (
        <p>
          Poolscope can create <code>names (id serial primary key, name text not null)</code> in the schema{' '}
          <bdi>{schema}</bdi> of the database <bdi>{profile.database}</bdi>, with two rows, Sophia and
          Michael. Nothing else is touched.
        </p>
      )}
      {profile.readOnly && (
        <p>This connection is read-only, so Poolscope creates nothing. Its settings say whether it may.</p>
      )}
      {schema !== null && !mayCreate && (
        <p>
          The user <bdi>{profile.user}</bdi> may not create tables there. Ask the database's owner for CREATE
          on the schema, choose another one, or connect as another user.
        </p>
      )}
      {create.isError && <ErrorNote error={payloadOf(create.error)} />}
      <div className={classes.buttons}>
        <Button
          disabled={!mayCreate || schema === null || profile.readOnly}
          loading={create.isPending}
          onClick={() => schema !== null && create.mutate(schema)}
        >
          Create the names table
        </Button>
        {!mayCreate && lookAgain}
      </div>
    </EmptyState>
  );
}
