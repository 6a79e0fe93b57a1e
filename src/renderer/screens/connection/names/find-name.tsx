import { Button, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { nameIdSchema } from '#shared/model/names.ts';
import { request } from '../../../bridge/client.ts';
import { payloadOf } from '../../../data/errors.ts';
import { ErrorNote } from '../../../kit/error-note.tsx';
import { parseWholeNumber } from '../../profile-form/form-values.ts';
import classes from './names.module.css';

/** Looks one row up by its id and answers in place. */
export function FindName({ profileId, mayRead }: { profileId: string; mayRead: boolean }) {
  const [text, setText] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const find = useMutation({
    mutationFn: (id: number) => request('names.find', { profileId, id }),
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
        {find.isSuccess && find.data === null && `Name not found (id ${find.variables}).`}
        {find.isSuccess && find.data !== null && (
          <>
            <span className={classes.id}>{find.data.id}</span>
            <bdi className={classes.name}>{find.data.name}</bdi>
          </>
        )}
      </div>
      {find.isError && <ErrorNote error={payloadOf(find.error)} />}
    </form>
  );
}
