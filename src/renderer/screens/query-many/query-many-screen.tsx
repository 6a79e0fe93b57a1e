import { Button } from '@mantine/core';
import { Library, Play, Square } from 'lucide-react';
import { type KeyboardEvent, useEffect, useState, useSyncExternalStore } from 'react';
import type { ProfileView } from '#shared/contract/profiles.ts';
import { leadsToConsole } from '../../data/leads-to-console.ts';
import { closedPool, usePools } from '../../data/queries.ts';
import { modKey } from '../../frame/mod-key.ts';
import { Elapsed } from '../../kit/elapsed.tsx';
import { ErrorNote } from '../../kit/error-note.tsx';
import { SqlEditor } from '../../query/editor/sql-editor.tsx';
import { useCompletion } from '../../query/editor/use-completion.ts';
import { LibraryDrawer } from '../../query/library/library-drawer.tsx';
import layout from '../../query/query-layout.module.css';
import { LimitFields } from '../../query/statement/limit-fields.tsx';
import { ModeSwitch } from '../../query/statement/mode-switch.tsx';
import { ParameterBoxes } from '../../query/statement/parameter-boxes.tsx';
import { ManyResults } from './many-results.tsx';
import classes from './query-many.module.css';
import { TargetPicker } from './target-picker.tsx';
import { manySession } from './the-many-session.ts';
import { WriteDialog } from './write-dialog.tsx';

/** One statement, the same parameters, on as many databases as are chosen. */
export function QueryManyScreen({ profiles }: { profiles: readonly ProfileView[] }) {
  const session = manySession();
  const { statement } = session;
  const { editor } = statement;
  const state = useSyncExternalStore(session.subscribe, session.state);
  const options = useSyncExternalStore(statement.subscribe, statement.options);
  const pools = usePools().data ?? {};
  const [asking, setAsking] = useState(false);
  const [libraryOpen, setLibraryOpen] = useState(false);

  // A pooler's console takes no statements of ours.
  const databases = profiles.filter(
    (profile) => !leadsToConsole(profile, pools[profile.profileId] ?? closedPool(profile.profileId)),
  );
  const targets = databases.filter(({ profileId }) => state.chosen.has(profileId));
  const openTarget = targets.find(({ profileId }) => pools[profileId]?.state === 'open');
  useCompletion(editor, openTarget?.profileId ?? null);
  const mayWrite = (profile: ProfileView) => profile.queryWrites && !profile.readOnly;
  const writesOff = !targets.some(mayWrite);
  useEffect(() => {
    if (writesOff && statement.options().mode === 'write') statement.set({ mode: 'readOnly' });
  }, [writesOff, statement]);

  const nameOf = (profileId: string) =>
    profiles.find((profile) => profile.profileId === profileId)?.name ?? 'A deleted connection';
  const start = () => void session.run(targets.map(({ profileId }) => profileId));
  const run = () => {
    if (options.mode === 'write' && targets.length > 0) setAsking(true);
    else start();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    if (state.running === null) run();
  };
  const { running, many, refusal } = state;

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Ctrl+Enter runs from any field in here.
    <div className={classes.page} onKeyDown={onKeyDown}>
      <h1 className={classes.title}>Query many databases</h1>
      <div className={classes.columns}>
        <TargetPicker
          profiles={databases}
          pools={pools}
          chosen={new Set(targets.map(({ profileId }) => profileId))}
          onChoose={(ids) => session.choose(ids)}
        />
        <div className={classes.work}>
          <div className={layout.bar} data-writing={options.mode === 'write' || undefined}>
            {running === null ? (
              <Button
                className={layout.run}
                leftSection={<Play size={14} aria-hidden />}
                title={`Run (${modKey} Enter)`}
                disabled={targets.length === 0}
                onClick={run}
              >
                {targets.length === 1 ? 'Run on 1' : `Run on ${targets.length}`}
              </Button>
            ) : (
              <Button
                className={layout.run}
                color="red"
                variant="outline"
                leftSection={<Square size={12} aria-hidden />}
                loading={running.cancelling}
                onClick={() => void session.cancel()}
              >
                <span>Cancel all</span>
                <span className={layout.elapsed} aria-hidden>
                  <Elapsed sinceMs={running.startedAtMs} />
                </span>
              </Button>
            )}
            <ModeSwitch
              mode={options.mode}
              onChange={(mode) => statement.set({ mode })}
              writesOff={writesOff}
              locked={running !== null}
            />
            {targets.length > 0 && writesOff && (
              <span className={layout.modeNote}>None of those chosen allows writing.</span>
            )}
            <span className={layout.spring} />
            <div className={layout.barEnd}>
              <LimitFields
                timeoutMs={options.timeoutMs}
                rowLimit={options.rowLimit}
                onChange={(change) => statement.set(change)}
              />
              <Button
                variant="default"
                leftSection={<Library size={14} aria-hidden />}
                onClick={() => setLibraryOpen(true)}
              >
                Queries
              </Button>
            </div>
          </div>
          <SqlEditor model={editor} className={layout.editor} />
          <ParameterBoxes statement={statement} problems={refusal?.details.fields ?? {}} inferred={[]} />
          {refusal !== null && <ErrorNote error={refusal} />}
          {many !== null ? (
            <ManyResults session={session} many={many} view={state.view} nameOf={nameOf} />
          ) : (
            <p className={classes.dim}>
              {targets.length === 0
                ? 'Choose the connections to ask, then run a statement on all of them.'
                : 'How each of them answers appears here.'}
            </p>
          )}
        </div>
      </div>
      <WriteDialog
        opened={asking}
        writing={targets.filter(mayWrite)}
        refusing={targets.filter((profile) => !mayWrite(profile))}
        onClose={() => setAsking(false)}
        onConfirm={() => {
          setAsking(false);
          start();
        }}
      />
      <LibraryDrawer
        opened={libraryOpen}
        onClose={() => setLibraryOpen(false)}
        statement={statement}
        profileId={null}
      />
    </div>
  );
}
