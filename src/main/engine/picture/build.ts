import type { PoolerClient, PoolerServerConnection } from '#engine/pgbouncer/index.ts';
import type {
  BackendNode,
  ClientNode,
  PictureEdge,
  PictureNode,
  PictureRow,
  PoolerServer,
  PoolNode,
  ServerNode,
} from '#shared/model/picture.ts';
import type { PoolerDatabase, PoolerPool } from '#shared/model/pooler.ts';
import type { ServerBackends } from './backends.ts';
import { culpritsOf, type FoundCulprit, type Occupied } from './culprits.ts';
import { isSameServer } from './servers.ts';

/** Everything a picture is drawn from, of one moment. */
export interface Scene {
  pools: PoolerPool[];
  databases: PoolerDatabase[];
  clients: PoolerClient[];
  connections: PoolerServerConnection[];
  servers: PoolerServer[];
  /** By profile of the server; only those whose sessions are known. */
  backends: ReadonlyMap<string, ServerBackends>;
  maxClients: number;
}

export interface Drawing {
  nodes: PictureNode[];
  edges: PictureEdge[];
  rows: PictureRow[];
}

interface Connection {
  node: ServerNode;
  backend: BackendNode | null;
  backends: ServerBackends | null;
  link: string | null;
}

interface Pool {
  node: PoolNode;
  culprits: FoundCulprit[];
  connections: Connection[];
  database: PoolerDatabase | undefined;
  server: PoolerServer | undefined;
}

const poolId = (database: string, user: string): string => `pool:${database}/${user}`;

/** Joins what the pooler tells with what its servers tell. Pure: asks nobody. */
export function draw(scene: Scene): Drawing {
  const edges: PictureEdge[] = [];
  const connections = new Map<string, Connection>();
  const pools = new Map<string, Pool>();
  const index = indexOf(scene);
  for (const pool of scene.pools) {
    const drawn = poolFrom(pool, scene, index, edges);
    pools.set(drawn.node.id, drawn);
    for (const connection of drawn.connections) connections.set(connection.node.id, connection);
  }
  const clientNodes: ClientNode[] = [];
  const rows: PictureRow[] = [];
  const listed = byImportance(scene.clients).slice(0, scene.maxClients);
  for (const client of listed) {
    const pool = pools.get(idOfPool(client, index));
    if (pool === undefined) continue;
    const node = clientNode(client);
    clientNodes.push(node);
    pool.node.omittedClients -= 1;
    const own = linkOf(client, connections);
    if (own !== undefined) edges.push({ from: node.id, to: own.node.id, kind: 'uses', basis: 'told' });
    else if (isWaiting(client))
      edges.push({ from: node.id, to: pool.node.id, kind: 'waitsIn', basis: 'told' });
    rows.push(own === undefined ? rowOfWaiting(node, pool) : rowOfLinked(node, pool, own));
  }
  const backends = [...scene.backends.values()];
  return {
    nodes: [
      ...clientNodes,
      ...[...pools.values()].map(({ node }) => node),
      ...[...connections.values()].map(({ node }) => node),
      ...backends.flatMap((known) => known.nodes),
    ],
    edges: [...edges, ...backends.flatMap((known) => known.edges)],
    rows,
  };
}

const isWaiting = ({ state }: PoolerClient) => state.startsWith('waiting');

/** Those that wait, longest first, then those that hold a server connection; idle ones hold nobody up. */
function byImportance(clients: readonly PoolerClient[]): PoolerClient[] {
  const rank = (client: PoolerClient) => (isWaiting(client) ? 2 : client.link === null ? 0 : 1);
  return clients
    .filter((client) => rank(client) > 0)
    .sort((a, b) => rank(b) - rank(a) || (b.waitMs ?? 0) - (a.waitMs ?? 0));
}

function poolFrom(pool: PoolerPool, scene: Scene, index: Index, edges: PictureEdge[]): Pool {
  const id = poolId(pool.database, pool.user);
  const database = index.databases.get(pool.database);
  const server =
    database === undefined ? undefined : scene.servers.find((candidate) => isSameServer(candidate, database));
  const backends = scene.backends.get(server?.serverProfileId ?? '') ?? null;
  const own = index.connections.get(id) ?? [];
  const connections = own.map((connection): Connection => {
    const node = serverNode(connection);
    edges.push({ from: id, to: node.id, kind: 'owns', basis: 'told' });
    const found = backends?.of(connection) ?? null;
    if (found !== null) edges.push({ from: node.id, to: found.node.id, kind: 'is', basis: found.basis });
    return { node, backend: found?.node ?? null, backends, link: connection.link };
  });
  const occupied = connections.flatMap(({ node, backend, backends: known, link }): Occupied[] =>
    backend === null || known === null || (link === null && node.state !== 'active')
      ? []
      : [{ serverId: node.id, backend, backends: known }],
  );
  const culprits = culpritsOf(occupied, pool.poolMode, pool.svOpen ?? own.length);
  const atRest = (pool.svIdle ?? 0) + (pool.svUsed ?? 0);
  const node: PoolNode = {
    kind: 'pool',
    id,
    database: pool.database,
    user: pool.user,
    poolMode: pool.poolMode,
    clActive: pool.clActive,
    clWaiting: pool.clWaiting,
    svActive: pool.svActive,
    svOpen: pool.svOpen,
    poolSize: pool.poolSize,
    maxwaitMs: pool.maxwaitMs,
    isExhausted: (pool.clWaiting ?? 0) > 0 && atRest === 0,
    culprits: culprits.map(({ serverIds: _, ...culprit }) => culprit),
    omittedClients: index.clients.get(id) ?? 0,
  };
  return { node, culprits, connections, database, server };
}

