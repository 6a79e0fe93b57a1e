import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SessionsPoint } from '#shared/model/sessions/point.ts';
import { openHistory } from '../../../../tests/support/history.ts';

const startMs = 1_790_000_040_000;
const pointAt = (atMs: number, clients: number): SessionsPoint => ({
  atMs,
  clients,
  states: {
    active: clients,
    idle: 0,
    idleInTransaction: 0,
    idleInTransactionAborted: 0,
    other: 0,
    unknown: 0,
  },
  groups: { application: [['shop', clients]], user: [], database: [], address: [] },
  ...{
    usable: 97,
    left: 97 - clients,
    blocked: 0,
    idleInTransactionMs: null,
    transactionMs: null,
    blockedMs: null,
  },
  rates: {
    ...{ commitsPerS: 1.5, rollbacksPerS: 0, deadlocksPerS: null, sessionsPerS: null },
    ...{ abandonedPerS: null, fatalPerS: null, killedPerS: null },
  },
  full: true,
});

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'poolscope-session-points-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const all = { fromMs: startMs, toMs: startMs + 86_400_000 };

describe('what the sessions of a server did', () => {
  it('is there after a restart, with its spikes, and goes on without a seam', async () => {
    const first = openHistory(folder, startMs);
    for (let i = 0; i < 90; i += 1) {
      first.history.sessions.record('shop', pointAt(startMs + i * 2000, i === 33 ? 80 : 10));
    }
    const before = await first.history.sessions.range({ profileIds: ['shop'], ...all, bucketMs: 60_000 });
    await first.history.close();
    const second = openHistory(folder, startMs + 180_000);
    second.history.sessions.record('shop', pointAt(startMs + 181_000, 12));
    const after = await second.history.sessions.range({ profileIds: ['shop'], ...all, bucketMs: 60_000 });
    await second.history.close();
    expect(before.map(({ clients }) => clients)).toEqual([10, 80, 10]);
    expect(after.slice(0, 3)).toEqual(before);
    expect(after.map(({ clients }) => clients)).toEqual([10, 80, 10, 12]);
  });

  it('is one line for connections that share the server', async () => {
    const { history } = openHistory(folder, startMs);
    history.sessions.record('a', pointAt(startMs, 5));
    history.sessions.record('b', pointAt(startMs + 60_000, 6));
    history.sessions.record('other', pointAt(startMs, 50));
    const points = await history.sessions.range({ profileIds: ['a', 'b'], ...all, bucketMs: 60_000 });
    await history.close();
    expect(points.map(({ clients }) => clients)).toEqual([5, 6]);
  });

  it('waits in memory while the disk takes nothing, and is written when it does again', async () => {
    const { history } = openHistory(folder, startMs);
    await history.store.opened();
    const write = history.store.appendSessions.bind(history.store);
    history.store.appendSessions = () => Promise.reject(new Error('no room'));
    for (let i = 0; i < 3; i += 1) history.sessions.record('shop', pointAt(startMs + i * 60_000, 10 + i));
    await new Promise((resolve) => setImmediate(resolve));
    history.store.appendSessions = write;
    for (let i = 3; i < 5; i += 1) history.sessions.record('shop', pointAt(startMs + i * 60_000, 10 + i));
    await history.close();
    const second = openHistory(folder, startMs + 600_000);
    const points = await second.history.sessions.range({ profileIds: ['shop'], ...all, bucketMs: 60_000 });
    await second.history.close();
    expect(points.map(({ clients }) => clients)).toEqual([10, 11, 12, 13, 14]);
  });

  it('is counted as stored, and deleted with its connection', async () => {
    const { history, context } = openHistory(folder, startMs);
    for (let i = 0; i < 60; i += 1) history.sessions.record('shop', pointAt(startMs + i * 10_000, 10));
    await history.sessions.flush();
    const stored = await history.handlers['history.storage']({}, context);
    expect(stored.profiles).toMatchObject([{ profileId: 'shop', oldestAtMs: startMs }]);
    expect(stored.profiles[0]?.bytes).toBeGreaterThan(0);
    const request = { profileId: 'shop', beforeMs: null, dryRun: false };
    await history.handlers['history.deleteRange'](request, context);
    expect(await history.sessions.range({ profileIds: ['shop'], ...all, bucketMs: 60_000 })).toEqual([]);
    expect((await history.handlers['history.storage']({}, context)).profiles).toEqual([]);
    await history.close();
  });
});
