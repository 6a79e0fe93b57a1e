import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { type QueryClient, useMutation, useQueryClient } from '@tanstack/react-query';
import type { ProfileView } from '#shared/contract/profiles.ts';
import { request } from '../bridge/client.ts';
import { focusMain } from '../navigation/focus-main.ts';
import { currentPlace, go, goToConnection } from '../navigation/place.ts';
import { notifyFailure } from './notify.tsx';
import { keys, putProfile } from './queries.ts';
import { registerUndo, withdrawUndo } from './undo-offers.ts';

/** Long enough to read and reach by keyboard; until the app quits, undoing works. */
const undoOfferedMs = 30_000;

export function useDuplicate(profileId: string, name: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => request('profiles.duplicate', { profileId }),
    onSuccess: (copy) => {
      putProfile(client, copy);
      goToConnection(copy.profileId, 'settings');
    },
    meta: { failure: `Duplicating ${name} failed` },
  });
}

/** Deletes at once and offers to undo it. */
export function useDeleteProfile(profile: ProfileView) {
  const client = useQueryClient();
  const { profileId, name } = profile;
  return useMutation({
    mutationFn: () => request('profiles.delete', { profileId }),
    onSuccess: () => {
      client.setQueryData<ProfileView[]>(keys.profiles, (profiles = []) =>
        profiles.filter((other) => other.profileId !== profileId),
      );
      const place = currentPlace();
      if (place.screen === 'connection' && place.profileId === profileId) go({ screen: 'overview' });
      offerUndo(client, profileId, name);
      focusMain();
    },
    meta: { failure: `Deleting ${name} failed` },
  });
}

function offerUndo(client: QueryClient, profileId: string, name: string): void {
  const id = `undo-${profileId}`;
  const undo = async () => {
    withdrawUndo(id);
    notifications.hide(id);
    focusMain();
    try {
      putProfile(client, await request('profiles.restore', { profileId }));
      goToConnection(profileId);
    } catch (error) {
      notifyFailure(`Bringing ${name} back failed`, error);
    }
  };
  registerUndo(id, () => void undo());
  notifications.show({
    id,
    title: `Deleted “${name}”`,
    message: (
      <>
        Its pool is closed; the database itself is untouched. Undo brings back its settings and password.
        <br />
        <Button mt="xs" variant="default" onClick={() => void undo()}>
          Undo
        </Button>
      </>
    ),
    autoClose: undoOfferedMs,
    onClose: () => withdrawUndo(id),
    closeButtonProps: { 'aria-label': 'Dismiss this notice' },
  });
}
