import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { presets } from '#shared/model/presets.ts';
import type { ProfileDraft } from '#shared/model/profile.ts';
import { startTestPooler, type TestPooler } from '../../../../tests/support/pgbouncer.ts';
import { startTestServer, type TestServer } from '../../../../tests/support/postgres-server.ts';
import { ask, poolOf } from '../../../../tests/support/profile-pool.ts';
import { databaseErrorOf } from '../base/pg-errors.ts';
import type { InstrumentedPool } from '../pools/instrumented-pool.ts';
import type { ExplicitClient } from './explicit-client.ts';

let server: TestServer;
let transactions: TestPooler;
let sessions: TestPooler;
let pool: InstrumentedPool | null = null;

beforeAll(async () => {
  server = await startTestServer();
  [transactions, sessions] = await Promise.all([
    startTestPooler(server),
    startTestPooler(server, { poolMode: 'session' }),
  ]);
  await server.admin(async (client) => {
    await client.query('create role reader');
    await client.query('create role "Strange ""name"');
    await client.query('create schema shop');
  });
});
afterEach(async () => {
  await pool?.end(2000);
  pool = null;
});
afterAll(async () => {
  await Promise.all([transactions?.stop(), sessions?.stop()]);
  await server?.stop();
});

function open(overrides: Partial<ProfileDraft>, through?: TestPooler): InstrumentedPool {
  const at = through === undefined ? {} : { host: through.host, port: through.port };
  pool = poolOf(server.draft({ ...at, ...overrides }), { password: server.password });
  return pool;
}

const failureOf = (overrides: Partial<ProfileDraft>, through?: TestPooler) =>
  ask(open(overrides, through), 'select 1').then(() => null, databaseErrorOf);

const settings: [setting: Partial<ProfileDraft>, name: string, shown: string][] = [
  [{ timeZone: 'Asia/Tokyo' }, 'TimeZone', 'Asia/Tokyo'],
  [{ searchPath: 'shop, "$user", public' }, 'search_path', 'shop, "$user", public'],
  [{ statementTimeoutMs: 12_345 }, 'statement_timeout', '12345ms'],
  [{ lockTimeoutMs: 2000 }, 'lock_timeout', '2s'],
  [{ idleInTransactionTimeoutMs: 60_000 }, 'idle_in_transaction_session_timeout', '1min'],
  [{ parameters: [{ name: 'work_mem', value: '7MB' }] }, 'work_mem', '7MB'],
  [{ parameters: [{ name: 'my.note', value: "it's \\ a 'note'" }] }, 'my.note', "it's \\ a 'note'"],
  [{ role: 'reader' }, 'role', 'reader'],
  [{ role: 'Strange "name' }, 'role', 'Strange "name'],
  [{ connectSql: "set bytea_output = 'escape'; select 1" }, 'bytea_output', 'escape'],
  [{ applicationName: 'shop till' }, 'application_name', 'shop till'],
];

