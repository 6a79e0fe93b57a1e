import { Button, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { type NameRow, nameIdSchema } from '#shared/model/names.ts';
import { request } from '../../../bridge/client.ts';
import { payloadOf } from '../../../data/errors.ts';
import { ErrorNote } from '../../../kit/error-note.tsx';
import { parseWholeNumber } from '../../profile-form/form-values.ts';
import classes from './names.module.css';
import { ServedNote } from './served-note.tsx';

interface Props {
  profileId: string;
  schema: string;
  mayRead: boolean;
  /** Goes to it in the list. */
  onFound(row: NameRow): void;
}

/** Looks one row up by its id, answers in place, and goes there. */
export function FindName({ profileId, schema, mayRead, onFound }: Props) {
  const [text, setText] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const find = useMutation({
    mutationFn: (id: number) => request('names.find', { profileId, schema, id }),
    onSuccess: ({ row }) => row !== null && onFound(row),
    meta: { shownInPlace: true },
  });

  const submit = () => {
    const id = nameIdSchema.safeParse(parseWholeNumber(text));
    setProblem(id.success ? null : (id.error.issues[0]?.message ?? null));
    if (id.success) find.mutate(id.data);
    else find.reset();
  };

  return (
    <form
      className={classes.tool}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <div className={classes.inline}>
        <TextInput
          className={classes.grow}
          label="Id"
          inputMode="numeric"
          autoComplete="off"
          disabled={!mayRead}
          value={text}
          error={problem}
          onChange={(event) => {
            setText(event.currentTarget.value);
            setProblem(null);
          }}
        />
        <Button type="submit" variant="default" disabled={!mayRead} loading={find.isPending}>
          Find
        </Button>
      </div>
      <div className={classes.answer} role="status">
        {!mayRead && 'This user may not read names (SELECT is not granted).'}
        {find.isSuccess && find.data.row === null && <p>{`Name not found (id ${find.variables}).`}</p>}
        {find.isSuccess && find.data.row !== null && (
          <p className={classes.found}>
            <span className={classes.id}>{find.data.row.id}</span>{' '}
            <bdi className={classes.name}>{find.data.row.name}</bdi>
          </p>
        )}
        {find.isSuccess && <ServedNote served={find.data.served} />}
      </div>
      {find.isError && <ErrorNote error={payloadOf(find.error)} />}
    </form>
  );
}
