import { SegmentedControl } from '@mantine/core';
import { useCallback, useMemo, useRef, useState } from 'react';
import type { ProfileView } from '#shared/contract/profiles.ts';
import { blockingForest } from '#shared/model/sessions/blocking.ts';
import { type Session, sessionKey } from '#shared/model/sessions/session.ts';
import { useSessionWatch } from '../../../live/sessions/use-sessions.ts';
import { type ActionAsked, ActionDialog } from './action-dialog.tsx';
import { BlockingTree } from './blocking-tree.tsx';
import { LimitsPanel } from './limits-panel.tsx';
import { RatesPanel } from './rates-panel.tsx';
import { SessionCharts } from './session-charts.tsx';
import { SessionDrawer } from './session-drawer.tsx';
import { SessionFigures } from './session-figures.tsx';
import { noFilter, type ShownFilter } from './session-filter.ts';
import { SessionNotices } from './session-notices.tsx';
import { SessionTable } from './session-table.tsx';
import { takeSessionToOpen } from './session-to-open.ts';
import classes from './sessions.module.css';
import { WaitsPanel } from './waits-panel.tsx';

type Part = 'sessions' | 'blocking' | 'waits' | 'limits' | 'rates';

/** Who is connected to the server, what they do, and who holds up whom. */
export function SessionsTab({ profile }: { profile: ProfileView }) {
  const { profileId } = profile;
  const { status, list, error } = useSessionWatch(profileId);
  const [part, setPart] = useState<Part>('sessions');
  const [shown, setShown] = useState<ShownFilter>(noFilter);
  const [openKey, setOpenKey] = useState<string | null>(() => takeSessionToOpen(profileId));
  const [asked, setAsked] = useState<ActionAsked | null>(null);
  const below = useRef<HTMLDivElement>(null);
  const forest = useMemo(() => (list === null ? [] : blockingForest(list.sample.blocking)), [list]);
  const open = useCallback((session: Session) => setOpenKey(sessionKey(session)), []);
  const showPart = useCallback((next: Part) => {
    setPart(next);
    below.current?.scrollIntoView({ block: 'nearest' });
  }, []);
  const showBlocking = useCallback(() => showPart('blocking'), [showPart]);
  const showFiltered = useCallback(
    (next: ShownFilter) => {
      setShown(next);
      showPart('sessions');
    },
    [showPart],
  );
  const blockedCount = list?.sample.blocking.blocked.length ?? 0;

  return (
    <div className={classes.tab}>
      <SessionNotices profile={profile} status={status} error={error} list={list} />
      <SessionFigures list={list} filter={shown.filter} onFilter={showFiltered} onBlocking={showBlocking} />
      <SessionCharts profileId={profileId} />
      <div ref={below} className={classes.below}>
        <SegmentedControl
          className={classes.parts ?? ''}
          aria-label="Part of the sessions"
          value={part}
          onChange={(value) => setPart(value as Part)}
          data={[
            { value: 'sessions', label: 'Sessions' },
            { value: 'blocking', label: blockedCount === 0 ? 'Blocking' : `Blocking (${blockedCount})` },
            { value: 'waits', label: 'Wait events' },
            { value: 'limits', label: 'Limits' },
            { value: 'rates', label: 'Databases' },
          ]}
        />
        {part === 'sessions' && (
          <SessionTable
            profile={profile}
            list={list}
            forest={forest}
            shown={shown}
            onShow={setShown}
            openKey={openKey}
            onOpen={open}
            onAct={setAsked}
          />
        )}
        {list !== null && part === 'blocking' && (
          <BlockingTree profile={profile} list={list} forest={forest} onOpen={open} onAct={setAsked} />
        )}
        {list !== null && part === 'waits' && (
          <WaitsPanel list={list} onShow={(text) => showFiltered({ ...noFilter, text })} />
        )}
        {list !== null && part === 'limits' && <LimitsPanel list={list} onFilter={showFiltered} />}
        {list !== null && part === 'rates' && <RatesPanel list={list} />}
        {list === null && part !== 'sessions' && <p className={classes.dim}>No sample yet.</p>}
      </div>
      <SessionDrawer
        profile={profile}
        sessions={list}
        forest={forest}
        openKey={openKey}
        covered={asked !== null}
        onClose={() => setOpenKey(null)}
        onOpen={setOpenKey}
        onFilter={(next) => {
          setOpenKey(null);
          showFiltered(next);
        }}
        onAct={setAsked}
      />
      <ActionDialog profileId={profileId} asked={asked} onClose={() => setAsked(null)} />
    </div>
  );
}
