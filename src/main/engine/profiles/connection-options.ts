import type { SecureContext } from 'node:tls';
import pg from 'pg';
import type { ProfileDraft } from '#shared/model/profile.ts';

/** TLS settings for `pg`, or false for none. `resolveTls` makes them. */
export type ResolvedTls =
  | false
  | { rejectUnauthorized: boolean; servername?: string; secureContext?: SecureContext };

/**
 * A client that takes nothing from PGOPTIONS and PGREPLICATION, which `pg` reads whenever its own
 * settings are empty and cannot be told to leave alone.
 */
export class ExplicitClient extends pg.Client {
  constructor(config?: pg.ClientConfig) {
    super(config);
    const own = this as unknown as { connectionParameters: Record<string, unknown>; replication: unknown };
    own.connectionParameters.options = undefined;
    own.connectionParameters.replication = undefined;
    own.replication = undefined;
  }
}

/** What an `ExplicitClient`, alone or in a pool, needs to reach a server. */
interface ConnectionOptions {
  host: string;
  port: number;
  database: string;
  user: string;
  password: () => string;
  ssl: ResolvedTls;
  sslnegotiation: 'postgres';
  application_name: string;
  keepAlive: true;
  keepAliveInitialDelayMillis: number;
}

/**
 * Everything that decides where a connection goes, said outright, so that no PG* variable of the
 * environment decides instead. The password is a function because `pg` takes an empty or missing
 * one as leave to read PGPASSWORD and the password file by itself; as a function it is also hidden
 * from anything that prints the options.
 */
export function connectionOptions(
  profile: Pick<ProfileDraft, 'host' | 'port' | 'database' | 'user' | 'applicationName'>,
  password: string | undefined,
  tls: ResolvedTls,
): ConnectionOptions {
  return {
    host: profile.host,
    port: profile.port,
    database: profile.database,
    user: profile.user,
    password: () => password ?? '',
    ssl: tls,
    sslnegotiation: 'postgres',
    application_name: profile.applicationName,
    keepAlive: true,
    // Half-open connections show within about a minute, also behind a NAT that forgets.
    keepAliveInitialDelayMillis: 30_000,
  };
}
