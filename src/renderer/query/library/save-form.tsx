import { Button, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { payloadOf } from '../../data/errors.ts';
import type { StatementModel } from '../statement/statement-model.ts';
import classes from './library.module.css';
import { saveQuery } from './save-query.ts';

/** Saves what the editor holds under a name. */
export function SaveForm({ statement, onSaved }: { statement: StatementModel; onSaved(): void }) {
  const [name, setName] = useState('');
  const { editor } = statement;
  const empty = editor.scan().statements.length === 0;
  const save = useMutation({
    mutationFn: () => {
      const parameterTypes = statement
        .options()
        .boxes.slice(0, editor.scan().highestParameter)
        .map(({ type }) => type);
      return saveQuery({ savedId: crypto.randomUUID(), name, text: editor.text.trim(), parameterTypes });
    },
    onSuccess: () => {
      setName('');
      onSaved();
    },
    meta: { shownInPlace: true },
  });
  const problem = save.isError ? payloadOf(save.error) : null;
  return (
    <form
      className={classes.tools}
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <TextInput
        className={classes.search}
        label="Save what is in the editor as"
        placeholder={empty ? 'The editor is empty' : 'Name'}
        disabled={empty}
        value={name}
        error={problem?.details.fields?.name ?? problem?.message}
        onChange={(event) => {
          setName(event.currentTarget.value);
          save.reset();
        }}
      />
      <Button type="submit" mt={20} disabled={empty} loading={save.isPending}>
        Save
      </Button>
    </form>
  );
}
