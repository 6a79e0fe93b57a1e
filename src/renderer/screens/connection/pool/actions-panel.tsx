import { Button, Modal, NumberInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { ProfileView } from '#shared/contract/profiles.ts';
import { request } from '../../../bridge/client.ts';
import { Panel } from '../../../kit/panel.tsx';
import classes from './pool.module.css';

const connections = (count: number) => `${count} ${count === 1 ? 'connection' : 'connections'}`;

const tell = (title: string, message: string) =>
  notifications.show({
    title,
    message,
    color: 'scope',
    closeButtonProps: { 'aria-label': 'Dismiss this notice' },
  });

/** What can be done to all connections at once. */
export function ActionsPanel({ profile, heldCount }: { profile: ProfileView; heldCount: number }) {
  const { profileId, name } = profile;
  const [draining, setDraining] = useState(false);
  const recycle = useMutation({
    mutationFn: () => request('pools.recycle', { profileId }),
    onSuccess: ({ closedNow, onReturn }) =>
      tell(
        `Recycling the pool of ${name}`,
        `Closed ${connections(closedNow)} now; ${onReturn} in use will follow when given back.`,
      ),
    meta: { failure: 'Recycling failed' },
  });
  const check = useMutation({
    mutationFn: () => request('pools.checkIdle', { profileId }),
    onSuccess: ({ checked, closed, skipped }) =>
      tell(
        closed === 0 ? 'Every checked connection is alive' : `${connections(closed)} found dead and closed`,
        `Checked ${checked}${skipped > 0 ? `; ${skipped} taken meanwhile and left alone` : ''}.`,
      ),
    meta: { failure: 'The check could not run' },
  });
  return (
    <Panel title="All connections">
      <div className={classes.actions}>
        <Button variant="default" loading={check.isPending} onClick={() => check.mutate()}>
          Check all at rest
        </Button>
        <p className={classes.dim}>Asks each connection at rest whether it is alive; the dead are closed.</p>
        <Button variant="default" loading={recycle.isPending} onClick={() => recycle.mutate()}>
          Recycle all
        </Button>
        <p className={classes.dim}>
          Closes those at rest now and those in use when they come back, and opens new ones: after a failover,
          or a change of settings on the server.
        </p>
        <Button variant="default" onClick={() => setDraining(true)}>
          Drain and close…
        </Button>
        <p className={classes.dim}>Takes no new requests, waits for those in use, then disconnects.</p>
      </div>
      <DrainDialog
        profile={profile}
        heldCount={heldCount}
        opened={draining}
        onClose={() => setDraining(false)}
      />
    </Panel>
  );
}

interface DrainProps {
  profile: ProfileView;
  heldCount: number;
  opened: boolean;
  onClose(): void;
}

function DrainDialog({ profile: { profileId, name }, heldCount, opened, onClose }: DrainProps) {
  const [seconds, setSeconds] = useState<number | string>(30);
  const deadlineSeconds = typeof seconds === 'number' ? seconds : Number.NaN;
  const isValid = Number.isInteger(deadlineSeconds) && deadlineSeconds >= 0 && deadlineSeconds <= 600;
  const drain = useMutation({
    mutationFn: () => request('pools.drain', { profileId, deadlineMs: deadlineSeconds * 1000 }),
    onSuccess: ({ cut }) => {
      onClose();
      tell(
        `The pool of ${name} is closed`,
        cut === 0
          ? 'Every connection had come back.'
          : `${connections(cut)} did not come back in time: cut off, ${cut === 1 ? 'its statement' : 'their statements'} cancelled.`,
      );
    },
    onError: () => onClose(),
    meta: { failure: 'Draining failed' },
  });
  // The drain ends with it, and says how many were cut off.
  const closeNow = useMutation({
    mutationFn: () => request('pools.close', { profileId }),
    meta: { failure: 'Closing failed' },
  });
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={`Drain and close ${name}`}
      attributes={{ header: { role: 'presentation' } }}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <form
        className={classes.sizes}
        onSubmit={(event) => {
          event.preventDefault();
          if (isValid && !drain.isPending) drain.mutate();
        }}
      >
        <p>
          {heldCount === 0
            ? 'No connection is in use now. New requests are refused.'
            : `${connections(heldCount)} in use now. New requests are refused, those that wait already are still served; statements that run past the deadline are cancelled on the server.`}
        </p>
        <NumberInput
          data-autofocus
          label="Wait for those in use at most (seconds)"
          min={0}
          max={600}
          allowDecimal={false}
          clampBehavior="none"
          value={seconds}
          error={isValid ? null : 'The wait must be a whole number from 0 to 600 seconds.'}
          disabled={drain.isPending}
          onChange={setSeconds}
        />
        <div className={classes.foot}>
          <p className={classes.dim} role="status">
            {drain.isPending && 'Waiting for connections to come back…'}
          </p>
          <Button
            variant="default"
            loading={closeNow.isPending}
            onClick={() => (drain.isPending ? closeNow.mutate() : onClose())}
          >
            {drain.isPending ? 'Close now' : 'Leave it'}
          </Button>
          <Button type="submit" loading={drain.isPending} disabled={!isValid}>
            Drain and close
          </Button>
        </div>
      </form>
    </Modal>
  );
}
