import type { ProfileView } from '#shared/contract/profiles.ts';

const quoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;

/**
 * A pool of this size in the words of node-postgres. Its `min` keeps connections from being closed and
 * opens none by itself. Never holds a password.
 */
export function poolConfiguration(
  profile: Pick<ProfileView, 'host' | 'port' | 'database' | 'user' | 'applicationName'> &
    Pick<ProfileView, 'waitTimeoutMs' | 'idleTimeoutMs'>,
  { min, max }: { min: number; max: number },
): string {
  return `import { Pool } from 'pg';

const pool = new Pool({
  host: ${quoted(profile.host)},
  port: ${profile.port},
  database: ${quoted(profile.database)},
  user: ${quoted(profile.user)},
  application_name: ${quoted(profile.applicationName)},
  min: ${min},
  max: ${max},
  connectionTimeoutMillis: ${profile.waitTimeoutMs},
  idleTimeoutMillis: ${profile.idleTimeoutMs},
});
`;
}
