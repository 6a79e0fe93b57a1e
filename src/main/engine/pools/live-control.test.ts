import type { PoolClient } from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { LiveSettings } from '#shared/contract/pool-control.ts';
import type { PoolEventKind } from '#shared/model/pool-event.ts';
import type { ProfileDraft } from '#shared/model/profile.ts';
import { startTestEngine, type TestEngine } from '../../../../tests/support/engine.ts';
import { eventually } from '../../../../tests/support/eventually.ts';
import { poolFor, sessionsOf } from '../../../../tests/support/pools.ts';
import { startTestServer, type TestServer } from '../../../../tests/support/postgres-server.ts';
import { makeCertificates } from '../../../../tests/support/tls-certificates.ts';
import { systemClock } from '../base/clock.ts';
import { EventLog, keptEvents } from './event-log.ts';

let server: TestServer;
let engine: TestEngine;
const saved: string[] = [];

beforeAll(async () => {
  server = await startTestServer({ settings: { max_connections: '40' } });
});
beforeEach(async () => {
  engine = await startTestEngine(undefined, {
    async saveFile({ content, suggestedName }) {
      const decoder = new TextDecoder();
      let text = '';
      for await (const part of content()) text += typeof part === 'string' ? part : decoder.decode(part);
      saved.push(text);
      return { kind: 'saved', path: suggestedName };
    },
  });
});
afterEach(() => engine.close());
afterAll(() => server.stop());

const name = 'controlled';
/** Also those that the Query tab uses, which it labels. */
const sessions = async () => [
  ...(await sessionsOf(server, name)),
  ...(await sessionsOf(server, `${name} query`)),
];

/** An open pool of the engine, whose health checks keep out of the way. */
async function open(overrides: Partial<ProfileDraft> = {}, password = server.password) {
  const draft = server.draft({ applicationName: name, healthIntervalMs: 3_600_000, max: 4, ...overrides });
  const profileId = await engine.opened(draft, password);
  const states = () =>
    engine
      .heard('pools.changed')
      .filter((status) => status.profileId === profileId)
      .map(({ state }) => state);
  const details = () => engine.call('pools.details', { profileId });
  const events = async (kinds: PoolEventKind[] = []) =>
    (await engine.call('pools.events', { profileId, kinds })).events;
  const live = async (changes: Partial<LiveSettings>): Promise<LiveSettings> => ({
    ...(await details()).settings,
    ...changes,
  });
  return { profileId, draft, states, details, events, live };
}
/** Takes a connection by a transaction of the Query tab, which holds it until it is ended. */
async function hold(profileId: string): Promise<() => Promise<unknown>> {
  const transactionId = crypto.randomUUID();
  const terms = { mode: 'readOnly', idleLimitMs: 60_000 } as const;
  await engine.call('query.begin', { profileId, transactionId, ...terms });
  return () => engine.call('query.rollback', { transactionId });
}

/** How a request of the Query tab fails. */
const failureOf = (profileId: string) =>
  engine.failure('query.begin', {
    profileId,
    transactionId: crypto.randomUUID(),
    mode: 'readOnly',
    idleLimitMs: 60_000,
  });

