import type { Vault } from '../ports.ts';
import { passwordFromPgpass } from './pgpass-file.ts';
import type { Profile } from './profile.ts';
import { createSecrets, type Secrets } from './secrets.ts';

/** The passwords of profiles, those of `~/.pgpass` included. */
export interface Passwords extends Secrets {
  /** The stored one, else the one of `~/.pgpass`. */
  effective(profile: Profile): Promise<string | undefined>;
  fromPgpass(target: Pick<Profile, 'host' | 'port' | 'database' | 'user'>): Promise<string | undefined>;
}

export function createPasswords(vault: Vault, warn: (message: string) => void): Passwords {
  const secrets = createSecrets(vault, 'password');
  const warned = new Set<string>();
  const warnOnce = (message: string) => {
    if (warned.has(message)) return;
    warned.add(message);
    warn(message);
  };
  const fromPgpass: Passwords['fromPgpass'] = ({ host, port, database, user }) =>
    passwordFromPgpass({ host, port, database, user }, warnOnce);

  return {
    ...secrets,
    effective: async (profile) => (await secrets.stored(profile)) ?? (await fromPgpass(profile)),
    fromPgpass,
  };
}
