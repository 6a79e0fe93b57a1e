import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { ProfileView } from '#shared/contract/profiles.ts';
import { request } from '../../../bridge/client.ts';
import { payloadOf } from '../../../data/errors.ts';
import { keys } from '../../../data/queries.ts';
import { EmptyState } from '../../../kit/empty-state.tsx';
import { ErrorNote } from '../../../kit/error-note.tsx';

/** Offered, never done unasked. */
export function CreateNamesTable({ profile, mayCreate }: { profile: ProfileView; mayCreate: boolean }) {
  const client = useQueryClient();
  const create = useMutation({
    mutationFn: () => request('names.createTable', { profileId: profile.profileId }),
    onSuccess: (table) => client.setQueryData([...keys.names(profile.profileId), 'table'], table),
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
      <Button disabled={!mayCreate} loading={create.isPending} onClick={() => create.mutate()}>
        Create the names table
      </Button>
    </EmptyState>
  );
}