describe('changing a pool while it runs', () => {
  it('takes effect without reopening it, is saved in the profile, and is marked on the timeline', async () => {
    const { profileId, states, details, live, events } = await open({ min: 0, max: 2 });
    const before = states();
    await eventually(() => engine.heard('samples.tick').length).toBeGreaterThan(0);
    const settings = await live({ min: 3, max: 6, overflow: 1, waitTimeoutMs: 1234, idleTimeoutMs: 0 });
    const view = await engine.call('pools.resize', { profileId, settings });
    expect(view).toMatchObject({ profileId, ...settings });
    expect((await details()).settings).toEqual(settings);
    await eventually(sessions).toHaveLength(3);
    expect(states()).toEqual(before);
    expect(await engine.call('profiles.list', {})).toMatchObject([settings]);
    expect((await events(['resize']))[0]?.message).toBe(
      'The pool is now of 3 to 6 connections and 1 more at need; it was of 0 to 2 connections.',
    );
    await eventually(() => engine.heard('history.eventAdded').map(({ kind }) => kind)).toContain(
      'poolResized',
    );
  });

  it('refuses a minimum above the maximum, and changes nothing', async () => {
    const { profileId, details, live } = await open();
    const was = (await details()).settings;
    const settings = await live({ min: 5, max: 4 });
    expect(await engine.failure('pools.resize', { profileId, settings })).toMatchObject({
      code: 'bad_input',
    });
    expect((await details()).settings).toEqual(was);
  });

  it('by its profile form applies as it runs too, but another target or session reopens it', async () => {
    const { profileId, draft, states, details } = await open();
    const update = (changes: Partial<ProfileDraft>) =>
      engine.call('profiles.update', {
        profileId,
        draft: { ...draft, ...changes },
        password: { kind: 'keep' },
      } as never);
    const before = states().length;
    await update({
      max: 7,
      onRelease: 'discard-all',
      healthStatement: 'SELECT 2',
      moreHosts: [],
      parameters: [],
    });
    expect((await details()).settings.max).toBe(7);
    expect(states()).toHaveLength(before);
    await update({ max: 7, applicationName: 'renamed' });
    await eventually(() => states().slice(before)).toEqual(['closing', 'closed', 'opening', 'open']);
  });

  it('renews every connection on demand: those at rest now, those in use when they come back', async () => {
    const { profileId } = await open({ min: 2, max: 4 });
    await eventually(sessions).toHaveLength(2);
    const end = await hold(profileId);
    const old = await sessions();
    const result = await engine.call('pools.recycle', { profileId });
    expect(result).toMatchObject({ onReturn: 1 });
    await eventually(async () => (await sessions()).filter((pid) => old.includes(pid)).length).toBe(1);
    await end();
    await eventually(async () => (await sessions()).filter((pid) => old.includes(pid))).toEqual([]);
    await eventually(sessions).toHaveLength(2);
  });

  it('checks all connections at rest on demand', async () => {
    const { profileId } = await open({ min: 3 });
    await eventually(sessions).toHaveLength(3);
    await eventually(async () => await engine.call('pools.checkIdle', { profileId })).toEqual({
      checked: 3,
      closed: 0,
      skipped: 0,
    });
  });

  it('takes a new password without reopening: new connections use it, old ones make way', async () => {
    await server.admin((admin) => admin.query("CREATE ROLE rotated LOGIN PASSWORD 'first'"));
    const { profileId, draft, states, details } = await open({ user: 'rotated', min: 2 }, 'first');
    await eventually(sessions).toHaveLength(2);
    const old = await sessions();
    const before = states();
    await server.admin((admin) => admin.query("ALTER ROLE rotated PASSWORD 'second'"));
    await engine.call('profiles.update', {
      profileId,
      draft,
      password: { kind: 'set', value: 'second' },
    } as never);
    await eventually(async () => (await sessions()).filter((pid) => old.includes(pid))).toEqual([]);
    await eventually(sessions).toHaveLength(2);
    expect(states()).toEqual(before);
    expect((await details()).totals).toMatchObject({ opened: 4 });
  });
});

