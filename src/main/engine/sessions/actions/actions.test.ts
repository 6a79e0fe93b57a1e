import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { SessionFilter } from '#shared/model/sessions/filter.ts';
import { matchesFilter } from '#shared/model/sessions/filter.ts';
import {
  startTestServer,
  type TestServer,
  testedVersions,
} from '../../../../../tests/support/postgres-server.ts';
import {
  clientsOf,
  openSessions,
  profileOn,
  type SessionsUnderTest,
} from '../../../../../tests/support/sessions.ts';

describe.each(testedVersions())('actions on sessions of PostgreSQL %i', (version) => {
  let server: TestServer;
  let clients: ReturnType<typeof clientsOf>;
  let tested: SessionsUnderTest;
  beforeAll(async () => {
    server = await startTestServer({ version });
    await server.admin(async (client) => {
      await client.query("CREATE ROLE billing LOGIN PASSWORD 'pw'");
      await client.query("CREATE ROLE clerk LOGIN PASSWORD 'pw' IN ROLE pg_monitor");
    });
    clients = clientsOf(server);
  });
  afterEach(async () => {
    await tested?.close();
    await clients.end();
  });
  afterAll(() => server.stop());

  const refOf = async (pid: number) => {
    const session = (await tested.sample()).list.find((candidate) => candidate.pid === pid);
    return { pid, backendStartUs: session?.backendStartUs ?? 0 };
  };
  const previewOne = async (
    action: 'cancel' | 'terminate',
    session: { pid: number; backendStartUs: number },
  ) =>
    await tested.sessions.handlers['sessions.previewAction'](
      { profileId: 'a', action, target: { kind: 'session', session } },
      tested.context,
    );
  const previewGroup = async (filter: SessionFilter, action: 'cancel' | 'terminate' = 'terminate') =>
    await tested.sessions.handlers['sessions.previewAction'](
      { profileId: 'a', action, target: { kind: 'group', filter } },
      tested.context,
    );
  const act = async (previewId: string, confirmation: string | null = null) =>
    await tested.sessions.handlers['sessions.act'](
      { profileId: 'a', previewId, confirmation },
      tested.context,
    );
  const outcomes = (results: { session: { pid: number }; outcome: string }[]) =>
    Object.fromEntries(results.map(({ session, outcome }) => [session.pid, outcome]));
  const pidsThere = async () => (await tested.sample()).list.map(({ pid }) => pid);

  it('terminate one session, say so, and put it on the timeline', async () => {
    const client = await clients.connect('shop');
    await client.query('BEGIN');
    await client.query('SELECT txid_current()');
    tested = await openSessions([profileOn(server)]);
    const preview = await previewOne('terminate', await refOf(client.pid));
    expect(preview).toMatchObject({
      confirmation: null,
      sessions: [{ pid: client.pid, application: 'shop' }],
    });
    expect(preview.warnings).toContain('Its open transaction is rolled back.');
    const report = await act(preview.previewId);
    expect(outcomes(report.results)).toEqual({ [client.pid]: 'done' });
    expect(await pidsThere()).not.toContain(client.pid);
    expect(tested.recorded).toMatchObject([
      { kind: 'sessionsTerminated', profileId: 'a', text: `Terminated session ${client.pid}.` },
    ]);
    await expect(act(preview.previewId)).rejects.toMatchObject({ code: 'not_found' });
  });

  it('cancel a statement and leave its session', async () => {
    const client = await clients.connect('shop');
    const running = client.query('SELECT pg_sleep(60)').catch((error) => error.code);
    tested = await openSessions([profileOn(server)]);
    await vi.waitFor(async () =>
      expect((await tested.sample()).list.find(({ pid }) => pid === client.pid)?.state).toBe('active'),
    );
    const preview = await previewOne('cancel', await refOf(client.pid));
    const report = await act(preview.previewId);
    expect(outcomes(report.results)).toEqual({ [client.pid]: 'done' });
    expect(await running).toBe('57014');
    expect(await pidsThere()).toContain(client.pid);
  });

  it('on a group touch exactly what the filter names, after the words were typed', async () => {
    const mine = await Promise.all([clients.connect('billing-api'), clients.connect('billing-api')]);
    const fresh = await clients.connect('billing-api');
    const other = await clients.connect('shop');
    for (const client of [...mine, other]) await client.query('BEGIN');
    tested = await openSessions([profileOn(server)]);
    await new Promise((resolve) => setTimeout(resolve, 60));
    const filter: SessionFilter = {
      applications: ['billing-api'],
      states: ['idleInTransaction', 'idleInTransactionAborted'],
      minStateAgeMs: 50,
    };
    const preview = await previewGroup(filter);
    expect(preview.sessions.map(({ pid }) => pid).sort()).toEqual(mine.map(({ pid }) => pid).sort());
    expect(preview.confirmation).toBe('terminate 2');
    await expect(act(preview.previewId, 'terminate 3')).rejects.toMatchObject({ code: 'bad_input' });
    await expect(act(preview.previewId)).rejects.toMatchObject({ code: 'bad_input' });
    const report = await act(preview.previewId, 'terminate 2');
    expect(Object.values(outcomes(report.results))).toEqual(['done', 'done']);
    expect(await pidsThere()).toEqual(expect.arrayContaining([fresh.pid, other.pid]));
    expect(report.summary).toMatch(/^Terminated 2 of 2 sessions \(idle in transaction.*billing-api\)\.$/);
    expect(tested.recorded.at(-1)?.text).toBe(report.summary);
  });

  it('leave alone what moved on between the look and the click', async () => {
    const [stuck, done, left] = await Promise.all(['x', 'x', 'x'].map((name) => clients.connect(name)));
    if (stuck === undefined || done === undefined || left === undefined) throw new Error('no clients');
    for (const client of [stuck, done, left]) await client.query('BEGIN');
    tested = await openSessions([profileOn(server)]);
    const preview = await previewGroup({ applications: ['x'], states: ['idleInTransaction'] });
    expect(preview.sessions).toHaveLength(3);
    await done.query('COMMIT');
    await left.end();
    await vi.waitFor(async () => expect(await pidsThere()).not.toContain(left.pid));
    const report = await act(preview.previewId, 'terminate 3');
    expect(outcomes(report.results)).toEqual({
      [stuck.pid]: 'done',
      [done.pid]: 'changed',
      [left.pid]: 'ended',
    });
    expect(await pidsThere()).toContain(done.pid);
  });

  it('leave one session alone that serves another statement or application than was shown', async () => {
    const client = await clients.connect('shop');
    await client.query('BEGIN');
    tested = await openSessions([profileOn(server)]);
    const ref = await refOf(client.pid);
    const cancel = await previewOne('cancel', ref);
    const terminate = await previewOne('terminate', ref);
    // As a pooler does when it hands a backend to its next client.
    await client.query("SET application_name = 'billing'");
    const running = client.query('SELECT pg_sleep(0.5)');
    const reports = [await act(cancel.previewId), await act(terminate.previewId)];
    expect(reports.map(({ results }) => outcomes(results))).toEqual([
      { [client.pid]: 'changed' },
      { [client.pid]: 'changed' },
    ]);
    expect(reports[1]?.summary).toContain('gone on to something else');
    await running;
    expect(await pidsThere()).toContain(client.pid);
  });

  it('never hit another session that got the same process id', async () => {
    const client = await clients.connect('shop');
    tested = await openSessions([profileOn(server)]);
    const ref = await refOf(client.pid);
    // As the click sees it when the one looked at has ended and the pid was given out again.
    const earlier = { ...ref, backendStartUs: ref.backendStartUs - 60_000_000 };
    await expect(previewOne('terminate', earlier)).rejects.toMatchObject({
      code: 'not_found',
      message: expect.stringContaining('has ended'),
    });
    expect(await pidsThere()).toContain(client.pid);
  });

  it('are refused with the grant that permits them, and go through once it was given', async () => {
    const client = await clients.connect('shop', { user: 'billing', password: 'pw' });
    tested = await openSessions([profileOn(server, 'a', { user: 'clerk' }, 'pw')]);
    const preview = await previewOne('terminate', await refOf(client.pid));
    expect(preview.warnings.join(' ')).toContain('GRANT pg_signal_backend TO "clerk"');
    const refused = await act(preview.previewId);
    expect(refused.results).toMatchObject([
      {
        outcome: 'refused',
        error: {
          code: 'permission_denied',
          details: {
            remedy: expect.stringContaining('GRANT pg_signal_backend TO "clerk"'),
            sqlState: '42501',
          },
        },
      },
    ]);
    expect(await pidsThere()).toContain(client.pid);
    await server.admin((admin) => admin.query('GRANT pg_signal_backend TO "clerk"'));
    const again = await previewOne('terminate', await refOf(client.pid));
    expect(outcomes((await act(again.previewId)).results)).toEqual({ [client.pid]: 'done' });
    const superuser = await clients.connect('root');
    const third = await previewOne('terminate', await refOf(superuser.pid));
    const report = await act(third.previewId);
    expect(report.results[0]?.error?.message).toContain('superuser');
    expect(report.results[0]?.error?.details.remedy).toContain('no grant allows it');
    await server.admin((admin) => admin.query('REVOKE pg_signal_backend FROM "clerk"'));
  });

  it('never touch our own watcher, nor the server itself', async () => {
    tested = await openSessions([profileOn(server)]);
    const { list } = await tested.sample();
    const preview = await previewGroup({ users: ['postgres'] });
    expect(preview.sessions.map(({ application }) => application)).not.toContain('Poolscope monitor');
    const checkpointer = list.find(({ backendType }) => backendType === 'checkpointer');
    const ref = { pid: checkpointer?.pid ?? 0, backendStartUs: checkpointer?.backendStartUs ?? 0 };
    await expect(previewOne('terminate', ref)).rejects.toMatchObject({ code: 'not_supported' });
  });

  it('are off for a profile marked read-only, before anything is asked of the server', async () => {
    const client = await clients.connect('shop');
    tested = await openSessions([profileOn(server)]);
    const preview = await previewOne('terminate', await refOf(client.pid));
    const [profile] = tested.profiles;
    if (profile !== undefined) profile.draft = { ...profile.draft, readOnly: true };
    await expect(act(preview.previewId)).rejects.toMatchObject({ code: 'read_only' });
    await expect(previewGroup({})).rejects.toMatchObject({ code: 'read_only' });
    expect(await pidsThere()).toContain(client.pid);
    expect(tested.recorded).toEqual([]);
  });

  it('are done as the profile that asks, over the one connection', async () => {
    const client = await clients.connect('shop', { user: 'billing', password: 'pw' });
    tested = await openSessions([profileOn(server, 'root'), profileOn(server, 'a', { user: 'clerk' }, 'pw')]);
    tested.watch('root');
    const ref = await refOf(client.pid);
    const preview = await previewOne('terminate', ref);
    expect((await act(preview.previewId)).results).toMatchObject([{ outcome: 'refused' }]);
    const text = "SELECT usename FROM pg_stat_activity WHERE application_name = 'Poolscope monitor'";
    const { rows } = await server.admin((admin) => admin.query(text));
    expect(rows).toHaveLength(1);
  });

  it('match in the database what the table shows for the same filter', async () => {
    const many = await Promise.all([
      clients.connect('one'),
      clients.connect(''),
      clients.connect('two', { user: 'billing', password: 'pw' }),
      clients.connect('two', { database: 'template1' }),
    ]);
    await many[0]?.query('BEGIN');
    await many[2]?.query('BEGIN');
    await many[2]?.query('nonsense').catch(() => {});
    tested = await openSessions([profileOn(server)]);
    const filters: SessionFilter[] = [
      {},
      { applications: [''] },
      { applications: ['one', 'two'], databases: ['postgres'] },
      { users: ['billing'] },
      { addresses: ['127.0.0.1'], states: ['idle'] },
      { addresses: [''] },
      { states: ['idleInTransactionAborted'] },
      { states: ['unknown', 'other'] },
      { minTransactionAgeMs: 0 },
      { minStateAgeMs: 86_400_000 },
    ];
    for (const filter of filters) {
      const { list, serverNowMs } = await tested.sample();
      const shown = list.filter((session) => matchesFilter(filter, session, serverNowMs));
      const preview = await previewGroup(filter);
      expect([filter, preview.sessions.map(({ pid }) => pid).sort()]).toEqual([
        filter,
        shown.map(({ pid }) => pid).sort(),
      ]);
    }
  });
});
