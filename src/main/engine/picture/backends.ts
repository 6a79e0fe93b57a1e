import type { PoolerServerConnection } from '#engine/pgbouncer/index.ts';
import type { Reading } from '#engine/sessions/index.ts';
import type { BackendNode, PictureEdge, PreparedTransactionNode } from '#shared/model/picture.ts';
import { type Blocker, blockerKey } from '#shared/model/sessions/blocking.ts';
import { type Session, transactionMs } from '#shared/model/sessions/session.ts';

export type HolderNode = BackendNode | PreparedTransactionNode;

/** The backends of one server, as far as a picture asks for them, and who blocks whom. */
export class ServerBackends {
  readonly #profileId: string;
  readonly #reading: Reading;
  readonly #byPid: ReadonlyMap<number, Session>;
  readonly #byPort: ReadonlyMap<number, Session>;
  readonly #blockers: ReadonlyMap<number, Blocker[]>;
  readonly #nodes = new Map<string, HolderNode>();
  readonly #edges = new Map<string, PictureEdge>();

  constructor(profileId: string, reading: Reading) {
    this.#profileId = profileId;
    this.#reading = reading;
    this.#byPid = new Map(reading.sessions.map((session) => [session.pid, session]));
    // A port that two addresses share tells nothing.
    const byPort = new Map<number, Session | null>();
    for (const session of reading.sessions) {
      const { clientPort: port } = session;
      if (port !== null && port > 0) byPort.set(port, byPort.has(port) ? null : session);
    }
    this.#byPort = new Map(
      [...byPort].flatMap(([port, session]) => (session === null ? [] : [[port, session]])),
    );
    this.#blockers = new Map(reading.blocking.blocked.map(({ pid, blockers }) => [pid, blockers]));
  }

  get nodes(): HolderNode[] {
    return [...this.#nodes.values()];
  }

  get edges(): PictureEdge[] {
    return [...this.#edges.values()];
  }

  /** The backend of a server connection, and how that is known; null when it is not there. */
  of(server: PoolerServerConnection): { node: BackendNode; basis: PictureEdge['basis'] } | null {
    const told = server.remotePid === null ? undefined : this.#byPid.get(server.remotePid);
    if (told !== undefined && isSameEnd(told, server))
      return { node: this.#backend(told, true), basis: 'told' };
    if (server.remotePid !== null || server.localPort === null) return null;
    const byPort = this.#byPort.get(server.localPort);
    return byPort === undefined ? null : { node: this.#backend(byPort, true), basis: 'port' };
  }

  /**
   * The way from a backend to what blocks it, to the end, itself first; where it has several blockers
   * the first one's. A circle (a deadlock not yet broken) ends where it closes.
   */
  chainFrom(backend: BackendNode): HolderNode[] {
    const chain: HolderNode[] = [backend];
    const seen = new Set([backend.id]);
    for (let next = this.#blockersOf(backend)[0]; next !== undefined; ) {
      if (seen.has(next.id)) break;
      seen.add(next.id);
      chain.push(next);
      next = next.kind === 'backend' ? this.#blockersOf(next)[0] : undefined;
    }
    return chain;
  }

  /** Everything that holds a backend up in the end; empty when nothing does. */
  rootsOf(backend: BackendNode): HolderNode[] {
    const roots = new Map<string, HolderNode>();
    const seen = new Set([backend.id]);
    const queue: HolderNode[] = this.#blockersOf(backend);
    for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
      if (seen.has(next.id)) continue;
      seen.add(next.id);
      const further = next.kind === 'backend' ? this.#blockersOf(next) : [];
      if (further.length === 0) roots.set(next.id, next);
      else queue.push(...further);
    }
    return [...roots.values()];
  }

  #blockersOf(backend: BackendNode): HolderNode[] {
    return (this.#blockers.get(backend.pid) ?? []).map((blocker) => {
      const node = this.#holder(blocker);
      const edge: PictureEdge = { from: backend.id, to: node.id, kind: 'blockedBy', basis: 'told' };
      this.#edges.set(`${edge.from} ${edge.to}`, edge);
      return node;
    });
  }

  #holder(blocker: Blocker): HolderNode {
    if (blocker.kind === 'session') {
      const session = this.#byPid.get(blocker.pid);
      return session === undefined ? this.#unseen(blocker.pid) : this.#backend(session, false);
    }
    const id = `prepared:${this.#profileId}/${blockerKey(blocker)}`;
    const name =
      blocker.gid === null ? 'A prepared transaction' : `The prepared transaction "${blocker.gid}"`;
    const node: PreparedTransactionNode = {
      ...{ kind: 'preparedTransaction', id, serverProfileId: this.#profileId },
      label: `${name} holds locks; only COMMIT PREPARED or ROLLBACK PREPARED ends it.`,
    };
    this.#nodes.set(id, node);
    return node;
  }

  #backend(session: Session, isPooled: boolean): BackendNode {
    const id = this.#idOf(session.pid);
    const known = this.#nodes.get(id);
    if (known?.kind === 'backend') {
      known.isPooled ||= isPooled;
      return known;
    }
    const { serverNowMs } = this.#reading;
    const since = session.stateChangeMs;
    const node: BackendNode = {
      kind: 'backend',
      id,
      serverProfileId: this.#profileId,
      pid: session.pid,
      backendStartUs: session.backendStartUs,
      applicationName: session.application === '' ? null : session.application,
      user: session.user,
      database: session.database,
      state: session.state,
      waitEvent: session.waitEvent === null ? null : `${session.waitEventType ?? ''}: ${session.waitEvent}`,
      query: session.visible ? session.query : null,
      stateAgeMs: since === null ? null : Math.max(0, serverNowMs - since),
      transactionAgeMs: transactionMs(session, serverNowMs),
      isPooled,
    };
    this.#nodes.set(id, node);
    return node;
  }

  /** A blocker that was gone by the time the sessions were listed, or is none of a client's. */
  #unseen(pid: number): BackendNode {
    const id = this.#idOf(pid);
    const known = this.#nodes.get(id);
    if (known?.kind === 'backend') return known;
    const unknown = { backendStartUs: null, applicationName: null, user: null, database: null };
    const nothing = { waitEvent: null, query: null, stateAgeMs: null, transactionAgeMs: null };
    const node: BackendNode = {
      ...{ kind: 'backend', id, serverProfileId: this.#profileId, pid, state: 'unknown', isPooled: false },
      ...unknown,
      ...nothing,
    };
    this.#nodes.set(id, node);
    return node;
  }

  #idOf(pid: number): string {
    return `backend:${this.#profileId}/${pid}`;
  }
}

/** The same pid on another server is another backend: where both ends of the socket are known they must meet. */
function isSameEnd(session: Session, server: PoolerServerConnection): boolean {
  const { clientPort } = session;
  if (clientPort === null || clientPort <= 0 || server.localPort === null || server.localPort === 0)
    return true;
  return clientPort === server.localPort;
}
