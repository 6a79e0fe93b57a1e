import { Select } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { NamesPlace } from '#shared/contract/names.ts';
import { request } from '../../../bridge/client.ts';
import { keys } from '../../../data/queries.ts';
import classes from './names.module.css';

/** Where to look for the table; remembered for the connection. Nothing where there is no choice. */
export function SchemaChoice({ profileId, place }: { profileId: string; place: NamesPlace }) {
  const client = useQueryClient();
  const choose = useMutation({
    mutationFn: (schema: string | null) => request('names.chooseSchema', { profileId, schema }),
    onSuccess: (answer) => client.setQueryData([...keys.names(profileId), 'table'], answer),
    meta: { failure: 'The schema was not changed' },
  });
  const { schemas, chosenSchema, table } = place;
  if (schemas.length < 2 && chosenSchema === null) return null;
  const found = table.state === 'absent' ? place.targetSchema : table.schema;
  const isListed = chosenSchema === null || schemas.some(({ name }) => name === chosenSchema);
  return (
    <Select
      className={classes.schema}
      label="Schema"
      searchable={schemas.length > 10}
      data={[
        {
          value: '',
          label: chosenSchema === null && found !== null ? `Search path (${found})` : 'Search path',
        },
        ...schemas.map(({ name, hasNames }) => ({
          value: `=${name}`,
          label: hasNames ? name : `${name} (no names table)`,
        })),
        ...(isListed ? [] : [{ value: `=${chosenSchema}`, label: `${chosenSchema} (not there)` }]),
      ]}
      value={chosenSchema === null ? '' : `=${chosenSchema}`}
      allowDeselect={false}
      disabled={choose.isPending}
      onChange={(value) => value !== null && choose.mutate(value === '' ? null : value.slice(1))}
    />
  );
}
