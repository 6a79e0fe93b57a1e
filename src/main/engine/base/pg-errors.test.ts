import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import net from 'node:net';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { connectionOptions } from '#engine/profiles/index.ts';
import type { ErrorCode } from '#shared/contract/errors.ts';
import {
  postgres15Available,
  startTestServer,
  type TestServer,
} from '../../../../tests/support/postgres-server.ts';
import { EngineError } from './errors.ts';
import { databaseErrorOf } from './pg-errors.ts';

const failureOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => null,
    (error: unknown) => error,
  );

const versions = ([18, 15] as const).filter((version) => version === 18 || postgres15Available());

describe.each(versions)('an error of PostgreSQL %i', (version) => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer({
      version,
      settings: { max_connections: '6', superuser_reserved_connections: '2' },
    });
    await server.admin(async (client) => {
      await client.query("create role plain login password 'plain'");
      await client.query("create role single login password 'single' connection limit 1");
      await client.query("create role barred nologin password 'barred'");
      await client.query('create database narrow connection limit 1');
    });
  });
  afterAll(() => server?.stop());

  async function session(user = 'postgres', database = 'postgres'): Promise<pg.Client> {
    const password = user === 'postgres' ? server.password : user;
    const client = new pg.Client(connectionOptions(server.draft({ user, database }), password, false));
    client.on('error', () => {});
    await client.connect();
    return client;
  }

  /** What a failing login tells; the sessions given are open meanwhile. */
  async function loginFailure(
    user: string,
    database: string,
    others: [user: string, database: string][] = [],
  ) {
    const open: pg.Client[] = [];
    try {
      for (const [name, where] of others) open.push(await session(name, where));
      return databaseErrorOf(await failureOf(session(user, database).then((client) => client.end())));
    } finally {
      await Promise.all(open.map((client) => client.end()));
    }
  }

  const plain: [string, string] = ['plain', 'postgres'];
  it.each<[string, string, string, [string, string][], ErrorCode, string]>([
    ['a database that does not exist', 'plain', 'nowhere', [], 'database_not_found', 'no database "nowhere"'],
    [
      'a role at its limit',
      'single',
      'postgres',
      [['single', 'postgres']],
      'too_many_connections',
      'The role "single"',
    ],
    [
      'a database at its limit',
      'plain',
      'narrow',
      [['plain', 'narrow']],
      'too_many_connections',
      'The database "narrow"',
    ],
    [
      'a server with reserved slots left',
      'plain',
      'postgres',
      [plain, plain, plain, plain],
      'too_many_connections',
      'reserved for administrators',
    ],
    [
      'a role that may not log in',
      'barred',
      'postgres',
      [],
      'auth_failed',
      'The role "barred" may not log in',
    ],
  ])('says of %s what is the matter', async (_what, user, database, others, code, words) => {
    const error = await loginFailure(user, database, others);
    expect(error).toMatchObject({ code, message: expect.stringContaining(words) });
    expect(error?.details.remedy).toMatch(/\.$/);
    expect(error?.details.sqlState).toMatch(/^[0-9A-Z]{5}$/);
  });

  it('says when the whole server is full', async () => {
    const full = Array.from({ length: 6 }, (): [string, string] => ['postgres', 'postgres']);
    const error = await loginFailure('postgres', 'postgres', full);
    expect(error).toMatchObject({
      code: 'too_many_connections',
      message: expect.stringContaining('max_connections'),
    });
  });

  it.each<[string, ErrorCode, string]>([
    ['set statement_timeout = 20; select pg_sleep(5)', 'query_timeout', 'statement_timeout'],
    ['select * from no_such_table', 'not_found', '"no_such_table"'],
    ['select 1/0', 'database_error', 'Division by zero.'],
    ['selekt', 'database_error', 'Syntax error at or near "selekt".'],
    [
      'create temp table t (a int unique); insert into t values (1), (1)',
      'unique_violation',
      'already exists',
    ],
    [
      'set role plain; create table public.t2 (a int); create schema s',
      'permission_denied',
      'may not do that',
    ],
    [
      'select pg_terminate_backend(pg_backend_pid())',
      'connection_lost',
      'an administrator ended the session',
    ],
    ['select pg_cancel_backend(pg_backend_pid()), pg_sleep(1)', 'database_error', 'user request'],
  ])('on "%s" is %s', async (statement, code, words) => {
    const client = await session();
    const error = databaseErrorOf(await failureOf(client.query(statement)));
    expect(error).toMatchObject({ code, message: expect.stringContaining(words) });
    await client.end();
  });

  it('tells a transaction that idled too long from an administrator', async () => {
    const client = await session();
    const heard = once(client, 'error');
    await client.query('set idle_in_transaction_session_timeout = 20; begin');
    const [first] = await heard;
    expect(databaseErrorOf(first)).toMatchObject({ code: 'connection_lost', details: { sqlState: '25P03' } });
    await client.end();
  });

  it('tells of access rules that turn a user away', async () => {
    await server.admin(async (client) => {
      const { rows } = await client.query("select current_setting('hba_file') as file");
      const rules = await readFile(rows[0].file, 'utf8');
      await writeFile(rows[0].file, `host all plain 127.0.0.1/32 reject\n${rules}`);
      await client.query('select pg_reload_conf()');
    });
    await vi.waitFor(async () => {
      const error = await loginFailure('plain', 'postgres');
      expect(error).toMatchObject({ code: 'auth_failed', message: expect.stringContaining('access rules') });
    });
  });

  it('tells of a server that dies during a statement', async () => {
    const client = await session();
    const failure = failureOf(client.query('select pg_sleep(30)'));
    await server.kill();
    expect(databaseErrorOf(await failure)).toMatchObject({ code: 'connection_lost' });
    expect(databaseErrorOf(await failureOf(client.query('select 1')))).toMatchObject({
      code: 'connection_lost',
    });
    await client.end();
  });
});

