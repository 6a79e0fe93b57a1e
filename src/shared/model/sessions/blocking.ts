/** A transaction left by PREPARE TRANSACTION: it holds locks without any session. */
export interface PreparedTransaction {
  /** The name given by whoever prepared it, for COMMIT PREPARED or ROLLBACK PREPARED. */
  gid: string;
  owner: string;
  database: string;
  preparedAtMs: number;
}

/** Who holds up a session: another session, or a prepared transaction. */
export type Blocker =
  | { kind: 'session'; pid: number }
  /** `gid` is null when it could not be told which prepared transaction it is. */
  | { kind: 'prepared'; gid: string | null };

/** A session that waits for a heavyweight lock, and whom pg_blocking_pids says it waits for. */
export interface BlockedSession {
  pid: number;
  blockers: Blocker[];
  /** Since when it waits: from pg_locks (14 on), else since its statement began; server clock. */
  sinceMs: number | null;
  /** What it waits for: `relation`, `transactionid`, `tuple`, `advisory` and so on; null when gone by then. */
  lockType: string | null;
  /** `ShareLock`, `AccessExclusiveLock` and so on. */
  lockMode: string | null;
  /** Qualified name where the lock is on a relation of the watcher's own database, else null. */
  relation: string | null;
}

export interface Blocking {
  blocked: BlockedSession[];
  prepared: PreparedTransaction[];
  /** Sessions that wait for a lock beyond those looked at (longest waiting first); 0 when all were. */
  notLookedAt: number;
}

export const nothingBlocked: Blocking = { blocked: [], prepared: [], notLookedAt: 0 };

/** A session or a prepared transaction within the forest. */
export interface BlockingNode {
  /** `pid:123` or `gid:name` (`gid:` when unknown); the same one may stand under several parents. */
  key: string;
  blocker: Blocker;
  /** What it waits for itself; null for a root. */
  wait: BlockedSession | null;
  /** Roots are 0. */
  depth: number;
  children: BlockingNode[];
  /** Distinct sessions held up by this one, directly and through others. */
  heldUp: number;
  /** True where the walk met one of its own ancestors, or one shown elsewhere already: no children here. */
  repeats: boolean;
}

export const blockerKey = (blocker: Blocker): string =>
  blocker.kind === 'session' ? `pid:${blocker.pid}` : `gid:${blocker.gid ?? ''}`;

/**
 * Turns edges into trees: roots hold others up and wait for nobody; the one that holds up most comes
 * first. A waiter with two blockers stands under both, its own children under the first alone. Every
 * cycle (a deadlock the server has not broken yet) is entered once, at its lowest pid.
 */
export function blockingForest({ blocked }: Pick<Blocking, 'blocked'>): BlockingNode[] {
  const waits = new Map(blocked.map((wait) => [`pid:${wait.pid}`, wait]));
  const waitersOf = new Map<string, BlockedSession[]>();
  const blockers = new Map<string, Blocker>();
  for (const wait of blocked) {
    for (const blocker of wait.blockers) {
      const key = blockerKey(blocker);
      blockers.set(key, blocker);
      waitersOf.set(key, [...(waitersOf.get(key) ?? []), wait]);
    }
  }
  const shown = new Set<string>();

  const grow = (blocker: Blocker, depth: number): BlockingNode => {
    const key = blockerKey(blocker);
    const repeats = shown.has(key);
    shown.add(key);
    const waiters = repeats ? [] : (waitersOf.get(key) ?? []);
    const children = waiters.map(({ pid }) => grow({ kind: 'session', pid }, depth + 1));
    const heldUp = countHeldUp(key, waitersOf);
    return { key, blocker, wait: waits.get(key) ?? null, depth, children, heldUp, repeats };
  };

  const isRoot = (key: string) => (waits.get(key)?.blockers.length ?? 0) === 0;
  const byReach = (a: string, b: string) => countHeldUp(b, waitersOf) - countHeldUp(a, waitersOf);
  const roots = [...blockers.keys()].filter(isRoot).sort(byReach);
  const trees = roots.flatMap((key) => grow(blockers.get(key) as Blocker, 0));
  // What no root reaches goes round in a circle.
  const circling = [...blocked].sort((a, b) => a.pid - b.pid);
  for (const { pid } of circling) {
    if (!shown.has(`pid:${pid}`)) trees.push(grow({ kind: 'session', pid }, 0));
  }
  return trees;
}

function countHeldUp(key: string, waitersOf: ReadonlyMap<string, BlockedSession[]>): number {
  const seen = new Set<string>();
  const queue = [key];
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    for (const { pid } of waitersOf.get(next) ?? []) {
      const waiter = `pid:${pid}`;
      if (waiter === key || seen.has(waiter)) continue;
      seen.add(waiter);
      queue.push(waiter);
    }
  }
  return seen.size;
}
