import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { PasswordChange, ProfileDraft } from '#shared/model/profile.ts';
import { request } from '../../bridge/client.ts';
import { putProfile } from '../../data/queries.ts';

interface Input {
  profileId: string | null;
  draft: ProfileDraft;
  password: PasswordChange;
  /** Absent: as stored. */
  keyPassphrase?: PasswordChange;
}

/** Creates or updates a profile; the caller shows its errors in place. */
export function useSaveProfile() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ profileId, ...input }: Input) =>
      profileId === null
        ? request('profiles.create', input)
        : request('profiles.update', { profileId, ...input }),
    onSuccess: (saved) => putProfile(client, saved),
    meta: { shownInPlace: true },
  });
}
