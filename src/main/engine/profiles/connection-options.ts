import type { PeerCertificate, SecureContext } from 'node:tls';
import type { ProfileDraft } from '#shared/model/profile.ts';
import { isUnixSocket } from './server-socket.ts';

/** TLS settings for `pg`, or false for none. `resolveTls` makes them. */
export type ResolvedTls =
  | false
  | {
      rejectUnauthorized: boolean;
      servername?: string;
      secureContext?: SecureContext;
      checkServerIdentity?: (host: string, certificate: PeerCertificate) => Error | undefined;
    };

/** What an `ExplicitClient`, alone or in a pool, needs to reach a server. */
export interface ConnectionOptions {
  host: string;
  port: number;
  database: string;
  user: string;
  password: () => string;
  ssl: ResolvedTls;
  sslnegotiation: 'postgres' | 'direct';
  application_name: string;
  keepAlive: boolean;
  keepAliveInitialDelayMillis: number;
}

type OptionFields =
  | 'host'
  | 'port'
  | 'database'
  | 'user'
  | 'applicationName'
  | 'tlsNegotiation'
  | 'keepAlive'
  | 'keepAliveDelayMs';

/**
 * Everything that decides where a connection goes, said outright, so that no PG* variable of the
 * environment decides instead. The password is a function because `pg` takes an empty or missing
 * one as leave to read PGPASSWORD and the password file by itself; as a function it is also hidden
 * from anything that prints the options.
 */
export function connectionOptions(
  profile: Pick<ProfileDraft, OptionFields>,
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
    sslnegotiation: negotiationOf(profile, profile.host, tls),
    application_name: profile.applicationName,
    // Half-open connections show within about a minute by default, also behind a NAT that forgets.
    keepAlive: profile.keepAlive,
    keepAliveInitialDelayMillis: profile.keepAliveDelayMs,
  };
}

/** `direct` needs TLS, which Unix sockets do without. */
export function negotiationOf(
  { tlsNegotiation }: Pick<ProfileDraft, 'tlsNegotiation'>,
  host: string,
  tls: ResolvedTls,
): 'postgres' | 'direct' {
  return tls === false || isUnixSocket(host) ? 'postgres' : tlsNegotiation;
}
