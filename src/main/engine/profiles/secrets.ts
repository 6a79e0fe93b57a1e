import type { PasswordChange } from '#shared/model/profile.ts';
import type { Vault } from '../ports.ts';
import type { Profile } from './profile.ts';

/** One secret of each profile: in the vault, and for the sample profile in this run's memory. */
export interface Secrets {
  /**
   * Asks the vault once for each profile, so that `has` can answer at once. Returns those whose
   * secret is there but could not be read, each with why.
   */
  load(profiles: readonly Profile[]): Promise<{ profile: Profile; error: unknown }[]>;
  has(profile: Profile): boolean;
  stored(profile: Profile): Promise<string | undefined>;
  /** Returns what undoes the change. Throws `vault_failed`. */
  apply(profile: Profile, change: PasswordChange): Promise<() => Promise<void>>;
}

/** @param name the last part of the vault's key, as "profile/<id>/password" */
export function createSecrets(vault: Vault, name: 'password' | 'key-passphrase'): Secrets {
  const ofSample = new Map<string, string>();
  const known = new Set<string>();
  const keyOf = (profile: Profile) => `profile/${profile.profileId}/${name}`;

  async function put(profile: Profile, secret: string | undefined): Promise<void> {
    const key = keyOf(profile);
    if (profile.kind === 'sample') {
      if (secret === undefined) ofSample.delete(key);
      else ofSample.set(key, secret);
    } else if (secret === undefined) {
      await vault.delete(key);
    } else {
      await vault.set(key, secret);
    }
    if (secret === undefined) known.delete(profile.profileId);
    else known.add(profile.profileId);
  }

  async function stored(profile: Profile): Promise<string | undefined> {
    const key = keyOf(profile);
    return profile.kind === 'sample' ? ofSample.get(key) : await vault.get(key);
  }

  return {
    async load(profiles) {
      const unreadable = [];
      for (const profile of profiles) {
        try {
          if ((await stored(profile)) !== undefined) known.add(profile.profileId);
        } catch (error) {
          known.add(profile.profileId);
          unreadable.push({ profile, error });
        }
      }
      return unreadable;
    },
    has: (profile) => known.has(profile.profileId),
    stored,
    async apply(profile, change) {
      if (change.kind === 'keep') return async () => {};
      // A secret that cannot be read any more must not stand in the way of a new one.
      const before = known.has(profile.profileId) ? await stored(profile).catch(() => undefined) : undefined;
      await put(profile, change.kind === 'set' ? change.value : undefined);
      return () => put(profile, before);
    },
  };
}
