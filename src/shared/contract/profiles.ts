import * as z from 'zod/mini';
import {
  keyPassphraseChangeSchema,
  type ProfileDraft,
  passwordChangeSchema,
  profileDraftSchema,
  profileIdSchema,
} from '../model/profile.ts';
import { route } from './define.ts';

/** A profile as the renderer may see it: everything but the secrets. */
export interface ProfileView extends ProfileDraft {
  profileId: string;
  /** `sample` is the profile of the built-in sample database. */
  kind: 'user' | 'sample';
  hasPassword: boolean;
  /** Of the client key. */
  hasKeyPassphrase: boolean;
}

const byId = z.object({ profileId: profileIdSchema });

export const profilesRoutes = {
  'profiles.list': route<ProfileView[]>()(z.object({})),
  'profiles.create': route<ProfileView>()(
    z.object({
      draft: profileDraftSchema,
      password: passwordChangeSchema,
      keyPassphrase: keyPassphraseChangeSchema,
    }),
  ),
  /**
   * An open pool takes over sizes and times as it runs; a change of its target, TLS or what its sessions
   * are told reopens it.
   */
  'profiles.update': route<ProfileView>()(
    z.object({
      profileId: profileIdSchema,
      draft: profileDraftSchema,
      password: passwordChangeSchema,
      keyPassphrase: keyPassphraseChangeSchema,
    }),
  ),
  /** Copies the secrets too, inside the vault. */
  'profiles.duplicate': route<ProfileView>()(byId),
  /** Closes its pool first. Can be undone with `profiles.restore` until the app quits. */
  'profiles.delete': route<{ profileId: string }>()(byId),
  'profiles.restore': route<ProfileView>()(byId),
};
