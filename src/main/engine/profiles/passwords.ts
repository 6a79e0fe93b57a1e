import type { PasswordChange } from '#shared/model/profile.ts';
import type { Vault } from '../ports.ts';
import { passwordFromPgpass } from './pgpass-file.ts';
import type { Profile } from './profile.ts';

/** Where the passwords of profiles are kept: the vault, and for the sample profile this run's memory. */
export interface Passwords {
  /**
   * Asks the vault once for each profile, so that `has` can answer at once. Returns those whose
   * password is there but could not be read, each with why.
   */
  load(profiles: readonly Profile[]): Promise<{ profile: Profile; error: unknown }[]>;
  has(profile: Profile): boolean;
  stored(profile: Profile): Promise<string | undefined>;
  /** Returns what undoes the change. Throws `vault_failed`. */
  apply(profile: Profile, change: PasswordChange): Promise<() => Promise<void>>;
  /** The stored one, else the one of `~/.pgpass`. */
  effective(profile: Profile): Promise<string | undefined>;
  fromPgpass(target: Pick<Profile, 'host' | 'port' | 'database' | 'user'>): Promise<string | undefined>;
}

const keyOf = (profile: Profile) => `profile/${profile.profileId}/password`;

export function createPasswords(vault: Vault, warn: (message: string) => void): Passwords {
  const ofSample = new Map<string, string>();
  const known = new Set<string>();
  const warned = new Set<string>();
  const warnOnce = (message: string) => {
    if (warned.has(message)) return;
    warned.add(message);
    warn(message);
  };

  async function put(profile: Profile, password: string | undefined): Promise<void> {
    const key = keyOf(profile);
    if (profile.kind === 'sample') {
      if (password === undefined) ofSample.delete(key);
      else ofSample.set(key, password);
    } else if (password === undefined) {
      await vault.delete(key);
    } else {
      await vault.set(key, password);
    }
    if (password === undefined) known.delete(profile.profileId);
    else known.add(profile.profileId);
  }

  async function stored(profile: Profile): Promise<string | undefined> {
    const key = keyOf(profile);
    return profile.kind === 'sample' ? ofSample.get(key) : await vault.get(key);
  }

  const fromPgpass: Passwords['fromPgpass'] = ({ host, port, database, user }) =>
    passwordFromPgpass({ host, port, database, user }, warnOnce);

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
    effective: async (profile) => (await stored(profile)) ?? (await fromPgpass(profile)),
    fromPgpass,
  };
}
