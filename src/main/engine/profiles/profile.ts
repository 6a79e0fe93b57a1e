import * as z from 'zod/mini';
import { type ProfileDraft, profileDraftSchema, profileIdSchema } from '#shared/model/profile.ts';

/** A saved connection target. The password is not part of it. */
export interface Profile extends ProfileDraft {
  /** Stable for the life of the profile; names its pool and its secret. */
  profileId: string;
  /** `sample` belongs to the built-in sample database; there is at most one. */
  kind: 'user' | 'sample';
}

/** What happened to a profile. `previous` is null unless it was updated. */
export interface ProfileChange {
  kind: 'created' | 'updated' | 'deleted' | 'restored';
  profile: Profile;
  previous: Profile | null;
  passwordChanged: boolean;
}

const identitySchema = z.object({ profileId: profileIdSchema, kind: z.enum(['user', 'sample']) });

/** A profile as a file holds it; null when it is not a valid one. */
export function profileFrom(entry: unknown): Profile | null {
  const identity = z.safeParse(identitySchema, entry);
  const draft = z.safeParse(profileDraftSchema, entry);
  return identity.success && draft.success ? { ...identity.data, ...draft.data } : null;
}

const longestName = 80;

/**
 * "copy of X", or "copy of X (2)" when that is taken. A copy of a copy counts up instead of
 * stuttering. Cut to what a name may hold.
 */
export function copyName(name: string, taken: ReadonlySet<string>): string {
  const base = name.startsWith('copy of ') ? name.replace(/ \(\d+\)$/, '') : `copy of ${name}`;
  for (let count = 1; ; count += 1) {
    const suffix = count === 1 ? '' : ` (${count})`;
    const candidate = [...base]
      .slice(0, longestName - suffix.length)
      .join('')
      .slice(0, longestName - suffix.length);
    if (!taken.has(candidate + suffix)) return candidate + suffix;
  }
}