describe('draining a pool', () => {
  it('waits for what is in use, takes no new requests, and ends closed', async () => {
    const { profileId, states } = await open();
    const end = await hold(profileId);
    const drained = engine.call('pools.drain', { profileId, deadlineMs: 60_000 });
    await eventually(() => failureOf(profileId)).toMatchObject({ code: 'pool_closed' });
    expect(await sessions()).not.toEqual([]);
    expect(states().at(-1)).toBe('open');
    await end();
    expect(await drained).toEqual({ cut: 0 });
    expect(states().at(-1)).toBe('closed');
    await eventually(sessions).toEqual([]);
  });

  it('cuts off what is left at the deadline, and says how many', async () => {
    const { profileId } = await open();
    await hold(profileId);
    expect(await engine.call('pools.drain', { profileId, deadlineMs: 100 })).toEqual({ cut: 1 });
    await eventually(sessions).toEqual([]);
  });

  it('is cut short by closing, however many asked for it, and says how many were cut', async () => {
    const { profileId, states } = await open();
    await hold(profileId);
    const drained = [1, 2].map(() => engine.call('pools.drain', { profileId, deadlineMs: 600_000 }));
    await eventually(() => failureOf(profileId)).toMatchObject({ code: 'pool_closed' });
    await engine.call('pools.close', { profileId });
    expect(await Promise.all(drained)).toEqual([{ cut: 1 }, { cut: 1 }]);
    expect(states().at(-1)).toBe('closed');
    await eventually(sessions).toEqual([]);
  });

  it('is cut short when Poolscope quits', async () => {
    const { profileId } = await open();
    await hold(profileId);
    const drained = engine.call('pools.drain', { profileId, deadlineMs: 600_000 }).catch(() => {});
    await engine.close({ keepFolder: true });
    await drained;
    await eventually(sessions).toEqual([]);
  });
});

describe('a pool nobody uses', () => {
  it('is closed after the time its profile says; health checks do not count as use', async () => {
    const { states } = await open({ idlePoolCloseMs: 1500, healthIntervalMs: 1000 });
    await eventually(() => states().at(-1)).toBe('closed');
    await eventually(sessions).toEqual([]);
  });

  it('stays open while somebody holds a connection, and without that setting', async () => {
    const used = await open({ idlePoolCloseMs: 300 });
    const end = await hold(used.profileId);
    const unset = await open({ idlePoolCloseMs: 0 });
    const ticks = engine.heard('samples.tick').length;
    await eventually(() => engine.heard('samples.tick').length).toBeGreaterThan(ticks + 2);
    expect(used.states().at(-1)).toBe('open');
    expect(unset.states().at(-1)).toBe('open');
    await end();
  });
});

describe('health checks', () => {
  it('ask what the profile says, and take over another statement and interval as the pool runs', async () => {
    const { profileId, draft } = await open();
    const change = (changes: Partial<ProfileDraft>) =>
      engine.call('profiles.update', {
        profileId,
        draft: { ...draft, ...changes },
        password: { kind: 'keep' },
      } as never);
    await change({ healthStatement: 'SELECT no_such_column' });
    expect(await engine.call('health.check', { profileId })).toMatchObject({
      lastError: { message: expect.stringContaining('no_such_column') },
    });
    await change({ healthStatement: 'SELECT 7', healthIntervalMs: 1000 });
    const reports = () =>
      engine.heard('pools.changed').filter(({ health }) => health.consecutiveFailures === 0);
    const count = reports().length;
    await eventually(() => reports().length).toBeGreaterThan(count + 1);
  });

  it('are the attempt of a half-open breaker: recovery shows by itself', async () => {
    const { profileId, details } = await open({
      ...{ breakerThreshold: 1, breakerHalfOpenMs: 1500, retries: 0 },
      healthIntervalMs: 3_600_000,
    });
    await server.kill();
    try {
      await engine.call('health.check', { profileId });
      await eventually(async () => (await engine.call('health.check', { profileId })).lastError?.code).toBe(
        'breaker_open',
      );
      expect((await details()).breaker).toMatchObject({ state: 'open', failures: 1 });
    } finally {
      await server.start();
    }
    await eventually(async () => (await details()).breaker.state).toBe('closed');
    await eventually(() => engine.heard('pools.changed').at(-1)?.health.consecutiveFailures).toBe(0);
  });
});

