import { Button, Menu } from '@mantine/core';
import { ChevronDown, Library, ListTree, Play, Square } from 'lucide-react';
import { useState, useSyncExternalStore } from 'react';
import type { ProfileView } from '#shared/contract/profiles.ts';
import { modKey } from '../../../frame/mod-key.ts';
import { Elapsed } from '../../../kit/elapsed.tsx';
import { hashOfPlace } from '../../../navigation/place.ts';
import { LibraryDrawer } from '../../../query/library/library-drawer.tsx';
import classes from '../../../query/query-layout.module.css';
import { LimitFields } from '../../../query/statement/limit-fields.tsx';
import { ModeSwitch } from '../../../query/statement/mode-switch.tsx';
import { AnalyzeDialog } from './analyze-dialog.tsx';
import type { QuerySession, SessionState } from './query-session.ts';

interface Props {
  session: QuerySession;
  state: SessionState;
  profile: ProfileView;
  writesOff: boolean;
}

/** Run or cancel, explain, and how statements are run. Stays in view however far the page is scrolled. */
export function RunBar({ session, state, profile, writesOff }: Props) {
  const { statement } = session;
  const { editor } = statement;
  const options = useSyncExternalStore(statement.subscribe, statement.options);
  const selected = useSyncExternalStore(editor.subscribe, editor.hasSelection);
  const [asking, setAsking] = useState(false);
  const [libraryOpen, setLibraryOpen] = useState(false);
  const mode = state.transaction?.mode ?? options.mode;
  const { activity } = state;

  return (
    <div className={classes.bar} data-writing={mode === 'write' || undefined}>
      {activity === null ? (
        <Button
          className={classes.run}
          leftSection={<Play size={14} aria-hidden />}
          disabled={state.transactionChanging !== null}
          title={`Run (${modKey} Enter)`}
          onClick={() => void session.run()}
        >
          {selected ? 'Run selection' : 'Run'}
        </Button>
      ) : (
        <Button
          className={classes.run}
          color="red"
          variant="outline"
          leftSection={<Square size={12} aria-hidden />}
          loading={activity.cancelling}
          onClick={() => void session.cancel()}
        >
          <span>Cancel</span>
          <span className={classes.elapsed} aria-hidden>
            <Elapsed sinceMs={activity.startedAtMs} />
          </span>
        </Button>
      )}
      <Button.Group>
        <Button
          variant="default"
          leftSection={<ListTree size={14} aria-hidden />}
          disabled={activity !== null || state.transactionChanging !== null}
          title={
            state.transaction === null
              ? 'How the server would run it'
              : 'On a connection of its own: what the open transaction has not committed is not seen'
          }
          onClick={() => void session.explain(false)}
        >
          Explain
        </Button>
        <Menu position="bottom-end">
          <Menu.Target>
            <Button variant="default" px={6} disabled={activity !== null} aria-label="More ways to explain">
              <ChevronDown size={14} aria-hidden />
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item onClick={() => setAsking(true)}>Explain and measure (ANALYZE)…</Menu.Item>
          </Menu.Dropdown>
        </Menu>
      </Button.Group>
      <ModeSwitch
        mode={mode}
        onChange={(wanted) => statement.set({ mode: wanted })}
        writesOff={writesOff}
        locked={state.transaction !== null || state.transactionChanging !== null}
      />
      <ModeNote profile={profile} writesOff={writesOff} />
      <Button
        variant="default"
        disabled={state.transaction !== null || activity !== null}
        loading={state.transactionChanging === 'begin'}
        title="Keeps a connection and runs several statements as one"
        onClick={() => void session.transaction.begin()}
      >
        Begin transaction
      </Button>
      <span className={classes.spring} />
      <div className={classes.barEnd}>
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
      <AnalyzeDialog
        opened={asking}
        mode={mode}
        onClose={() => setAsking(false)}
        onConfirm={() => {
          setAsking(false);
          void session.explain(true);
        }}
      />
      <LibraryDrawer
        opened={libraryOpen}
        onClose={() => setLibraryOpen(false)}
        statement={statement}
        profileId={session.profileId}
      />
    </div>
  );
}

/** The way to the setting where writing is off. */
function ModeNote({ profile, writesOff }: Pick<Props, 'profile' | 'writesOff'>) {
  if (!writesOff) return null;
  return (
    <a
      className={classes.modeNote}
      href={hashOfPlace({ screen: 'connection', profileId: profile.profileId, tab: 'settings' })}
      title={
        profile.readOnly
          ? 'This connection is read-only: nothing is changed on its server through Poolscope.'
          : 'Statements that write are refused until the settings of this connection allow them.'
      }
    >
      {profile.readOnly ? 'Connection is read-only' : 'Allow writing'}
    </a>
  );
}
