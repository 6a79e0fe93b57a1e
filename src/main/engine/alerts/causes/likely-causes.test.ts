import { describe, expect, it } from 'vitest';
import type { Reading } from '#engine/sessions/index.ts';
import { bucketOfSample } from '#shared/model/bucket.ts';
import { unknownHealth } from '#shared/model/health.ts';
import { nothingBlocked } from '#shared/model/sessions/blocking.ts';
import type { Session } from '#shared/model/sessions/session.ts';
import { histogramOf, sampleAt } from '../../../../../tests/support/samples.ts';
import { likelyCauses } from './likely-causes.ts';
import type { Seen } from './seen.ts';

const nowMs = 1_790_000_000_000;
const ours = { processIds: [11, 12], application: 'Shop', database: 'shop', user: 'app' };

const session = (pid: number, changes: Partial<Session> = {}): Session => ({
  ...{ pid, backendStartUs: pid * 1000, kind: 'client', backendType: 'client backend', leaderPid: null },
  ...{ database: 'shop', user: 'app', application: 'Shop', clientAddress: null, clientPort: null },
  ...{ state: 'active', waitEventType: null, waitEvent: null, xactStartMs: null, queryStartMs: nowMs },
  ...{ stateChangeMs: nowMs, queryId: null, query: null, visible: true },
  ...changes,
});

const readingOf = (sessions: Session[], changes: Partial<Reading> = {}): Reading =>
  ({
    ...{ atMs: nowMs, serverNowMs: nowMs, sessions, blocking: nothingBlocked },
    limits: { usable: 97, taken: 20, left: 77 },
    ...changes,
  }) as Reading;

const first = (kind: Parameters<typeof likelyCauses>[0], seen: Seen) => likelyCauses(kind, seen)[0];

describe('the likely causes of an alert', () => {
  it('are as they usually are while nothing is known', () => {
    const causes = likelyCauses('pending', {});
    expect(causes.map(({ causeId }) => causeId)).toEqual([
      'longHold',
      'idleInTransaction',
      'blocker',
      'slowServer',
      'tooSmall',
      'burst',
      'slowConnects',
    ]);
    expect(causes.every(({ evidence, remedy }) => evidence === null && remedy.length > 20)).toBe(true);
  });

  it('put whoever blocks before the health check that found the pool busy', () => {
    const lastError = {
      ...{ code: 'wait_timeout' as const, message: 'The pool is busy.', details: {}, atMs: nowMs },
    };
    const health = { ...unknownHealth, consecutiveFailures: 3, lastError };
    expect(first('pending', { health })).toMatchObject({
      causeId: 'longHold',
      evidence: 'The pool is busy.',
    });
    const idle = session(11, { state: 'idleInTransaction', stateChangeMs: nowMs - 42_000 });
    expect(first('pending', { ours, health, reading: readingOf([idle]) })).toMatchObject({
      causeId: 'idleInTransaction',
      session: { pid: 11 },
    });
  });

  it('name the holder that the leak finder of the pool suspects', () => {
    const hold = {
      ...{ connectionId: 1, processId: 11, holder: 'checkout', heldForMs: 360_000 },
      ...{ suspected: true, inTransaction: false },
    };
    expect(first('longHold', { ours, reading: readingOf([]), suspects: [hold] })).toMatchObject({
      causeId: 'longHold',
      evidence: '“checkout” (pid 11) has held a connection for 6 min: the leak finder suspects it.',
    });
  });

  it('begin with a connection of this pool that is idle in a transaction, by name', () => {
    const idle = session(11, {
      state: 'idleInTransaction',
      stateChangeMs: nowMs - 42_000,
      application: 'Shop query',
    });
    const cause = first('pending', { ours, reading: readingOf([session(12), idle]) });
    expect(cause).toMatchObject({
      causeId: 'idleInTransaction',
      evidence:
        'pid 11 (Shop query) has been idle in a transaction for 42 s and keeps a connection of this pool.',
      session: { pid: 11, backendStartUs: 11_000 },
    });
  });

  it("do not blame another application's idle transaction for this pool's queue", () => {
    const other = session(99, {
      state: 'idleInTransaction',
      stateChangeMs: nowMs - 42_000,
      application: 'Other',
    });
    const causes = likelyCauses('pending', { ours, reading: readingOf([session(11), other]) });
    expect(causes.every(({ evidence }) => evidence === null)).toBe(true);
  });

  it('begin with whoever blocks connections of this pool', () => {
    const root = session(99, {
      state: 'idleInTransaction',
      stateChangeMs: nowMs - 5000,
      application: 'psql',
      user: 'ada',
    });
    const waits = (pid: number) => ({
      pid,
      blockers: [{ kind: 'session' as const, pid: 99 }],
      sinceMs: nowMs,
      lockType: null,
      lockMode: null,
      relation: null,
    });
    const blocking = { ...nothingBlocked, blocked: [waits(11), waits(12)] };
    const cause = first('pending', {
      ours,
      reading: readingOf([root, session(11), session(12)], { blocking }),
    });
    expect(cause).toMatchObject({
      causeId: 'blocker',
      evidence: 'pid 99 (psql), idle in a transaction for 5 s, holds up 2 sessions by its locks.',
      session: { pid: 99 },
    });
  });

  it('say that the pool is too small when all connections are in use and come back soon', () => {
    const sample = sampleAt(nowMs, {
      used: 10,
      max: 10,
      idle: 0,
      pending: 4,
      holdMs: histogramOf([18, 20, 21]),
    });
    const cause = first('waitP95', {
      ours,
      pool: bucketOfSample(sample, 1000),
      reading: readingOf([session(11)]),
    });
    expect(cause?.causeId).toBe('tooSmall');
    expect(cause?.evidence).toMatch(
      /^All 10 connections are in use, and each comes back within \d+ ms \(p95\)\.$/,
    );
  });

  it.each([
    ['connection_refused', 'serverDown'],
    ['auth_failed', 'login'],
    ['host_not_found', 'network'],
    ['too_many_connections', 'serverFull'],
  ] as const)('follow the last error: %s', (code, causeId) => {
    const lastError = { code, message: 'What happened.', details: {}, atMs: nowMs };
    const health = { ...unknownHealth, state: 'unhealthy' as const, consecutiveFailures: 3, lastError };
    expect(first('unhealthy', { health })).toMatchObject({ causeId, evidence: 'What happened.' });
    // An error that is over speaks for nothing.
    const recovered = { ...health, consecutiveFailures: 0 };
    expect(likelyCauses('unhealthy', { health: recovered }).every(({ evidence }) => evidence === null)).toBe(
      true,
    );
  });

  it('name the application that keeps a full server busy with idle connections', () => {
    const idle = [21, 22, 23].map((pid) => session(pid, { state: 'idle', application: 'cron' }));
    const limits = { usable: 97, taken: 96, left: 1 } as Reading['limits'];
    const causes = likelyCauses('serverHeadroom', { ours, reading: readingOf(idle, { limits }) });
    expect(causes.slice(0, 2).map(({ evidence }) => evidence)).toEqual([
      '96 of 97 connections of the server are taken.',
      'cron keeps 3 idle connections.',
    ]);
  });
});