describe('the details of a pool', () => {
  it('show what encrypts its newest connection, or that nothing does', async () => {
    const clear = await open();
    expect((await clear.details()).tls).toMatchObject({ protocol: null, cipher: null, port: server.port });
    const certificates = await makeCertificates();
    try {
      await certificates.install(server, 'good');
      const { details } = await open({ tlsMode: 'require' });
      const { tls } = await details();
      expect(tls).toMatchObject({ protocol: expect.stringMatching(/^TLSv1/), cipher: expect.any(String) });
      const days = ((tls?.certificateExpiresAtMs ?? 0) - Date.now()) / 86_400_000;
      expect(days).toBeGreaterThan(0);
      expect(days).toBeLessThan(3);
      await certificates.install(server, null);
    } finally {
      await certificates.remove();
    }
  });

  it('name who holds connections and for how long, and report each suspected leak once', async () => {
    const { profileId, details, events } = await open({ leakThresholdMs: 500 });
    const end = await hold(profileId);
    await eventually(async () => (await details()).totals.leaksSuspected).toBe(1);
    expect((await details()).held).toMatchObject([{ holder: 'query', suspected: true, inTransaction: true }]);
    expect((await details()).held[0]?.heldForMs).toBeGreaterThan(500);
    const ticks = engine.heard('samples.tick').length;
    await eventually(() => engine.heard('samples.tick').length).toBeGreaterThan(ticks + 1);
    expect(await events(['leak'])).toMatchObject([{ holder: 'query' }]);
    await end();
    expect((await details()).held).toEqual([]);
  });

  it('suspect nobody at threshold 0', async () => {
    const pool = poolFor(server, { leakThresholdMs: 0 });
    const client = await pool.connect();
    pool.takeSample(null);
    expect(pool.details()).toMatchObject({ held: [{ suspected: false }], totals: { leaksSuspected: 0 } });
    expect(pool.longestHoldMs).toBeGreaterThan(0);
    client.release();
    expect(pool.longestHoldMs).toBe(0);
    await pool.end(500);
  });
});

