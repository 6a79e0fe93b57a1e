import type { SessionsSample, WatchStatus } from '#shared/contract/sessions.ts';
import { packSessions } from '#shared/model/sessions/packed-sessions.ts';
import type { Session, SessionState } from '#shared/model/sessions/session.ts';

/**
 * Two thousand sessions as a busy server has them, a tenth of which do something else in each sample:
 * six in seven idle, most others idle in a transaction, a few at work.
 */
const sessionCount = 2000;
const changingEvery = 10;
export const serverId = 'bench:5432';

const applications = ['shop', 'billing-api', 'reports', 'search', 'mailer', 'worker', 'admin-ui', 'import'];
const users = ['shop', 'billing', 'report', 'batch'];
const startedMs = Date.now() - 3_600_000;

const stateOf = (index: number): SessionState =>
  index % 7 !== 0 ? 'idle' : index % 50 === 0 ? 'active' : 'idleInTransaction';

/** The session at a place as it is in the sample of this number; the first has the oldest transaction. */
function sessionAt(index: number, sequence: number): Session {
  const state = stateOf(index);
  const changedMs = index % changingEvery === sequence % changingEvery ? startedMs + sequence : startedMs;
  return {
    ...{ pid: 10_000 + index, backendStartUs: (startedMs - index) * 1000, leaderPid: null },
    ...{ kind: 'client', backendType: 'client backend', database: `db${index % 3}`, visible: true },
    user: users[index % users.length] ?? 'shop',
    application: applications[index % applications.length] ?? 'shop',
    clientAddress: `10.0.${index % 4}.${index % 200}`,
    clientPort: 40_000 + index,
    state,
    waitEventType: state === 'active' ? null : 'Client',
    waitEvent: state === 'active' ? null : 'ClientRead',
    xactStartMs: state === 'idle' ? null : startedMs - (index === 0 ? 100_000 : 0) + index,
    queryStartMs: changedMs,
    stateChangeMs: changedMs,
    queryId: String(4_711_000_000 + (index % 40)),
    query:
      index === 0
        ? `SELECT 'marker ${sequence}'`
        : `SELECT ${index} AS order_id, 'a statement of some length, as services send them' AS note`,
  };
}

const rates = {
  ...{ commitsPerS: 900, rollbacksPerS: 1, deadlocksPerS: 0, sessionsPerS: 2 },
  ...{ abandonedPerS: 0, fatalPerS: 0, killedPerS: 0 },
};

/** The sample of this number: whole when it is the first, else what changed. */
export function sampleAt(sequence: number): SessionsSample {
  const atMs = Date.now();
  const changes = (index: number) =>
    sequence === 0 || index === 0 || index % changingEvery === sequence % changingEvery;
  const indexes = Array.from({ length: sessionCount }, (_, index) => index);
  const changed = indexes.filter(changes).map((index) => sessionAt(index, sequence));
  const states = {
    ...{ active: 0, idle: 0, idleInTransaction: 0 },
    ...{ idleInTransactionAborted: 0, other: 0, unknown: 0 },
  };
  for (const index of indexes) states[stateOf(index)] += 1;
  const usable = 2100;
  return {
    ...{
      serverId,
      sequence,
      basedOn: sequence === 0 ? null : sequence - 1,
      atMs,
      serverNowMs: atMs,
      gone: [],
    },
    changed: packSessions(changed),
    limits: {
      ...{ maxConnections: usable + 3, superuserReserved: 3, reserved: 0, usable },
      ...{ taken: sessionCount + 1, left: usable - sessionCount - 1, roles: [], databases: [] },
    },
    blocking: { blocked: [], prepared: [], notLookedAt: 0 },
    databases: ['db0', 'db1', 'db2'].map((database) => ({ database, sessions: 666, ...rates })),
    point: {
      ...{ atMs, clients: sessionCount, states, usable, left: usable - sessionCount - 1, blocked: 0 },
      groups: {
        application: applications.map((name) => [name, sessionCount / applications.length]),
        user: users.map((name) => [name, sessionCount / users.length]),
        database: [],
        address: [],
      },
      ...{ idleInTransactionMs: 3_600_000, transactionMs: 3_700_000, blockedMs: null },
      rates,
      full: true,
    },
    ...{ intervalMs: 2000, roundTrips: 1, tookMs: 20 },
  };
}

export const watchStatus = (profileId: string): WatchStatus => ({
  ...{ serverId, profileIds: [profileId], viaProfileId: profileId, state: 'watching', pace: 'live' },
  ...{ intervalMs: 2000, error: null, nextTryAtMs: null, lastSampleAtMs: Date.now() },
  server: {
    ...{ versionNum: 180_001, version: '18.1', user: 'bench', database: 'db0', isStandby: false },
    ...{ startedAtMs: startedMs, behindPooler: false },
  },
  sight: {
    ...{ full: true, sightGrant: null, maySignal: true, signalGrant: null, isSuperuser: true },
    ...{ mayUseReservedSlots: true, reservedGrant: null },
  },
});
