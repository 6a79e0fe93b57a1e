import { setTimeout as sleep } from 'node:timers/promises';

/**
 * What stands between a connection and its server: nothing, a pooler that lends one server
 * connection for a whole session, or one that lends it for a transaction. `unknown`: a pooler that
 * did not answer the question in time.
 */
export type Pooling = 'direct' | 'session' | 'transaction' | 'unknown';

/** What was learned of the hosts of one configuration. */
export interface PoolingMemory {
  /** Asks once for each host. */
  of(place: string, ask: () => Promise<Pooling>): Promise<Pooling>;
  /** Hosts, as "host:port", that refused parameters at login. */
  refusesParameters: Set<string>;
}

/** A connection that can be asked which backend serves it now. */
export interface Asked {
  /** The process id that the login told; poolers make one up. */
  processID: number | null;
  query(text: string): Promise<{ rows: { pid: number }[] }>;
}

const rounds = 3;
const patienceMs = 2000;
const question = 'SELECT pg_catalog.pg_backend_pid() AS pid';

export function createPoolingMemory(): PoolingMemory {
  const known = new Map<string, Promise<Pooling>>();
  return {
    refusesParameters: new Set(),
    of(place, ask) {
      const asked = known.get(place) ?? ask();
      known.set(place, asked);
      asked.then(
        (pooling) => pooling === 'unknown' && known.delete(place),
        () => known.delete(place),
      );
      return asked;
    },
  };
}

async function backendOf(client: Asked): Promise<number | undefined> {
  return (await client.query(question)).rows[0]?.pid;
}

/**
 * Finds out by asking two connections in turn which backends serve them. In session mode each keeps
 * its own from its first statement on; two that share one, or one that changes, prove the contrary.
 * @param withAnother runs work on a second connection, and closes it
 * @throws what the connections throw
 */
export async function poolingOf(
  client: Asked,
  withAnother: (work: (other: Asked) => Promise<Pooling>) => Promise<Pooling>,
): Promise<Pooling> {
  const own = await backendOf(client);
  if (own === client.processID) return 'direct';
  const patience = new AbortController();
  // A pooler in session mode without a free server connection lets the second one wait.
  const late = sleep(patienceMs, 'unknown' as const, { signal: patience.signal }).catch(
    () => 'unknown' as const,
  );
  try {
    return await withAnother((other) =>
      Promise.race([
        late,
        (async (): Promise<Pooling> => {
          for (let round = 0; round < rounds; round += 1) {
            if ((await backendOf(other)) === own || (await backendOf(client)) !== own) return 'transaction';
          }
          return 'session';
        })(),
      ]),
    );
  } finally {
    patience.abort();
  }
}
