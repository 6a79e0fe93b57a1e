import { Button, Drawer } from '@mantine/core';
import { useRef } from 'react';
import type { ProfileView } from '#shared/contract/profiles.ts';
import type { BlockingNode } from '#shared/model/sessions/blocking.ts';
import type { Session } from '#shared/model/sessions/session.ts';
import type { SessionList } from '#shared/model/sessions/session-list.ts';
import { useFocusBack } from '../../../kit/use-focus-back.ts';
import type { ActionAsked } from './action-dialog.tsx';
import { SessionDetails } from './session-details.tsx';
import type { ShownFilter } from './session-filter.ts';

interface Props {
  profile: ProfileView;
  sessions: SessionList | null;
  forest: readonly BlockingNode[];
  openKey: string | null;
  /** A dialog lies over it, which takes Escape first. */
  covered: boolean;
  onClose(): void;
  /** Another session is to show. */
  onOpen(key: string): void;
  onFilter(shown: ShownFilter): void;
  onAct(asked: ActionAsked): void;
}

/** Everything about one session, over the right side of the screen. */
export function SessionDrawer({
  profile,
  sessions,
  forest,
  openKey,
  covered,
  onClose,
  onOpen,
  onFilter,
  onAct,
}: Props) {
  const focusBack = useFocusBack(openKey !== null);
  const session = openKey === null ? undefined : sessions?.sessions.get(openKey);
  const last = useRef<{ key: string; session: Session } | null>(null);
  if (openKey !== null && session !== undefined) last.current = { key: openKey, session };
  const known = last.current;
  const shown = session ?? (openKey === null || known?.key === openKey ? known?.session : undefined);
  return (
    <Drawer
      opened={openKey !== null}
      onClose={onClose}
      onExitTransitionEnd={focusBack}
      closeOnEscape={!covered}
      position="right"
      size={460}
      title={shown === undefined ? 'Session' : `Session ${shown.pid}`}
      attributes={{ header: { role: 'presentation' } }}
      overlayProps={{ backgroundOpacity: 0.25 }}
      closeButtonProps={{ 'aria-label': 'Close the session' }}
    >
      {shown === undefined || sessions === null ? (
        <>
          <p>{sessions === null ? 'Reading the sessions…' : 'This session has ended.'}</p>
          <Button variant="default" onClick={onClose}>
            Close
          </Button>
        </>
      ) : (
        <SessionDetails
          profile={profile}
          session={shown}
          ended={openKey !== null && session === undefined}
          list={sessions}
          forest={forest}
          onOpen={onOpen}
          onFilter={onFilter}
          onAct={onAct}
        />
      )}
    </Drawer>
  );
}
