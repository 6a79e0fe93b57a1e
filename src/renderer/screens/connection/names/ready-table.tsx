import { Button } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useCallback, useMemo, useRef, useState } from 'react';
import type { ProfileView } from '#shared/contract/profiles.ts';
import type { NameRow, NameSearch, NamesTable } from '#shared/model/names.ts';
import { keys } from '../../../data/queries.ts';
import { ErrorNote } from '../../../kit/error-note.tsx';
import { AddMany } from './add-many/add-many-dialog.tsx';
import { AddName } from './add-name.tsx';
import { CountLine } from './count-line.tsx';
import { ExportNames, ExportOutcome } from './export-names.tsx';
import { FindName } from './find-name.tsx';
import classes from './names.module.css';
import { NamesGrid } from './names-grid.tsx';
import { SearchNames } from './search-names.tsx';
import { NothingSelected, SelectedName } from './selected-name.tsx';
import { ServedNote } from './served-note.tsx';
import { useNamesWindow, useWatching } from './use-names-window.ts';
import { useRowChanges } from './use-row-changes.tsx';

interface Props {
  profile: ProfileView;
  table: Extract<NamesTable, { state: 'ready' }>;
  schemaChoice: ReactNode;
  /** The table was just created here, so a name comes next. */
  focusAdd: boolean;
  onLookAgain(): void;
}

/** Why something may not be done, in a sentence for where it stands; null when it may. */
function mayNot(isReadOnly: boolean, isGranted: boolean, words: string): string | null {
  if (isReadOnly) return 'This connection is read-only: names are shown, not changed.';
  return isGranted ? null : words;
}

/** A names table: the list, and beside it what can be done with it. */
export function ReadyTable({ profile, table, schemaChoice, focusAdd, onLookAgain }: Props) {
  const { profileId, readOnly } = profile;
  const { schema } = table;
  const [search, setSearch] = useState<NameSearch | null>(null);
  const [chosen, setChosen] = useState<NameRow | null>(null);
  const { window, state } = useNamesWindow(profileId, schema, search);
  const inView = useRef({ from: 0, count: 20 });
  useWatching(window, inView);
  const changes = useRowChanges({ profileId, schema, window });
  const editor = useRef<HTMLTextAreaElement>(null);
  const client = useQueryClient();

  const mayRead = state.error?.code !== 'permission_denied';
  const mayNotAdd = mayNot(
    readOnly,
    table.mayAdd,
    'This user may not add rows to names (INSERT is not granted).',
  );
  const mayNotEdit = mayNot(
    readOnly,
    table.mayUpdate,
    'This user may not change names (UPDATE is not granted).',
  );
  const mayNotDelete = mayNot(
    readOnly,
    table.mayDelete,
    'This user may not delete names (DELETE is not granted).',
  );
  // As it is in the list, where others' changes show; a row that was scrolled far away stays chosen.
  const selected = useMemo(
    () => state.rows.find(({ id }) => id === chosen?.id) ?? chosen,
    [state.rows, chosen],
  );

  const showAdded = (row: NameRow) => {
    setChosen(row);
    // Where the list does not reach its end yet, the new row is not a neighbour of those shown.
    if (search !== null || window.state().hasAfter) return;
    window.put(row);
  };
  const showManyAdded = useCallback(() => {
    void client.invalidateQueries({ queryKey: [...keys.names(profileId), 'table'] });
    void window.goTo({ kind: 'last' });
  }, [client, profileId, window]);
  const remove = () => {
    if (selected === null || selected.isCut || mayNotDelete !== null || changes.remove.isPending) return;
    const at = state.rows.findIndex(({ id }) => id === selected.id);
    const next = state.rows[at + 1] ?? state.rows[at - 1] ?? null;
    changes.remove.mutate(selected, { onSuccess: ({ kind }) => kind === 'done' && setChosen(next) });
  };
  const { error, watchError, served } = state;

  return (
    <div className={classes.ready}>
      <section className={classes.list} aria-label="Names">
        <div className={classes.listHead}>
          <SearchNames disabled={!mayRead} onSearch={setSearch} />
          {schemaChoice}
        </div>
        <div className={classes.countRow}>
          <CountLine
            key={JSON.stringify(search)}
            profileId={profileId}
            schema={schema}
            search={search}
            state={state}
            estimatedRows={table.estimatedRows}
          />
          <div className={classes.buttons}>
            <Button variant="default" disabled={!mayRead} onClick={() => void window.goTo({ kind: 'first' })}>
              First
            </Button>
            <Button variant="default" disabled={!mayRead} onClick={() => void window.goTo({ kind: 'last' })}>
              Last
            </Button>
            <ExportNames profileId={profileId} schema={schema} search={search} disabled={!mayRead} />
          </div>
        </div>
        <ExportOutcome />
        {error !== null && (
          <ErrorNote error={error}>
            <div className={classes.buttons}>
              <Button mt="xs" variant="default" onClick={() => void window.goTo({ kind: 'first' })}>
                Try again
              </Button>
              {(error.code === 'not_found' || error.code === 'not_supported') && (
                <Button mt="xs" variant="default" onClick={onLookAgain}>
                  Look again
                </Button>
              )}
            </div>
          </ErrorNote>
        )}
        <NamesGrid
          window={window}
          state={state}
          inView={inView}
          selectedId={selected?.id ?? null}
          onSelect={setChosen}
          onEdit={() => editor.current?.focus()}
          onDelete={remove}
        />
        <div className={classes.listFoot}>
          <span>{footWords(state.rows.length, state.loading !== null, search !== null)}</span>
          {served !== null && <ServedNote served={served} of="Last read" />}
          {watchError !== null && (
            <span role="status" className={classes.unwatched}>
              {`What others change is not seen: ${watchError.message}`}
            </span>
          )}
        </div>
      </section>
      <div className={classes.side}>
        {selected === null ? (
          <NothingSelected />
        ) : (
          <SelectedName
            key={selected.id}
            row={selected}
            changes={changes}
            mayNotEdit={mayNotEdit}
            mayNotDelete={mayNotDelete}
            box={editor}
            onDelete={remove}
          />
        )}
        <AddName
          profileId={profileId}
          schema={schema}
          mayNot={mayNotAdd}
          focusFirst={focusAdd}
          onAdded={showAdded}
          more={
            <AddMany
              profileId={profileId}
              schema={schema}
              disabled={mayNotAdd !== null}
              onAdded={showManyAdded}
            />
          }
        />
        <FindName
          profileId={profileId}
          schema={schema}
          mayRead={mayRead}
          onFound={(row) => {
            setChosen(row);
            void window.goTo({ kind: 'around', id: row.id });
          }}
        />
      </div>
    </div>
  );
}

function footWords(count: number, isLoading: boolean, isSearch: boolean): string {
  if (count > 0) return 'Changes of others appear by themselves.';
  if (isLoading) return '';
  return isSearch ? 'No name matches.' : 'The table is empty. Add the first name.';
}
