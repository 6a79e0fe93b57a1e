import type { SessionState } from './sessions/session.ts';

/**
 * The joined picture: waiting client → pool → server connection → backend → blocker, as typed nodes
 * and edges, and the same as rows. A click on a row's client leads to its `path`, whose last node is
 * what holds everything up: two clicks from a slow client to the query.
 */

/** A PostgreSQL behind the pooler, as its DATABASES name it. */
export interface PoolerServer {
  /** Null: a Unix socket on the pooler's machine. */
  host: string | null;
  port: number | null;
  /** The pooler's databases that live there. */
  databases: string[];
  /** The profile taken for it; null when none fits. */
  serverProfileId: string | null;
  /** How that was found. `ambiguous`: several fit and none is open; the user should choose. */
  match: 'chosen' | 'hostAndPort' | 'ambiguous' | 'none';
  /** Profiles that fit by host and port. */
  candidates: string[];
  /**
   * `known`: its sessions are in the picture. Else why not: no profile, its pool is closed, its
   * sessions could not be read (`problem` says why).
   */
  sight: 'known' | 'noProfile' | 'closed' | 'failed';
  /** One sentence with what to do, when `sight` is not `known`; or what limits it when it is (GRANT pg_monitor). */
  problem: string | null;
}

export interface ClientNode {
  kind: 'client';
  /** `client:` and the console's `ptr`: the same client in the next picture. */
  id: string;
  database: string;
  user: string;
  /** `waiting`, `active`, … as the console says. */
  state: string;
  address: string | null;
  port: number | null;
  applicationName: string | null;
  /** How long it has waited for a server connection (or, when active, since its request); null unknown. */
  waitMs: number | null;
  /** For `killClient`; null before PgBouncer 1.24. */
  clientId: number | null;
}

export interface PoolNode {
  kind: 'pool';
  /** `pool:` database `/` user. */
  id: string;
  database: string;
  user: string;
  poolMode: string | null;
  clActive: number | null;
  clWaiting: number | null;
  svActive: number | null;
  svOpen: number | null;
  poolSize: number | null;
  maxwaitMs: number | null;
  /** Clients wait and no server connection is at rest: more cannot pass. */
  isExhausted: boolean;
  /** What holds its server connections, the worst first. */
  culprits: Culprit[];
  /** Clients of this pool that are not in the picture one by one. */
  omittedClients: number;
}

/** One reason why a pool is full. */
export interface Culprit {
  /** A backend (or prepared transaction) at the end of a chain of locks, or one that holds a server connection by itself. */
  nodeId: string;
  /**
   * `lock`: others wait for locks it holds. The rest keep their own server connection: an open
   * transaction in which nothing happens, a statement of more than a second, or, in session mode, a
   * client that keeps its connection and does nothing.
   */
  reason: 'lock' | 'idleInTransaction' | 'longQuery' | 'idleSession';
  /** How many server connections of this pool it holds up, its own included. */
  serverConnections: number;
  /** "pid 4242 (billing) is idle in transaction for 2 min; its locks hold 7 of 8 server connections." */
  sentence: string;
}

export interface ServerNode {
  kind: 'server';
  /** `server:` and the console's `ptr`. */
  id: string;
  database: string;
  user: string;
  /** `active`, `idle`, `used`, `tested`, `login`… */
  state: string;
  /** The backend's pid as the console knows it; null or 0 unknown. */
  remotePid: number | null;
  /** Where PostgreSQL is, as the pooler reached it, and the pooler's own end: `client_port` of the backend. */
  address: string | null;
  port: number | null;
  localPort: number | null;
  applicationName: string | null;
}

export interface BackendNode {
  kind: 'backend';
  /** `backend:` profile `/` pid. */
  id: string;
  /** The profile whose server this is: cancel and terminate go there. */
  serverProfileId: string;
  pid: number;
  /** With `pid` the `SessionRef` that `sessions.previewAction` takes; null when this login may not see it. */
  backendStartUs: number | null;
  applicationName: string | null;
  user: string | null;
  database: string | null;
  /** `unknown`: this login may not see it. */
  state: SessionState;
  waitEvent: string | null;
  /** The start of its text; null when hidden. */
  query: string | null;
  /** In the present state, and in the present transaction. */
  stateAgeMs: number | null;
  transactionAgeMs: number | null;
  /** It came through this pooler, so one of its server connections is the same thing. */
  isPooled: boolean;
}

/** Holds locks without a session: nobody is there to be cancelled, only ROLLBACK PREPARED helps. */
export interface PreparedTransactionNode {
  kind: 'preparedTransaction';
  id: string;
  serverProfileId: string;
  /** The sentence to show: which ones there are, or that it cannot be told. */
  label: string;
}

export type PictureNode = ClientNode | PoolNode | ServerNode | BackendNode | PreparedTransactionNode;

/**
 * `waitsIn`: a client in the queue of a pool. `uses`: a client linked to a server connection.
 * `owns`: a pool and its server connection. `is`: a server connection and its backend.
 * `blockedBy`: a backend and who blocks it.
 */
export type PictureEdgeKind = 'waitsIn' | 'uses' | 'owns' | 'is' | 'blockedBy';

export interface PictureEdge {
  from: string;
  to: string;
  kind: PictureEdgeKind;
  /** `told`: pointer, pid or the server itself says so. `port`: matched by address and port only. */
  basis: 'told' | 'port';
}

/** One client and where its path leads, for the table. */
export interface PictureRow {
  clientId: string;
  poolId: string;
  /** Its own server connection when linked, else the one that the worst culprit of its pool holds up. */
  serverId: string | null;
  backendId: string | null;
  /** The end of the chain: what would have to end first. Null when nothing is in the way, or unknown. */
  culpritId: string | null;
  /** Node ids from the client to the culprit, for the drawn path. */
  path: string[];
  /** Why the path ends where it does, when it is not at a culprit; one sentence. */
  unknown: string | null;
}

export interface JoinedPicture {
  profileId: string;
  atMs: number;
  /** From the first question to the last answer. */
  tookMs: number;
  servers: PoolerServer[];
  nodes: PictureNode[];
  edges: PictureEdge[];
  /** Longest wait first. */
  rows: PictureRow[];
  /** What the picture does not know, one sentence each, to be shown above it. */
  unknowns: string[];
}
