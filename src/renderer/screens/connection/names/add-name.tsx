import { Button, Textarea } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import type { ErrorPayload } from '#shared/contract/errors.ts';
import { type NameRow, nameSchema } from '#shared/model/names.ts';
import { request } from '../../../bridge/client.ts';
import { payloadOf } from '../../../data/errors.ts';
import { ErrorNote } from '../../../kit/error-note.tsx';
import classes from './names.module.css';
import { ServedNote } from './served-note.tsx';

interface Props {
  profileId: string;
  schema: string;
  /** Why not, in a sentence; null when it may. */
  mayNot: string | null;
  onAdded(row: NameRow): void;
  /** Stands beside the button that adds. */
  more: ReactNode;
  /** The table was just created here, so a name comes next. */
  focusFirst: boolean;
}

/** Adds one row. What was typed goes only when the row is stored. */
export function AddName({ profileId, schema, mayNot, onAdded, more, focusFirst }: Props) {
  const box = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    if (focusFirst) box.current?.focus();
  }, [focusFirst]);
  const [text, setText] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const [failure, setFailure] = useState<ErrorPayload | null>(null);
  const add = useMutation({
    mutationFn: (name: string) => request('names.add', { profileId, schema, name }),
    onSuccess: ({ row }, name) => {
      onAdded(row);
      setText((now) => (now === name ? '' : now));
    },
    onError: (error) => {
      const payload = payloadOf(error);
      const sentence = payload.details.fields?.name;
      if (sentence === undefined) setFailure(payload);
      else setProblem(sentence);
    },
    meta: { shownInPlace: true },
  });

  /** What became of the name before is no news under the next one. */
  const forgetOutcome = () => {
    setFailure(null);
    if (!add.isPending) add.reset();
  };

  const submit = () => {
    const name = nameSchema.safeParse(text);
    setProblem(name.success ? null : (name.error.issues[0]?.message ?? null));
    forgetOutcome();
    if (name.success) add.mutate(text);
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
      <Textarea
        ref={box}
        label="Name"
        dir="auto"
        autosize
        minRows={1}
        maxRows={6}
        autoComplete="off"
        disabled={mayNot !== null}
        value={text}
        error={problem}
        onChange={(event) => {
          setText(event.currentTarget.value);
          setProblem(null);
          forgetOutcome();
        }}
        // Stored exactly as typed, so a line break must be meant: Shift and Enter.
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
          event.preventDefault();
          submit();
        }}
      />
      <div className={classes.buttons}>
        <Button type="submit" disabled={mayNot !== null} loading={add.isPending}>
          Add name
        </Button>
        {more}
      </div>
      <div className={classes.answer} role="status">
        {mayNot}
        {add.isSuccess && (
          <>
            <p>{`Added with id ${add.data.row.id}.`}</p>
            <ServedNote served={add.data.served} />
          </>
        )}
      </div>
      {failure !== null && <ErrorNote error={failure} />}
    </form>
  );
}
