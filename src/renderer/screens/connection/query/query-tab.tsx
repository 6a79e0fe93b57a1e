import { type KeyboardEvent, useEffect } from 'react';
import type { ProfileView } from '#shared/contract/profiles.ts';
import { SqlEditor } from '../../../query/editor/sql-editor.tsx';
import { useCompletion } from '../../../query/editor/use-completion.ts';
import classes from '../../../query/query-layout.module.css';
import { ParameterBoxes } from '../../../query/statement/parameter-boxes.tsx';
import { useDescribedTypes } from '../../../query/statement/use-described-types.ts';
import { useSessionState } from './busy-sessions.ts';
import { querySession } from './query-sessions.ts';
import { Results } from './results.tsx';
import { RunBar } from './run-bar.tsx';
import { TransactionBar } from './transaction-bar.tsx';

/** SQL on one database: typed, run, explained; its rows, its times, its errors. */
export function QueryTab({ profile }: { profile: ProfileView }) {
  const session = querySession(profile.profileId);
  const state = useSessionState(session);
  const { statement } = session;
  const { types, askTypes } = useDescribedTypes(statement, profile.profileId);
  useCompletion(statement.editor, profile.profileId);

  // What the profile no longer allows is not left switched on.
  const writesOff = profile.readOnly || !profile.queryWrites;
  useEffect(() => {
    if (writesOff && statement.options().mode === 'write') statement.set({ mode: 'readOnly' });
  }, [writesOff, statement]);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    void session.run();
  };
  const problems = state.refusal?.details.fields ?? {};
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Ctrl+Enter runs from any field in here.
    <div className={classes.tab} onKeyDown={onKeyDown}>
      <RunBar session={session} state={state} profile={profile} writesOff={writesOff} />
      <TransactionBar session={session} state={state} />
      <div className={classes.input}>
        <SqlEditor model={statement.editor} className={classes.editor} />
        <ParameterBoxes statement={statement} problems={problems} inferred={types} onEnter={askTypes} />
      </div>
      <Results session={session} state={state} />
    </div>
  );
}
