import type { ConsoleWatch } from '#engine/pgbouncer/index.ts';
import { clientsFrom, serversFrom } from '#engine/pgbouncer/index.ts';
import type { Reading } from '#engine/sessions/index.ts';
import type { Handlers } from '#shared/contract/define.ts';
import type { ErrorPayload } from '#shared/contract/errors.ts';
import type { pictureRoutes } from '#shared/contract/picture.ts';
import { columnOf } from '#shared/model/console-table.ts';
import type { JoinedPicture, PoolerServer } from '#shared/model/picture.ts';
import type { Clock } from '../base/clock.ts';
import { EngineError } from '../base/errors.ts';
import { ServerBackends } from './backends.ts';
import { draw } from './build.ts';
import { openChoicesFile } from './choices-file.ts';
import { type Candidate, isSameServer, type KnownServer, serversOf } from './servers.ts';

interface PictureDeps {
  clock: Clock;
  dataFolder: string;
  /** @throws EngineError `pool_closed`, or `not_supported` for a database. */
  consoleOf(profileId: string): ConsoleWatch;
  /** Profiles that lead to databases, as far as that is known. */
  candidates(): Candidate[];
  /** Samples an open server's sessions now. Never rejects: `error` says what is in the way. */
  readSessions(profileId: string): Promise<{ reading: Reading | null; error: ErrorPayload | null }>;
}

/** Older sessions say nothing of this moment. */
const freshMs = 5000;

/** Joins a pooler's console with the sessions of the servers behind it. */
export async function createPicture(
  deps: PictureDeps,
): Promise<{ handlers: Handlers<typeof pictureRoutes> }> {
  const { clock, consoleOf } = deps;
  const choices = await openChoicesFile(deps.dataFolder);

  const knownServers = (profileId: string): KnownServer[] => {
    const watch = consoleOf(profileId);
    const databases = watch.lastTick?.databases ?? [];
    return serversOf(databases, watch.profile.host, deps.candidates(), choices.of(profileId));
  };

  const nameOf = (profileId: string): string =>
    deps.candidates().find((candidate) => candidate.profileId === profileId)?.name ?? profileId;

  /** What is known of one server's sessions, and the words for what is not. */
  async function look(
    server: KnownServer,
    isAsked: boolean,
  ): Promise<PoolerServer & { reading: Reading | null }> {
    const { serverProfileId, match } = server;
    const place =
      server.host === null
        ? `port ${server.port} of the pooler's machine`
        : `${server.host} port ${server.port}`;
    const unseen = (sight: PoolerServer['sight'], problem: string) => ({
      ...server,
      sight,
      problem,
      reading: null,
    });
    if (serverProfileId === null) {
      const problem =
        match === 'ambiguous'
          ? `Several connections lead to ${place}: choose one, and connect it, to see what its sessions do.`
          : `No connection leads to ${place}: add one, or choose which it is, to see what its sessions do.`;
      return unseen('noProfile', problem);
    }
    const name = nameOf(serverProfileId);
    const isOpen = deps
      .candidates()
      .some((candidate) => candidate.profileId === serverProfileId && candidate.isOpen);
    if (!isOpen) return unseen('closed', `Connect "${name}" to see what the sessions at ${place} do.`);
    if (!isAsked) return { ...server, sight: 'known', problem: null, reading: null };
    const { reading, error } = await deps.readSessions(serverProfileId);
    if (reading === null || clock.nowMs() - reading.atMs > freshMs)
      return unseen(
        'failed',
        `The sessions of "${name}" could not be read: ${error?.message ?? 'no answer yet.'}`,
      );
    const { sight } = reading;
    const limited = sight.full
      ? null
      : `The user of "${name}" sees little of others' sessions${sight.sightGrant === null ? '.' : `: ${sight.sightGrant}; mends it.`}`;
    return { ...server, sight: 'known', problem: limited, reading };
  }

  /** As `look`; where the role sees little and another open profile fits as well, through that one. */
  async function lookThroughBest(
    profileId: string,
    server: KnownServer,
    tried: readonly string[] = [],
  ): ReturnType<typeof look> {
    const seen = await look(server, true);
    if (server.match !== 'hostAndPort' || server.serverProfileId === null) return seen;
    if (seen.reading === null || seen.reading.sight.full) return seen;
    // What was found of its sight has changed who is the best.
    const best = knownServers(profileId).find((other) => isSameServer(other, server));
    const known = [...tried, server.serverProfileId];
    if (best === undefined || best.serverProfileId === null || known.includes(best.serverProfileId))
      return seen;
    return await lookThroughBest(profileId, best, known);
  }

  const plain = ({ reading: _, ...server }: PoolerServer & { reading: Reading | null }): PoolerServer =>
    server;

  const listServers = async (profileId: string): Promise<PoolerServer[]> =>
    (await Promise.all(knownServers(profileId).map((server) => look(server, false)))).map(plain);

  async function picture(
    profileId: string,
    database: string | null,
    maxClients: number,
  ): Promise<JoinedPicture> {
    const startedMs = clock.monotonicMs();
    const watch = consoleOf(profileId);
    watch.lookedAt();
    const wanted = <Row extends { database: string }>(rows: Row[]): Row[] =>
      database === null ? rows : rows.filter((row) => row.database === database);
    const servers = knownServers(profileId).filter(
      (server) => database === null || server.databases.includes(database),
    );
    // Together, so that both tell of one moment as nearly as may be.
    const [tick, clients, connections, looks] = await Promise.all([
      watch.sampleNow(),
      watch.table('clients', 0),
      watch.table('servers', 0),
      Promise.all(servers.map((server) => lookThroughBest(profileId, server))),
    ]);
    const backends = new Map(
      looks.flatMap(({ serverProfileId, reading }) =>
        serverProfileId === null || reading === null
          ? []
          : [[serverProfileId, new ServerBackends(serverProfileId, reading)] as const],
      ),
    );
    const drawing = draw({
      pools: wanted(tick.pools),
      databases: tick.databases,
      clients: wanted(clientsFrom(clients)),
      connections: wanted(serversFrom(connections)),
      servers: looks.map(plain),
      backends,
      maxClients,
    });
    const unknowns = looks.flatMap(({ problem, reading }) => [
      ...(problem === null ? [] : [problem]),
      ...(reading !== null && reading.blocking.notLookedAt > 0
        ? [`${reading.blocking.notLookedAt} more sessions wait for locks than were looked at.`]
        : []),
    ]);
    if (clients.rowCount > 0 && columnOf(clients, 'link') === undefined)
      unknowns.push('This pooler does not tell which client uses which server connection.');
    return {
      profileId,
      atMs: clock.nowMs(),
      tookMs: clock.monotonicMs() - startedMs,
      servers: looks.map(plain),
      ...drawing,
      unknowns,
    };
  }

  return {
    handlers: {
      'picture.get': ({ profileId, database, maxClients }) => picture(profileId, database, maxClients),
      'picture.servers': ({ profileId }) => listServers(profileId),
      async 'picture.chooseServer'({ profileId, host, port, serverProfileId }) {
        consoleOf(profileId);
        if (
          serverProfileId !== null &&
          !deps.candidates().some((known) => known.profileId === serverProfileId)
        )
          throw new EngineError('not_found', 'That connection is not there, or leads to a console itself.');
        await choices.put({ profileId, host, port, serverProfileId });
        return await listServers(profileId);
      },
    },
  };
}
