import type { TargetSessionAttrs } from '#shared/model/profile/target.ts';
import type { ProfileDraft } from '#shared/model/profile.ts';
import {
  type ConnectionOptions,
  connectionOptions,
  negotiationOf,
  type ResolvedTls,
} from './connection-options.ts';
import { createPoolingMemory, type PoolingMemory } from './pooling-mode.ts';
import { type SessionTerms, sessionTermsOf } from './session-terms.ts';
import { resolveTls } from './tls.ts';

/** One of the hosts to try. */
export interface HostTerms {
  host: string;
  port: number;
  /** Asked for each attempt; what a host answered about TLS is kept. */
  tls(signal: AbortSignal): Promise<ResolvedTls>;
  negotiationWith(tls: ResolvedTls): 'postgres' | 'direct';
  password: () => Promise<string>;
}

/** What an `ExplicitClient` does besides logging in at one place. */
export interface ConnectionTerms {
  /** In the order they are tried; at least one. */
  hosts: HostTerms[];
  targetSessionAttrs: TargetSessionAttrs;
  /** For trying all hosts; each gets an equal share. */
  timeoutMs: number;
  session: SessionTerms | null;
  pooling: PoolingMemory;
}

/** Options for `pg` with the terms that an `ExplicitClient` keeps to. */
export interface TermedOptions extends ConnectionOptions {
  terms: ConnectionTerms;
  query_timeout?: number;
}

export interface ConnectionSecrets {
  /** Stored, or what `~/.pgpass` has for that host. */
  passwordFor(profile: ProfileDraft): Promise<string | undefined>;
  keyPassphrase: string | undefined;
}

/** All hosts of a profile, in order. */
export const hostsOf = ({ host, port, moreHosts }: Pick<ProfileDraft, 'host' | 'port' | 'moreHosts'>) => [
  { host, port },
  ...moreHosts,
];

function hostTerms(
  profile: ProfileDraft,
  at: { host: string; port: number },
  secrets: ConnectionSecrets,
): HostTerms {
  let settled: ResolvedTls | null = null;
  return {
    ...at,
    async tls(signal) {
      settled ??= await resolveTls(profile, at, secrets.keyPassphrase, signal);
      return settled;
    },
    negotiationWith: (tls) => negotiationOf(profile, at.host, tls),
    password: async () => (await secrets.passwordFor({ ...profile, ...at })) ?? '',
  };
}

/** @param purpose `watching`: of Poolscope's own, told nothing of the user's session settings */
export function termsOf(
  profile: ProfileDraft,
  secrets: ConnectionSecrets,
  purpose: 'pool' | 'watching',
): ConnectionTerms {
  return {
    hosts: hostsOf(profile).map((at) => hostTerms(profile, at, secrets)),
    targetSessionAttrs: profile.targetSessionAttrs,
    timeoutMs: profile.connectTimeoutMs || profile.waitTimeoutMs,
    session: purpose === 'pool' ? sessionTermsOf(profile) : null,
    pooling: createPoolingMemory(),
  };
}

/**
 * How connections of a profile are made. A lone host's TLS is settled here, so that what is wrong
 * with it is known before anything is opened; of several hosts each is asked when its turn comes.
 */
export async function connectionTermsOf(
  profile: ProfileDraft,
  secrets: ConnectionSecrets,
  purpose: 'pool' | 'watching',
  signal: AbortSignal,
): Promise<TermedOptions> {
  const terms = termsOf(profile, secrets, purpose);
  const [first, ...others] = terms.hosts;
  const tls = others.length === 0 && first !== undefined ? await first.tls(signal) : false;
  const limits =
    purpose === 'pool' && profile.queryTimeoutMs > 0 ? { query_timeout: profile.queryTimeoutMs } : {};
  return { ...connectionOptions(profile, await secrets.passwordFor(profile), tls), ...limits, terms };
}
