import type { BackendNode, Culprit } from '#shared/model/picture.ts';
import type { HolderNode, ServerBackends } from './backends.ts';

/** A statement or transaction younger than this holds nobody up for long. */
const longMs = 1000;
const mostCulprits = 10;

/** A server connection of a pool with its backend, where that is known. */
export interface Occupied {
  serverId: string;
  backend: BackendNode;
  backends: ServerBackends;
}

export interface FoundCulprit extends Culprit {
  /** The server connections it holds up. */
  serverIds: string[];
}

/** "2 min", "4.2 s": for sentences. */
function spoken(ms: number | null): string {
  if (ms === null) return 'an unknown time';
  if (ms < 10_000) return `${(ms / 1000).toFixed(1)} s`;
  if (ms < 120_000) return `${Math.round(ms / 1000)} s`;
  return ms < 7_200_000 ? `${Math.round(ms / 60_000)} min` : `${Math.round(ms / 3_600_000)} h`;
}

type Reason = Culprit['reason'];

/** Why a backend that waits for no lock keeps its server connection; null when it will soon be free. */
function ownReason(backend: BackendNode, poolMode: string | null): Reason | null {
  switch (backend.state) {
    case 'idleInTransaction':
    case 'idleInTransactionAborted':
      return (backend.stateAgeMs ?? longMs) >= longMs ? 'idleInTransaction' : null;
    case 'active':
      return (backend.stateAgeMs ?? 0) >= longMs ? 'longQuery' : null;
    case 'idle':
      return poolMode === 'session' ? 'idleSession' : null;
    default:
      return null;
  }
}

function doing(node: HolderNode): string {
  if (node.kind === 'preparedTransaction') return node.label.replace(/; only .*$/, '');
  const who = `pid ${node.pid}${node.applicationName === null ? '' : ` (${node.applicationName})`}`;
  switch (node.state) {
    case 'idleInTransaction':
    case 'idleInTransactionAborted':
      return `${who} is idle in transaction for ${spoken(node.stateAgeMs)}`;
    case 'active':
      return `${who} runs a statement for ${spoken(node.stateAgeMs)}`;
    case 'idle':
      return `${who} is idle for ${spoken(node.stateAgeMs)}`;
    default:
      return `${who} is in a state this login may not see`;
  }
}

function sentenceOf(node: HolderNode, reason: Reason, count: number, of: number): string {
  const connections = `${count} of ${of} server ${of === 1 ? 'connection' : 'connections'}`;
  if (reason === 'lock') return `${doing(node)}; its locks hold ${connections}.`;
  if (reason === 'idleSession') return `${doing(node)} while its client keeps ${connections}.`;
  return `${doing(node)} and keeps ${connections}.`;
}

/**
 * What holds the server connections of a pool: whoever stands at the end of a chain of locks counts
 * for every connection that waits for it, the rest for themselves. The most harmful first.
 */
export function culpritsOf(
  occupied: readonly Occupied[],
  poolMode: string | null,
  open: number,
): FoundCulprit[] {
  const found = new Map<string, { node: HolderNode; reason: Reason; serverIds: Set<string> }>();
  const blame = (node: HolderNode, reason: Reason, serverId: string) => {
    const known = found.get(node.id) ?? { node, reason, serverIds: new Set<string>() };
    // Holding others up is worse than whatever else it does.
    if (reason === 'lock') known.reason = 'lock';
    known.serverIds.add(serverId);
    found.set(node.id, known);
  };
  for (const { serverId, backend, backends } of occupied) {
    const roots = backends.rootsOf(backend);
    for (const root of roots) blame(root, 'lock', serverId);
    if (roots.length > 0) continue;
    const reason = ownReason(backend, poolMode);
    if (reason !== null) blame(backend, reason, serverId);
  }
  // Whoever blocks others takes its own connection as well, however short a time.
  for (const { serverId, backend } of occupied) found.get(backend.id)?.serverIds.add(serverId);
  const age = (node: HolderNode) =>
    node.kind === 'backend' ? (node.transactionAgeMs ?? node.stateAgeMs ?? 0) : 0;
  return [...found.values()]
    .sort((a, b) => b.serverIds.size - a.serverIds.size || age(b.node) - age(a.node))
    .slice(0, mostCulprits)
    .map(({ node, reason, serverIds }) => ({
      nodeId: node.id,
      reason,
      serverConnections: serverIds.size,
      sentence: sentenceOf(node, reason, serverIds.size, Math.max(open, serverIds.size)),
      serverIds: [...serverIds],
    }));
}