describe('the event log', () => {
  it('tells of a connection from its opening to its end, newest first, and outlives the pool', async () => {
    const { profileId, events } = await open();
    const end = await hold(profileId);
    await end();
    await engine.call('pools.close', { profileId });
    const kinds = (await events()).map(({ kind }) => kind).reverse();
    expect(kinds.slice(0, 4)).toEqual(['connecting', 'connect', 'acquire', 'release']);
    expect(kinds.at(-1)).toBe('remove');
    const [remove] = await events(['remove']);
    expect(remove).toMatchObject({
      reason: 'closing',
      message: expect.stringContaining('the pool is closing'),
    });
    expect((await events(['acquire'])).map(({ holder }) => holder)).toContain('health');
    expect((await events(['acquire'])).map(({ holder }) => holder)).toContain('query');
    for (const event of await events(['acquire'])) expect(event.processId).toBeGreaterThan(0);
  });

  it('is found by kind and text, and pages', async () => {
    const { profileId, events } = await open();
    for (let index = 0; index < 5; index += 1) await engine.call('health.check', { profileId });
    const all = await events();
    const first = await engine.call('pools.events', { profileId, limit: 3 });
    const next = await engine.call('pools.events', {
      profileId,
      limit: 3,
      beforeSequence: first.events.at(-1)?.sequence ?? null,
    });
    expect([...first.events, ...next.events]).toEqual(all.slice(0, 6));
    const found = await engine.call('pools.events', { profileId, text: 'CAME BACK FROM health' });
    expect(found.events.length).toBeGreaterThan(4);
    expect(new Set(found.events.map(({ kind }) => kind))).toEqual(new Set(['release']));
  });

  it('holds no statement unless the profile asks for it, and never a password', async () => {
    const quiet = await open();
    const loud = await open({ logStatements: true });
    for (const { profileId } of [quiet, loud]) {
      const end = await hold(profileId);
      await end();
      await engine.call('health.check', { profileId });
    }
    const text = JSON.stringify(await quiet.events());
    expect(text).not.toContain('SELECT');
    expect(text).not.toContain(server.password);
    expect((await loud.events(['release']))[0]).toMatchObject({ holder: 'health', statement: 'SELECT 1' });
    expect(JSON.stringify(await loud.events())).not.toContain(server.password);
  });

  it('hides a password that a statement spells out', () => {
    const log = new EventLog(systemClock);
    const subject = { connectionId: 1, processId: 2, holder: 'tester' };
    const statements = [
      "ALTER ROLE ann PASSWORD 'open''sesame' VALID UNTIL 'infinity'",
      "create role ann encrypted password E'open\\'sesame' login",
      'CREATE ROLE ann PASSWORD $x$sesame$x$',
      "CREATE USER MAPPING FOR ann SERVER s OPTIONS (user 'ann', password 'sesame')",
      "SELECT * FROM dblink('host=a password=sesame dbname=b', 'SELECT 1') AS t(id int)",
      "SELECT dblink_connect('postgresql://ann:sesame@a/b')",
      "ALTER ROLE ann PASSWORD 'sesame",
    ];
    for (const statement of statements) log.write('release', { ...subject, statement });
    log.write('release', { ...subject, statement: "SELECT password FROM users WHERE name = 'ann'" });
    expect(JSON.stringify(log.all())).not.toContain('sesame');
    expect(log.search({ kinds: [], text: 'sesame', beforeSequence: null, limit: 10 })).toEqual([]);
    expect(log.all()[0]?.statement).toBe("ALTER ROLE ann PASSWORD •••• VALID UNTIL 'infinity'");
    expect(log.all().at(-1)?.statement).toBe("SELECT password FROM users WHERE name = 'ann'");
  });

  it('holds notices of the server and losses of connections', async () => {
    const log = new EventLog(systemClock);
    const pool = poolFor(server, { max: 1 }, undefined, log);
    const client: PoolClient = await pool.connect({ holder: 'tester' });
    await client.query("DO $$ BEGIN RAISE NOTICE 'mind the gap'; END $$");
    await client
      .query('SELECT pg_terminate_backend(pg_backend_pid())')
      .catch((error) => client.release(error));
    const kinds = log.all().map(({ kind }) => kind);
    expect(kinds).toEqual(['connecting', 'connect', 'acquire', 'notice', 'release', 'error', 'remove']);
    expect(log.all()[3]).toMatchObject({ message: 'The server says: NOTICE: mind the gap' });
    expect(log.all()[6]).toMatchObject({ reason: 'broken' });
    await pool.end(500);
  });

  it('holds the last 5,000 events and counts those written over', () => {
    const log = new EventLog(systemClock);
    for (let index = 0; index < keptEvents + 10; index += 1) log.write('resize', null, null, `size ${index}`);
    const all = log.all();
    expect(all).toHaveLength(keptEvents);
    expect(all[0]?.sequence).toBe(11);
    expect(all.at(-1)?.message).toBe(`size ${keptEvents + 9}`);
    expect(log.dropped).toBe(10);
  });

  it('tells each event at its time, in order, also across a clock that is set', () => {
    const now = { wallMs: 1_000_000, monotonicMs: 50 };
    const log = new EventLog({ nowMs: () => Math.floor(now.wallMs), monotonicMs: () => now.monotonicMs });
    const pass = (ms: number) => {
      now.wallMs += ms;
      now.monotonicMs += ms;
      log.write('resize', null, null, 'size');
    };
    for (const ms of [0, 1.5, 0.25, 3, 4.5, 60_000]) pass(ms);
    now.wallMs -= 3_600_000;
    pass(10);
    // What happened earlier and is written only now is not told at a time to come.
    log.write('acquire', null, null, null, null, null, now.monotonicMs - 2);
    expect(log.all().map(({ atMs }) => atMs - 1_000_000)).toEqual([
      ...[0, 1, 1, 4, 9, 60_009],
      ...[-3_539_981, -3_539_981],
    ]);
  });

  it('is saved as a file with all its events, oldest first', async () => {
    const { profileId, events } = await open();
    await engine.call('health.check', { profileId });
    const kept = await events();
    await engine.call('pools.saveEvents', { profileId, format: 'csv' });
    const lines = saved.at(-1)?.trim().split(/\r?\n/) ?? [];
    expect(lines[0]?.toLowerCase()).toContain('sequence');
    expect(lines).toHaveLength(kept.length + 1);
    expect(lines[1]).toContain('connecting');
  });
});