describe('a session of a pool', () => {
  it.each(settings)('has %j', async (setting, name, shown) => {
    expect(await ask(open(setting), `show ${name}`)).toBe(shown);
  });

  it('has them all at once, and none when none is set', async () => {
    const all = open(Object.assign({}, ...settings.map(([setting]) => setting), { parameters: [] }));
    for (const [setting, name, shown] of settings) {
      if (setting.parameters === undefined && setting.role !== 'reader')
        expect(await ask(all, `show ${name}`)).toBe(shown);
    }
    await all.end(2000);
    const none = open({});
    expect(await ask(none, 'show statement_timeout')).toBe('0');
    expect(await ask(none, 'show role')).toBe('none');
  });

  it('keeps what the login told through RESET ALL', async () => {
    const told = open({ statementTimeoutMs: 9000, min: 1, max: 1 });
    await told.query('reset all');
    expect(await ask(told, 'show statement_timeout')).toBe('9s');
  });

  it.each(['nothing', 'rollback', 'reset-all', 'discard-all'] as const)(
    'is the same for its next holder, with "%s" on release',
    async (onRelease) => {
      const told = open({ role: 'reader', statementTimeoutMs: 9000, max: 1, onRelease });
      for (let use = 0; use < 2; use += 1) {
        expect(await ask(told, 'show role')).toBe('reader');
        expect(await ask(told, 'show statement_timeout')).toBe('9s');
      }
    },
  );

  it('is set up anew after DISCARD ALL, which forgets the role and what the connect SQL did', async () => {
    const connectSql = 'create temporary table scratch (id int)';
    const told = open({ role: 'reader', timeZone: 'Asia/Tokyo', connectSql });
    await server.admin((client) => client.query('grant temporary on database postgres to reader'));
    const client = await told.connect();
    await client.query('discard all');
    expect((await client.query('show role')).rows[0]).toEqual({ role: 'none' });
    await (client as unknown as ExplicitClient).setUpSession();
    expect((await client.query('show role')).rows[0]).toEqual({ role: 'reader' });
    expect((await client.query('show TimeZone')).rows[0]).toEqual({ TimeZone: 'Asia/Tokyo' });
    expect((await client.query('select * from scratch')).rows).toEqual([]);
    client.release();
  });

  it('is given up on by the client after the query timeout', async () => {
    await expect(ask(open({ queryTimeoutMs: 200 }), 'select pg_sleep(30)')).rejects.toThrow(
      'Query read timeout',
    );
  });

  it('probes a silent connection as its keepalive says', async () => {
    for (const keepAlive of [true, false]) {
      const client = await open({ keepAlive, keepAliveDelayMs: 45_000 }).connect();
      const { connection } = client as unknown as { connection: Record<string, unknown> };
      expect(connection).toMatchObject({ _keepAlive: keepAlive, _keepAliveInitialDelayMillis: 45_000 });
      client.release();
      await pool?.end(2000);
    }
  });

  it.each<[string, Partial<ProfileDraft>, string]>([
    [
      'an unknown parameter',
      { parameters: [{ name: 'no_such', value: '1' }] },
      'Unrecognized configuration parameter "no_such".',
    ],
    ['a bad value', { timeZone: 'Mars/Base' }, 'Invalid value for parameter "TimeZone": "Mars/Base".'],
    ['a fixed parameter', { parameters: [{ name: 'port', value: '1' }] }, 'cannot be changed'],
    [
      'a role that does not exist',
      { role: 'ghost' },
      'The role "ghost" could not be taken on: Role "ghost" does not exist.',
    ],
    [
      'connect SQL that fails',
      { connectSql: 'selekt 1' },
      'The SQL on each new connection failed: Syntax error at or near "selekt".',
    ],
    ['connect SQL that leaves a transaction', { connectSql: 'begin' }, 'leaves a transaction open'],
  ])(
    'is not opened with %s, which is said in one sentence with where to mend it',
    async (_what, setting, words) => {
      const failure = await failureOf({ ...setting, applicationName: 'refused' });
      expect(failure?.message).toContain(words);
      expect(failure?.details.remedy).toMatch(/session settings/);
      await expect
        .poll(() =>
          server.admin(async (client) => {
            const { rows } = await client.query(
              "select count(*)::int as n from pg_stat_activity where application_name = 'refused'",
            );
            return rows[0].n;
          }),
        )
        .toBe(0);
    },
  );
});

describe('a session behind PgBouncer', () => {
  it('is opened as it is when nothing is set, also with a time zone, which PgBouncer keeps apart', async () => {
    expect(await ask(open({ timeZone: 'Asia/Tokyo' }, transactions), 'show TimeZone')).toBe('Asia/Tokyo');
  });

  it.each(settings)('in session mode has %j', async (setting, name, shown) => {
    expect(await ask(open(setting, sessions), `show ${name}`)).toBe(shown);
  });

  it('in session mode learns once for the pool that parameters are refused at login', async () => {
    const told = open({ statementTimeoutMs: 9000, min: 3, max: 3 }, sessions);
    const clients = await Promise.all([told.connect(), told.connect(), told.connect()]);
    for (const client of clients) {
      expect((await client.query('show statement_timeout')).rows[0]).toEqual({ statement_timeout: '9s' });
      client.release();
    }
  });

  it.each<[string, Partial<ProfileDraft>, string]>([
    ['a timeout', { statementTimeoutMs: 9000 }, 'statement_timeout would pass to other clients'],
    ['a role', { role: 'reader' }, 'the role would pass to other clients'],
    [
      'connect SQL',
      { connectSql: 'set work_mem = 64', timeZone: 'UTC' },
      'the SQL on each new connection would',
    ],
  ])('in transaction mode refuses %s in words, and leaves nothing behind', async (_what, setting, words) => {
    const failure = await failureOf(setting, transactions);
    expect(failure).toMatchObject({ code: 'not_supported', message: expect.stringContaining(words) });
    expect(failure?.details.remedy).toContain('pool_mode = session');
    await pool?.end(2000);
    expect(await ask(open({}, transactions), 'show statement_timeout')).toBe('0');
  });

  it('with its preset works in transaction mode, whatever was set before', async () => {
    const before: Partial<ProfileDraft> = {
      ...{ statementTimeoutMs: 9000, lockTimeoutMs: 9000, idleInTransactionTimeoutMs: 9000, role: 'reader' },
      ...{ timeZone: 'UTC', searchPath: 'shop', parameters: [{ name: 'work_mem', value: '7MB' }] },
      ...{ connectSql: 'set work_mem = 64', onRelease: 'discard-all', checkBeforeUse: 'always', min: 2 },
    };
    expect(await failureOf(before, transactions)).toMatchObject({ code: 'not_supported' });
    await pool?.end(2000);
    const preset = presets.find(({ id }) => id === 'behind-pgbouncer');
    const changes = Object.assign({}, ...(preset?.settings.map(({ values }) => values) ?? []));
    expect(await ask(open({ ...before, ...changes }, transactions), 'select 1 as one')).toBe(1);
  });
});
