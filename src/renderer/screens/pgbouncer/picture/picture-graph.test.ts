import { describe, expect, it } from 'vitest';
import type { BackendNode, ClientNode, JoinedPicture, PoolNode, ServerNode } from '#shared/model/picture.ts';
import { graphOf, worstPool } from './picture-graph.ts';

const client = (id: string): ClientNode => ({
  kind: 'client',
  id,
  database: 'shop',
  user: 'app',
  state: 'waiting',
  address: null,
  port: null,
  applicationName: 'web',
  waitMs: 1000,
  clientId: null,
});
const server = (id: string): ServerNode => ({
  kind: 'server',
  id,
  database: 'shop',
  user: 'app',
  state: 'active',
  remotePid: 1,
  address: null,
  port: null,
  localPort: null,
  applicationName: null,
});
const backend = (id: string): BackendNode => ({
  kind: 'backend',
  id,
  serverProfileId: 'p',
  pid: 1,
  backendStartUs: 1,
  applicationName: null,
  user: null,
  database: null,
  state: 'active',
  waitEvent: null,
  query: null,
  stateAgeMs: null,
  transactionAgeMs: null,
  isPooled: true,
});
const pool: PoolNode = {
  kind: 'pool',
  id: 'pool',
  database: 'shop',
  user: 'app',
  poolMode: 'transaction',
  clActive: 2,
  clWaiting: 9,
  svActive: 2,
  svOpen: 2,
  poolSize: 2,
  maxwaitMs: 1000,
  isExhausted: true,
  culprits: [{ nodeId: 'b-lock', reason: 'lock', serverConnections: 2, sentence: 'It holds the lock.' }],
  omittedClients: 0,
};

const clientIds = Array.from({ length: 9 }, (_, i) => `c${i}`);
const pathOf = (clientId: string) => [clientId, 'pool', 's1', 'b1', 'b-lock'];
const picture: JoinedPicture = {
  profileId: 'edge',
  atMs: 1,
  tookMs: 1,
  servers: [],
  nodes: [
    ...clientIds.map(client),
    pool,
    { ...pool, id: 'other', isExhausted: false, clWaiting: 40 },
    server('s0'),
    server('s1'),
    backend('b0'),
    backend('b1'),
    backend('b-lock'),
  ],
  edges: [
    ...clientIds.map((from) => ({ from, to: 'pool', kind: 'waitsIn' as const, basis: 'told' as const })),
    { from: 'pool', to: 's0', kind: 'owns', basis: 'told' },
    { from: 'pool', to: 's1', kind: 'owns', basis: 'told' },
    { from: 's0', to: 'b0', kind: 'is', basis: 'told' },
    { from: 's1', to: 'b1', kind: 'is', basis: 'told' },
    { from: 'b1', to: 'b-lock', kind: 'blockedBy', basis: 'told' },
    { from: 'b0', to: 'b1', kind: 'blockedBy', basis: 'told' },
  ],
  rows: clientIds.map((clientId) => ({
    clientId,
    poolId: 'pool',
    serverId: 's1',
    backendId: 'b1',
    culpritId: 'b-lock',
    path: pathOf(clientId),
    unknown: null,
  })),
  unknowns: [],
};

const drawn = (row = picture.rows[8]) => {
  const graph = graphOf(picture, 'pool', row);
  return graph.layers.map(({ title, nodes, more }) => [title, nodes.map(({ node }) => node.id), more]);
};

describe('the drawn picture', () => {
  it('begins with the pool in most trouble', () => {
    expect(worstPool(picture)?.id).toBe('pool');
  });

  it('leads from clients over the pool to who blocks, each once, and always has the client chosen', () => {
    expect(drawn()).toEqual([
      ['Clients', ['c0', 'c1', 'c2', 'c3', 'c4', 'c8'], 3],
      ['Pool', ['pool'], 0],
      ['Server connections', ['s0', 's1'], 0],
      ['Backends', ['b0', 'b1'], 0],
      ['Blocked by', ['b-lock'], 0],
    ]);
  });

  it('marks the way of the client chosen and what is at its end', () => {
    const { edges, layers } = graphOf(picture, 'pool', picture.rows[8]);
    expect(edges.filter(({ onPath }) => onPath).map(({ from, to }) => [from.node.id, to.node.id])).toEqual([
      ['c8', 'pool'],
      ['pool', 's1'],
      ['s1', 'b1'],
      ['b1', 'b-lock'],
    ]);
    const culprits = layers.flatMap(({ nodes }) => nodes).filter(({ isCulprit }) => isCulprit);
    expect(culprits.map(({ node }) => node.id)).toEqual(['b-lock']);
  });

  it('keeps every box in its place when another client is chosen', () => {
    const places = (row: number) =>
      graphOf(picture, 'pool', picture.rows[row])
        .layers.slice(1)
        .map(({ nodes }) => nodes.map(({ node }) => node.id));
    expect(places(0)).toEqual(places(8));
  });

  it('ends, also where those who wait wait for each other', () => {
    const circle: JoinedPicture = {
      ...picture,
      edges: [...picture.edges, { from: 'b-lock', to: 'b0', kind: 'blockedBy', basis: 'told' }],
    };
    expect(graphOf(circle, 'pool', circle.rows[0]).layers).toHaveLength(5);
  });
});