describe('an error of the way to the server', () => {
  it('names every address that refused', async () => {
    const free = net.createServer().listen(0);
    await once(free, 'listening');
    const { port } = free.address() as net.AddressInfo;
    await new Promise((resolve) => free.close(resolve));
    const lookup: net.LookupFunction = (_name, _options, done) =>
      done(null, [
        { address: '127.0.0.1', family: 4 },
        { address: '127.0.0.2', family: 4 },
      ]);
    const socket = net.connect({ host: 'db', port, lookup, autoSelectFamily: true });
    const failure = await failureOf(once(socket, 'connect'));
    expect(failure).toBeInstanceOf(AggregateError);
    expect(databaseErrorOf(failure)).toMatchObject({
      code: 'connection_refused',
      message: `Nothing accepts connections at 127.0.0.1 port ${port} and 127.0.0.2 port ${port}.`,
    });
  });

  it('tells the two timeouts of a pool, its end, and a slow answer apart', async () => {
    const server = await startTestServer();
    const silent = net.createServer((socket) => socket.resume().on('error', () => {})).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as net.AddressInfo;
    const poolOf = (overrides: pg.PoolConfig) =>
      new pg.Pool({
        ...connectionOptions(server.draft(), server.password, false),
        max: 1,
        connectionTimeoutMillis: 100,
        ...overrides,
      });

    const full = poolOf({ query_timeout: 50 });
    full.on('error', () => {});
    const holder = await full.connect();
    expect(databaseErrorOf(await failureOf(full.connect()))?.code).toBe('wait_timeout');
    expect(databaseErrorOf(await failureOf(holder.query('select pg_sleep(1)')))?.code).toBe('query_timeout');
    holder.release(true);
    await full.end();
    expect(databaseErrorOf(await failureOf(full.connect()))?.code).toBe('pool_closed');

    const slow = poolOf({ port });
    expect(databaseErrorOf(await failureOf(slow.connect()))?.code).toBe('connect_timeout');
    await slow.end();
    await new Promise((resolve) => silent.close(resolve));
    await server.stop();
  });

  const of = (message: string, fields: object = {}) => Object.assign(new Error(message), fields);
  const fatal = (code: string, message: string) => of(message, { code, severity: 'FATAL' });
  it.each<[ErrorCode, Error, string]>([
    ['host_not_found', of('x', { code: 'ENOTFOUND', hostname: 'db.example' }), '"db.example" was not found'],
    ['host_not_found', of('x', { code: 'EAI_AGAIN', hostname: 'db.example' }), 'name server did not answer'],
    [
      'host_unreachable',
      of('x', { code: 'EHOSTUNREACH', address: '10.0.0.9', port: 5432 }),
      '10.0.0.9 port 5432',
    ],
    ['host_unreachable', of('x', { code: 'ENETUNREACH', address: '::9', port: 5432 }), '::9 port 5432'],
    [
      'connect_timeout',
      of('x', { code: 'ETIMEDOUT', address: '10.0.0.9', port: 5432 }),
      'No answer came from 10.0.0.9',
    ],
    ['connection_lost', of('read ECONNRESET', { code: 'ECONNRESET' }), 'broke off'],
    ['connection_lost', of('write EPIPE', { code: 'EPIPE' }), 'broke off'],
    [
      'connection_refused',
      of('x', { code: 'ENOENT', syscall: 'connect', address: '/tmp/.s.PGSQL.1' }),
      '/tmp/.s.PGSQL.1',
    ],
    [
      'permission_denied',
      of('x', { code: 'EACCES', syscall: 'connect', address: '/tmp/.s.PGSQL.1' }),
      '/tmp/.s.PGSQL.1',
    ],
    ['tls_failed', of('x', { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' }), 'self-signed'],
    ['tls_failed', of('x', { code: 'CERT_HAS_EXPIRED' }), 'expired'],
    ['tls_failed', of('x', { code: 'ERR_TLS_CERT_ALTNAME_INVALID', host: 'db.example' }), '"db.example"'],
    ['tls_failed', of('x', { code: 'ERR_SSL_WRONG_VERSION_NUMBER' }), 'ERR_SSL_WRONG_VERSION_NUMBER'],
    ['tls_failed', of('The server does not support SSL connections'), 'does not offer TLS'],
    ['connection_lost', of('Connection terminated unexpectedly'), 'was lost'],
    ['connection_lost', of('Connection terminated'), 'was lost'],
    ['connect_timeout', of('Connection terminated due to connection timeout'), 'in time'],
    [
      'auth_failed',
      of('SASL: SCRAM-SERVER-FINAL-MESSAGE: server signature does not match'),
      'could not prove',
    ],
    ['server_unavailable', fatal('57P03', 'the database system is starting up'), 'is starting up'],
    ['server_unavailable', fatal('57P03', 'the database system is shutting down'), 'is shutting down'],
    ['connection_lost', fatal('57P02', 'terminating connection because of crash'), 'crashed'],
    ['connection_lost', fatal('08006', 'server conn crashed?'), 'Server conn crashed?'],
    ['too_many_connections', fatal('08P01', 'no more connections allowed (max_client_conn)'), 'pooler'],
    [
      'too_many_connections',
      Object.assign(fatal('53300', 'zu viele Verbindungen für Rolle »app«'), {
        routine: 'InitializeSessionUserId',
      }),
      'The role of this connection',
    ],
  ])('is %s: %s', (code, error, words) => {
    const found = databaseErrorOf(error);
    expect(found).toMatchObject({ code, message: expect.stringContaining(words) });
    expect(found?.message).toMatch(/\.$/);
    expect(found?.details.remedy).toMatch(/\.$/);
  });

  it('is left to others when it is none', () => {
    const others = [
      new Error('boom'),
      of('no file', { code: 'ENOENT', syscall: 'open' }),
      'text',
      null,
      undefined,
    ];
    for (const other of others) expect(databaseErrorOf(other)).toBeNull();
    const own = new EngineError('cancelled', 'Cancelled.');
    expect(databaseErrorOf(own)).toBe(own);
  });
});
