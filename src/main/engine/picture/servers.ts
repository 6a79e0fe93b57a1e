import type { PoolerServer } from '#shared/model/picture.ts';
import type { PoolerDatabase } from '#shared/model/pooler.ts';

/** A profile as far as it can be the server behind a pooler. */
export interface Candidate {
  profileId: string;
  name: string;
  host: string;
  port: number;
  database: string;
  isOpen: boolean;
  /** Whether its role sees what others' sessions do; null as long as nobody has looked. */
  seesAll: boolean | null;
}

/** What the user said of one server of one console. */
export interface ServerChoice {
  profileId: string;
  host: string | null;
  port: number | null;
  serverProfileId: string;
}

export type KnownServer = Omit<PoolerServer, 'sight' | 'problem'>;

const loopback = /^(localhost|127\.\d+\.\d+\.\d+|::1|\/.*)$/i;

/**
 * A host as seen from here. What is local to the pooler (a Unix socket, a loopback address) is on
 * the pooler's machine, which is the console's host.
 */
function placeOf(host: string | null, consoleHost: string): string {
  const seen = host === null || loopback.test(host) ? consoleHost : host;
  return loopback.test(seen) ? 'this machine' : seen.toLowerCase();
}

export const isSameServer = (a: Pick<KnownServer, 'host' | 'port'>, b: typeof a): boolean =>
  a.host === b.host && a.port === b.port;

/**
 * The servers of a pooler's databases, each with the profile it is taken for: the one chosen, else
 * one with the same host and port: an open one before a closed one, one that sees all before one not
 * looked through yet before one that sees little, and one of the same database first.
 */
export function serversOf(
  databases: readonly PoolerDatabase[],
  consoleHost: string,
  candidates: readonly Candidate[],
  choices: readonly ServerChoice[],
): KnownServer[] {
  const servers = new Map<string, PoolerDatabase[]>();
  for (const database of databases) {
    const key = JSON.stringify([database.host, database.port]);
    servers.set(key, [...(servers.get(key) ?? []), database]);
  }
  return [...servers.values()].flatMap((own) => {
    const [first] = own;
    if (first === undefined) return [];
    const { host, port } = first;
    const place = placeOf(host, consoleHost);
    const fitting = candidates.filter(
      (candidate) => candidate.port === port && placeOf(candidate.host, 'localhost') === place,
    );
    const chosen = choices.find((choice) => isSameServer(choice, { host, port }))?.serverProfileId;
    const found = candidates.some(({ profileId }) => profileId === chosen) ? chosen : undefined;
    return [
      {
        host,
        port,
        databases: own.map(({ name }) => name),
        ...matched(found, fitting, own),
        candidates: fitting.map(({ profileId }) => profileId),
      },
    ];
  });
}

function matched(
  chosen: string | undefined,
  fitting: readonly Candidate[],
  databases: readonly PoolerDatabase[],
): Pick<KnownServer, 'serverProfileId' | 'match'> {
  if (chosen !== undefined) return { serverProfileId: chosen, match: 'chosen' };
  const names = new Set(databases.map(({ database }) => database));
  const rank = ({ isOpen, seesAll, database }: Candidate) =>
    (isOpen ? 8 : 0) + (seesAll === null ? 2 : seesAll ? 4 : 0) + (names.has(database) ? 1 : 0);
  const [best, next] = [...fitting].sort((a, b) => rank(b) - rank(a));
  if (best === undefined) return { serverProfileId: null, match: 'none' };
  // Two open ones show the same server: either will do.
  if (next !== undefined && !best.isOpen) return { serverProfileId: null, match: 'ambiguous' };
  return { serverProfileId: best.profileId, match: 'hostAndPort' };
}