/** What belongs to which pool. Made once: some poolers have hundreds of pools and thousands of clients. */
interface Index {
  databases: ReadonlyMap<string, PoolerDatabase>;
  /** By pool. */
  connections: ReadonlyMap<string, PoolerServerConnection[]>;
  /** How many each pool has. */
  clients: ReadonlyMap<string, number>;
}

function indexOf(scene: Scene): Index {
  const databases = new Map(scene.databases.map((database) => [database.name, database]));
  const connections = new Map<string, PoolerServerConnection[]>();
  for (const connection of scene.connections) {
    const id = poolId(connection.database, connection.user);
    const own = connections.get(id);
    if (own === undefined) connections.set(id, [connection]);
    else own.push(connection);
  }
  const clients = new Map<string, number>();
  for (const client of scene.clients) {
    const id = idOfPool(client, { databases });
    clients.set(id, (clients.get(id) ?? 0) + 1);
  }
  return { databases, connections, clients };
}

/** A database with `user=` in the pooler's configuration has one pool for all its clients. */
function idOfPool(client: PoolerClient, { databases }: Pick<Index, 'databases'>): string {
  return poolId(client.database, databases.get(client.database)?.forceUser ?? client.user);
}

/** Both ends name the other; a link that only one of them knows is in the making. */
function linkOf(client: PoolerClient, connections: Map<string, Connection>): Connection | undefined {
  return client.link === null ? undefined : connections.get(`server:${client.link}`);
}

function clientNode(client: PoolerClient): ClientNode {
  const { ptr, link: _, id: clientId, ...rest } = client;
  return { kind: 'client', id: `client:${ptr}`, clientId, ...rest };
}

function serverNode({ ptr, link: _, ...rest }: PoolerServerConnection): ServerNode {
  return { kind: 'server', id: `server:${ptr}`, ...rest };
}

function rowOfLinked(client: ClientNode, pool: Pool, { node, backend, backends }: Connection): PictureRow {
  const chain = backend === null || backends === null ? [] : backends.chainFrom(backend);
  const culprit = chain.length > 1 ? (chain.at(-1) ?? null) : null;
  return {
    clientId: client.id,
    poolId: pool.node.id,
    serverId: node.id,
    backendId: backend?.id ?? null,
    culpritId: culprit?.id ?? null,
    path: [client.id, node.id, ...chain.map(({ id }) => id)],
    unknown: backend === null ? whyNoBackend(pool) : null,
  };
}

function rowOfWaiting(client: ClientNode, pool: Pool): PictureRow {
  const [worst] = pool.culprits;
  const held = pool.connections.find(({ node }) => worst?.serverIds.includes(node.id));
  const chain =
    worst === undefined || held?.backend == null || held.backends === null
      ? []
      : held.backends.chainFrom(held.backend);
  const isThere = chain.at(-1)?.id === worst?.nodeId;
  const way = chain.map(({ id }) => id);
  return {
    clientId: client.id,
    poolId: pool.node.id,
    serverId: held?.node.id ?? null,
    backendId: held?.backend?.id ?? null,
    culpritId: worst?.nodeId ?? null,
    // Of several blockers the chain follows the first; the culprit may be at the end of another.
    path: [
      client.id,
      pool.node.id,
      ...(held === undefined ? [] : [held.node.id]),
      ...way,
      ...(isThere || worst === undefined ? [] : [worst.nodeId]),
    ],
    unknown: worst === undefined ? whyNobody(pool) : null,
  };
}

function whyNoBackend({ server }: Pool): string {
  if (server?.problem != null && server.sight !== 'known') return server.problem;
  return 'The backend of this server connection is not among the sessions of its server: it may have ended, or that is another server.';
}

function whyNobody(pool: Pool): string {
  const { database, server, connections, node } = pool;
  if (database?.paused === true) return `"${node.database}" is paused: clients wait until it is resumed.`;
  if (connections.length === 0)
    return 'The pool has no server connection: the pooler is opening one, cannot reach its server, or is paused.';
  if (server?.problem != null && server.sight !== 'known') return server.problem;
  if (!node.isExhausted) return 'A server connection is free: this client is about to be served.';
  return 'Every server connection works on something short: the pool is too small for this load, or the jam is over.';
}
