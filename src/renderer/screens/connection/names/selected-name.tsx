import { Button, Textarea } from '@mantine/core';
import { Copy, Trash2 } from 'lucide-react';
import { type RefObject, useState } from 'react';
import { nameSchema } from '#shared/model/names.ts';
import { payloadOf } from '../../../data/errors.ts';
import { copyText } from '../../../kit/copy-text.ts';
import { ErrorNote } from '../../../kit/error-note.tsx';
import classes from './names.module.css';
import type { ShownRow } from './names-window.ts';
import type { useRowChanges } from './use-row-changes.tsx';

interface Props {
  row: ShownRow;
  changes: ReturnType<typeof useRowChanges>;
  /** Why not, in a sentence; null when it may. */
  mayNotEdit: string | null;
  mayNotDelete: string | null;
  box: RefObject<HTMLTextAreaElement | null>;
  onDelete(): void;
}

/** One row in full, to be changed or deleted. Keyed by its id: another row begins anew. */
export function SelectedName({ row, changes, mayNotEdit, mayNotDelete, box, onDelete }: Props) {
  const { edit, remove } = changes;
  /** The name that the edit began from, and the text typed; null while nothing is typed. */
  const [draft, setDraft] = useState<{ from: string; text: string } | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const text = draft?.text ?? row.name;
  const isDirty = draft !== null && draft.text !== row.name;
  // What is seen while a change of ours is under way may be that change.
  const isOvertaken = isDirty && draft.from !== row.name && row.isGone !== true && !edit.isPending;
  const isFixed = row.isCut || row.isGone === true || mayNotEdit !== null;

  const save = (from: string) => {
    const name = nameSchema.safeParse(text);
    setProblem(name.success ? null : (name.error.issues[0]?.message ?? null));
    if (!name.success || !isDirty) return;
    edit.mutate(
      { id: row.id, from, to: text },
      { onSuccess: (outcome) => outcome.kind === 'done' && setDraft(null) },
    );
  };
  const isMine = (variables: { id: number } | undefined) => variables?.id === row.id;

  return (
    <form
      className={classes.tool}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        save(draft?.from ?? row.name);
      }}
    >
      <Textarea
        ref={box}
        label={`Name with id ${row.id}`}
        dir="auto"
        autosize
        minRows={2}
        maxRows={10}
        autoComplete="off"
        readOnly={isFixed}
        value={text}
        error={problem}
        onChange={(event) => {
          setProblem(null);
          setDraft({ from: draft?.from ?? row.name, text: event.currentTarget.value });
        }}
        onKeyDown={(event) => {
          if (event.key === 'Escape' && draft !== null) {
            event.preventDefault();
            setDraft(null);
          }
          if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
          event.preventDefault();
          save(draft?.from ?? row.name);
        }}
      />
      <Status row={row} mayNotEdit={mayNotEdit} />
      {isOvertaken && (
        <div className={classes.overtaken} role="alert">
          <p>
            Somebody else changed this name while you edited it. It is now{' '}
            <bdi className={classes.name}>“{row.name}”</bdi>. Nothing was overwritten.
          </p>
          <div className={classes.buttons}>
            <Button variant="default" onClick={() => setDraft(null)}>
              Take theirs
            </Button>
            <Button variant="default" onClick={() => save(row.name)}>
              Save mine over it
            </Button>
          </div>
        </div>
      )}
      <div className={classes.buttons}>
        <Button type="submit" disabled={!isDirty || isFixed || isOvertaken} loading={edit.isPending}>
          Save
        </Button>
        {isDirty && !isOvertaken && (
          <Button variant="default" onClick={() => setDraft(null)}>
            Revert
          </Button>
        )}
        <Button
          variant="default"
          leftSection={<Copy size={14} aria-hidden />}
          onClick={() => void copyText(row.name, `the name with id ${row.id}`)}
        >
          Copy
        </Button>
        <Button
          variant="default"
          leftSection={<Trash2 size={14} aria-hidden />}
          disabled={row.isCut || row.isGone === true || mayNotDelete !== null}
          loading={remove.isPending}
          onClick={onDelete}
        >
          Delete
        </Button>
      </div>
      {remove.isSuccess && isMine(remove.variables) && remove.data.kind === 'changed' && (
        <p role="alert">Not deleted: somebody else had changed it meanwhile. Above is how it is now.</p>
      )}
      {edit.isError && isMine(edit.variables) && <ErrorNote error={payloadOf(edit.error)} />}
      {remove.isError && isMine(remove.variables) && <ErrorNote error={payloadOf(remove.error)} />}
    </form>
  );
}

function Status({ row, mayNotEdit }: { row: ShownRow; mayNotEdit: string | null }) {
  if (row.isGone) return <p className={classes.note}>Somebody else deleted this row.</p>;
  if (row.isCut) {
    const words = 'Longer than 10,000 characters: this is its beginning. Change it with another tool.';
    return <p className={classes.note}>{words}</p>;
  }
  return mayNotEdit === null ? null : <p className={classes.note}>{mayNotEdit}</p>;
}

/** What stands here before a row is chosen. */
export function NothingSelected() {
  return (
    <p className={classes.hint}>
      Choose a row to see all of it, change it or delete it. In the list: arrow keys choose, Enter edits,
      Delete deletes.
    </p>
  );
}
