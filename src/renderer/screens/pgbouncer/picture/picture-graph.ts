import type { JoinedPicture, PictureEdge, PictureNode, PictureRow, PoolNode } from '#shared/model/picture.ts';

/** A node where it is drawn. */
export interface PlacedNode {
  node: PictureNode;
  layer: number;
  /** From the top of its layer. */
  place: number;
  onPath: boolean;
  /** At the end of the path: what holds everything up. */
  isCulprit: boolean;
}

export interface PlacedEdge {
  from: PlacedNode;
  to: PlacedNode;
  kind: PictureEdge['kind'];
  onPath: boolean;
}

export interface PictureGraph {
  layers: {
    title: string;
    nodes: PlacedNode[] /** How many more there are that are not drawn. */;
    more: number;
  }[];
  edges: PlacedEdge[];
}

/** More would be a wall of boxes; the table has them all. */
const mostInLayer = 6;

const titles = ['Clients', 'Pool', 'Server connections', 'Backends'];

/** The pool to draw when nobody chose a client: the one in most trouble. */
export function worstPool(picture: JoinedPicture): PoolNode | undefined {
  const pools = picture.nodes.filter((node) => node.kind === 'pool');
  return pools.sort(
    (a, b) => Number(b.isExhausted) - Number(a.isExhausted) || (b.clWaiting ?? 0) - (a.clWaiting ?? 0),
  )[0];
}

/** One pool with its clients, server connections, backends and who blocks them, with the path of one client. */
export function graphOf(picture: JoinedPicture, poolId: string, row: PictureRow | undefined): PictureGraph {
  const nodes = new Map(picture.nodes.map((node) => [node.id, node]));
  const path = new Set(row?.path ?? []);
  const culprits = culpritsOf(nodes.get(poolId));
  const important = (id: string) => (path.has(id) ? 2 : 0) + (culprits.has(id) ? 1 : 0);
  const weigh = weigher(picture, important);
  const pick = (ids: readonly string[], shown: ReadonlySet<string>) => {
    const fresh = [...new Set(ids)].filter((id) => nodes.has(id) && !shown.has(id));
    // What counts chooses who is drawn, never where: boxes must not change places with every choice.
    const kept = new Set([...fresh].sort((a, b) => weigh(b) - weigh(a)).slice(0, mostInLayer));
    return { kept: fresh.filter((id) => kept.has(id)), more: fresh.length - kept.size };
  };
  // In the order of where they come from, so that few lines cross.
  const targetsOf = (from: readonly string[], kind: PictureEdge['kind']) =>
    from.flatMap((id) =>
      picture.edges.filter((edge) => edge.kind === kind && edge.from === id).map(({ to }) => to),
    );

  const shown = new Set<string>();
  const layers: { ids: string[]; more: number; title: string }[] = [];
  const add = (title: string, ids: readonly string[], beyond = 0) => {
    const { kept, more } = pick(ids, shown);
    for (const id of kept) shown.add(id);
    layers.push({ title, ids: kept, more: more + beyond });
    return kept;
  };
  const pool = nodes.get(poolId);
  add(
    titles[0] as string,
    picture.rows.filter((one) => one.poolId === poolId).map(({ clientId }) => clientId),
    pool?.kind === 'pool' ? pool.omittedClients : 0,
  );
  add(titles[1] as string, [poolId]);
  const servers = add(titles[2] as string, ownedBy(picture, nodes, poolId));
  let last = add(titles[3] as string, targetsOf(servers, 'is'));
  // A chain of locks may be long, and may go round in a circle: what is drawn is not drawn again.
  for (let depth = 0; last.length > 0; depth += 1) {
    const blockers = targetsOf(last, 'blockedBy').filter((id) => !shown.has(id));
    if (blockers.length === 0) break;
    last = add(depth === 0 ? 'Blocked by' : 'which waits for', blockers);
  }

  const placed = new Map<string, PlacedNode>();
  layers.forEach(({ ids }, layer) => {
    ids.forEach((id, place) => {
      const node = nodes.get(id) as PictureNode;
      const isCulprit = culprits.has(id) || id === row?.culpritId;
      placed.set(id, { node, layer, place, onPath: path.has(id), isCulprit });
    });
  });
  const order = row?.path ?? [];
  const follows = (from: string, to: string) => {
    const index = order.indexOf(from);
    return index >= 0 && order[index + 1] === to;
  };
  const edges = picture.edges.flatMap(({ from, to, kind }): PlacedEdge[] => {
    const start = placed.get(from);
    const end = placed.get(to);
    return start === undefined || end === undefined
      ? []
      : [{ from: start, to: end, kind, onPath: follows(from, to) || follows(to, from) }];
  });
  return {
    layers: layers
      .map(({ title, ids, more }) => ({ title, more, nodes: ids.map((id) => placed.get(id) as PlacedNode) }))
      .filter((layer) => layer.nodes.length > 0),
    edges,
  };
}

function culpritsOf(pool: PictureNode | undefined): ReadonlySet<string> {
  return new Set(pool?.kind === 'pool' ? pool.culprits.map(({ nodeId }) => nodeId) : []);
}

/** How much there is to see at a node: a server connection counts as much as what lies behind it. */
function weigher(picture: JoinedPicture, important: (id: string) => number): (id: string) => number {
  const backends = new Map(
    picture.edges.filter(({ kind }) => kind === 'is').map(({ from, to }) => [from, to]),
  );
  const blocked = new Set(picture.edges.filter(({ kind }) => kind === 'blockedBy').map(({ from }) => from));
  return (id) => {
    const backend = backends.get(id) ?? id;
    return important(id) + (backend === id ? 0 : important(backend)) + (blocked.has(backend) ? 1 : 0);
  };
}

/** The pool's server connections by the pid behind them, so that they keep their places. */
function ownedBy(picture: JoinedPicture, nodes: ReadonlyMap<string, PictureNode>, poolId: string): string[] {
  const pidOf = (id: string) => {
    const node = nodes.get(id);
    return node?.kind === 'server' ? (node.remotePid ?? 0) : 0;
  };
  return picture.edges
    .filter(({ kind, from }) => kind === 'owns' && from === poolId)
    .map(({ to }) => to)
    .sort((a, b) => pidOf(a) - pidOf(b) || (a < b ? -1 : 1));
}
