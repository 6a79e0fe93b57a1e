import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { type StageReport, type TestStage, testStages } from '#shared/contract/connection-test.ts';
import type { ProfileDraft } from '#shared/model/profile.ts';
import { startTestServer, type TestServer } from '../../../../tests/support/postgres-server.ts';
import { makeCertificates, type TestCertificates } from '../../../../tests/support/tls-certificates.ts';
import { systemClock } from '../base/clock.ts';
import { createEventBus } from '../base/event-bus.ts';
import { silentLogger } from '../base/log.ts';
import { connectionOptions } from './connection-options.ts';
import { createConnectionTestHandlers } from './connection-test.ts';
import { ExplicitClient } from './explicit-client.ts';
import { resolveTls } from './tls.ts';

let server: TestServer;
let certificates: TestCertificates;
let home = '';

beforeAll(async () => {
  [server, certificates] = await Promise.all([startTestServer(), makeCertificates()]);
  home = await mkdtemp(path.join(tmpdir(), 'poolscope-home-'));
  await mkdir(path.join(home, '.postgresql'));
});
afterEach(() => vi.unstubAllEnvs());
afterAll(async () => {
  await server?.stop();
  await certificates?.remove();
  await rm(home, { recursive: true, force: true });
});

const never = () => new AbortController().signal;

async function test(
  draft: ProfileDraft,
  options: {
    password?: string | undefined;
    keyPassphrase?: string | undefined;
    signal?: AbortSignal;
    onStage?: (stage: StageReport) => void;
  } = {},
) {
  const events = createEventBus((error) => {
    throw error;
  });
  const told: string[] = [];
  events.on('connectionTest.stage', ({ testId, stage }) => {
    expect(testId).toBe('t1');
    told.push(`${stage.stage} ${stage.outcome}`);
    options.onStage?.(stage);
  });
  const handlers = createConnectionTestHandlers({
    events,
    clock: systemClock,
    log: silentLogger(),
    stageTimeoutMs: 1500,
    secretsFor: async () => ({
      passwordFor: async () => ('password' in options ? options.password : server.password),
      keyPassphrase: options.keyPassphrase,
    }),
  });
  const keep = { kind: 'keep' } as const;
  const input = { testId: 't1', draft, password: keep, keyPassphrase: keep, profileId: null };
  const context = { callerId: 'c1', signal: options.signal ?? never() };
  const report = await handlers['connectionTest.run'](input, context);
  const stage = (name: TestStage) => report.stages.find((candidate) => candidate.stage === name);
  return { report, stage, told };
}

const outcomes = (stages: StageReport[]) =>
  stages.map(({ stage, outcome }) => `${stage} ${outcome}`).join(', ');
const sessions = (applicationName: string) =>
  server.admin(async (client) => {
    const text = 'select count(*)::int as n from pg_stat_activity where application_name = $1';
    return (await client.query(text, [applicationName])).rows[0].n as number;
  });

/** A way to the server that counts who comes. */
async function startRelay() {
  let count = 0;
  const relay = net.createServer((inward) => {
    count += 1;
    const outward = net.connect(server.port, server.host);
    inward.pipe(outward).pipe(inward);
    inward.on('error', () => {}).on('close', () => outward.destroy());
    outward.on('error', () => {}).on('close', () => inward.destroy());
  });
  relay.listen(0, '127.0.0.1');
  await once(relay, 'listening');
  const { port } = relay.address() as net.AddressInfo;
  return { port, count: () => count, stop: () => new Promise((resolve) => relay.close(resolve)) };
}

describe('testing a connection', () => {
  it('passes every stage on one connection, tells of each, and leaves none open', async () => {
    const relay = await startRelay();
    const draft = server.draft({ host: 'localhost', port: relay.port, applicationName: 'tester' });
    const { report, stage, told } = await test(draft);
    expect(outcomes(report.stages)).toBe('name passed, tcp passed, tls passed, login passed, query passed');
    expect(report.passed).toBe(true);
    expect(told).toEqual(testStages.flatMap((name) => [`${name} running`, `${name} passed`]));
    expect(stage('name')?.finding).toContain('127.0.0.1');
    expect(stage('tcp')?.finding).toBe(`Connected to 127.0.0.1 port ${relay.port}.`);
    expect(stage('tls')?.finding).toContain('Not used');
    expect(stage('login')?.finding).toMatch(/^PostgreSQL 18\.\d.*, not encrypted\.$/);
    expect(stage('query')?.finding).toMatch(/^\d+ of 100 connections in use · postgres, superuser$/);
    expect(relay.count()).toBe(1);
    await vi.waitFor(async () => expect(await sessions('tester')).toBe(0));
    await relay.stop();
  });

  it('needs no lookup for an address', async () => {
    const { stage } = await test(server.draft());
    expect(stage('name')).toMatchObject({
      outcome: 'passed',
      finding: expect.stringContaining('is an IP address'),
    });
  });

  it('says what little a user without rights will see', async () => {
    await server.admin((client) => client.query("create role plain login password 'plain'"));
    const { stage } = await test(server.draft({ user: 'plain' }), { password: 'plain' });
    expect(stage('query')?.finding).toContain('GRANT pg_monitor TO plain');
  });

  const refused = "create role refused login password 'refused' connection limit 0";
  it.each<[string, Partial<ProfileDraft>, string | undefined, TestStage, string, string]>([
    ['a wrong password', {}, 'wrong', 'login', 'auth_failed', 'refused the password for user "postgres"'],
    ['no password', {}, undefined, 'login', 'auth_failed', 'none is stored'],
    ['an unknown user', { user: 'ghost' }, 'x', 'login', 'auth_failed', '"ghost"'],
    ['an unknown database', { database: 'no such' }, undefined, 'login', 'database_not_found', '"no such"'],
    [
      'a role at its limit',
      { user: 'refused' },
      'refused',
      'login',
      'too_many_connections',
      'The role "refused"',
    ],
    [
      'a host that does not exist',
      { host: 'no-such-host.invalid' },
      'x',
      'name',
      'host_not_found',
      'no-such-host',
    ],
    ['a port nobody listens on', { host: 'localhost', port: 1 }, 'x', 'tcp', 'connection_refused', 'port 1'],
    ['a missing Unix socket', { host: '/no/such' }, 'x', 'tcp', 'connection_refused', '/no/such/.s.PGSQL.'],
    ['TLS asked for in vain', { tlsMode: 'require' }, 'x', 'tls', 'tls_failed', 'does not offer TLS'],
    ['TLS checked in vain', { tlsMode: 'verify-full' }, 'x', 'tls', 'tls_failed', 'does not offer TLS'],
  ])('with %s says what failed, and how to mend it, and skips the rest', async (...row) => {
    const [what, overrides, password, failing, code, words] = row;
    if (what.startsWith('a role')) await server.admin((client) => client.query(refused));
    const { report, stage } = await test(server.draft(overrides), {
      password: what === 'an unknown database' ? server.password : password,
    });
    const index = testStages.indexOf(failing);
    expect(report.passed).toBe(false);
    expect(report.stages.map(({ outcome }) => outcome)).toEqual(
      testStages.map((_, at) => (at < index ? 'passed' : at === index ? 'failed' : 'skipped')),
    );
    expect(stage(failing)?.error).toMatchObject({ code, message: expect.stringContaining(words) });
    expect(stage(failing)?.error?.details.remedy).toMatch(/\.$/);
    expect(JSON.stringify(report)).not.toContain(server.password);
  });

  it('asks the silent server no longer than its limit and hangs up', async () => {
    const closed: Promise<unknown>[] = [];
    const silent = net.createServer((socket) => closed.push(once(socket.resume(), 'close')));
    silent.listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as net.AddressInfo;
    for (const tlsMode of ['prefer', 'disable'] as const) {
      const { stage } = await test(server.draft({ port, tlsMode }));
      expect(stage(tlsMode === 'prefer' ? 'tls' : 'login')).toMatchObject({
        outcome: 'failed',
        error: { code: 'connect_timeout' },
      });
    }
    expect(await Promise.all(closed)).toHaveLength(2);
    await new Promise((resolve) => silent.close(resolve));
  });

  it.each(testStages)('can be cancelled during the stage "%s" and leaves nothing open', async (name) => {
    const relay = await startRelay();
    const abort = new AbortController();
    const draft = server.draft({ host: 'localhost', port: relay.port, applicationName: `cancel ${name}` });
    const outcome = test(draft, {
      signal: abort.signal,
      onStage: ({ stage, outcome: state }) => {
        if (stage === name && state === 'running') queueMicrotask(() => abort.abort());
      },
    });
    await expect(outcome).rejects.toMatchObject({ code: 'cancelled' });
    await vi.waitFor(async () => expect(await sessions(`cancel ${name}`)).toBe(0));
    await relay.stop();
  });
});

describe('TLS', () => {
  const trust = async (trusted: boolean) => {
    vi.stubEnv('HOME', home);
    const authority = trusted ? await readFile(certificates.authority, 'utf8') : '';
    await writeFile(path.join(home, '.postgresql', 'root.crt'), authority);
  };

  it('is used where the server offers it: by "prefer" and "require" without a check of the certificate', async () => {
    await certificates.install(server, 'stranger');
    for (const tlsMode of ['prefer', 'require'] as const) {
      const { report, stage } = await test(server.draft({ tlsMode }));
      expect(outcomes(report.stages)).not.toContain('failed');
      expect(stage('tls')?.finding).toMatch(
        /^TLS 1\.[23], .+, certificate not checked, expires \d{4}-\d\d-\d\d\.$/,
      );
      expect(stage('login')?.finding).toContain(', encrypted');
    }
  });

  it('with "verify-full" accepts a certificate for this host from an authority in root.crt', async () => {
    await certificates.install(server, 'good');
    await trust(true);
    for (const host of ['localhost', '127.0.0.1']) {
      const { report, stage } = await test(server.draft({ host, tlsMode: 'verify-full' }));
      expect(outcomes(report.stages)).not.toContain('failed');
      expect(stage('tls')?.finding).toContain('certificate checked (authority and name)');
    }
  });

  it.each([
    ['good', false, 'authority'],
    ['stranger', true, 'for another name than "localhost"'],
    ['expired', true, 'has expired'],
  ] as const)(
    'with "verify-full" refuses the %s certificate (authority trusted: %s)',
    async (name, trusted, words) => {
      await certificates.install(server, name);
      await trust(trusted);
      const { stage } = await test(server.draft({ host: 'localhost', tlsMode: 'verify-full' }));
      expect(stage('tls')).toMatchObject({
        outcome: 'failed',
        error: { code: 'tls_failed', message: expect.stringContaining(words) },
      });
    },
  );

  it('is settled the same way for the connections of a pool', async () => {
    await certificates.install(server, 'good');
    await trust(true);
    const settle = (overrides: Partial<ProfileDraft>) => {
      const draft = server.draft(overrides);
      return resolveTls(draft, draft, undefined, never());
    };
    const encrypted = async (draft: ProfileDraft) => {
      const options = connectionOptions(
        draft,
        server.password,
        await resolveTls(draft, draft, undefined, never()),
      );
      const client = new ExplicitClient(options);
      await client.connect();
      try {
        const text = 'select ssl from pg_stat_ssl where pid = pg_backend_pid()';
        return (await client.query(text)).rows[0].ssl as boolean;
      } finally {
        await client.end();
      }
    };
    for (const tlsMode of ['prefer', 'require', 'verify-full'] as const) {
      expect(await encrypted(server.draft({ host: 'localhost', tlsMode }))).toBe(true);
    }
    expect(await encrypted(server.draft({ tlsMode: 'disable' }))).toBe(false);
    await certificates.install(server, null);
    expect(await encrypted(server.draft({ tlsMode: 'prefer' }))).toBe(false);
    await expect(encrypted(server.draft({ tlsMode: 'require' }))).rejects.toThrow('does not support SSL');
    expect(await settle({ host: '/tmp', port: 5432, tlsMode: 'verify-full' })).toBe(false);
    const gone = settle({ host: '127.0.0.1', port: 1, tlsMode: 'prefer' });
    await expect(gone).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });
});

describe('testing the settings of a session', () => {
  it.each<[string, Partial<ProfileDraft>, string, string]>([
    [
      'an unknown parameter',
      { parameters: [{ name: 'no_such', value: '1' }] },
      'database_error',
      'Unrecognized configuration parameter "no_such".',
    ],
    [
      'a role that does not exist',
      { role: 'ghost' },
      'database_error',
      'The role "ghost" could not be taken on',
    ],
    [
      'connect SQL that fails',
      { connectSql: 'selekt' },
      'database_error',
      'The SQL on each new connection failed',
    ],
  ])('says the answer of the server to %s, at the login', async (_what, overrides, code, words) => {
    const { stage } = await test(server.draft({ ...overrides, applicationName: 'set up' }));
    expect(stage('login')?.error).toMatchObject({ code, message: expect.stringContaining(words) });
    expect(stage('login')?.error?.details.remedy).toContain('session settings');
    await vi.waitFor(async () => expect(await sessions('set up')).toBe(0));
  });
});

describe('testing several hosts', () => {
  const nobody = { host: '127.0.0.1', port: 1 };

  it('says of each what was found, and logs in to the first that will do', async () => {
    const more = [{ host: server.host, port: server.port }];
    const { report, stage } = await test(
      server.draft({ ...nobody, moreHosts: more, applicationName: 'several' }),
    );
    expect(outcomes(report.stages)).not.toContain('failed');
    expect(stage('name')?.finding).toContain('127.0.0.1 port 1: No name to look up');
    expect(stage('tcp')?.finding).toBe(
      `127.0.0.1 port ${server.port}: Connected to 127.0.0.1 port ${server.port}.`,
    );
    expect(stage('login')?.finding).toContain(`port ${server.port}: PostgreSQL 18`);
    await vi.waitFor(async () => expect(await sessions('several')).toBe(0));
  });

  it('names them all when none will do, and leaves nothing open', async () => {
    const { stage } = await test(
      server.draft({ moreHosts: [nobody], targetSessionAttrs: 'standby', applicationName: 'unfit' }),
    );
    const error = stage('login')?.error;
    expect(error?.code).toBe('server_unavailable');
    expect(error?.message).toMatch(
      /None of the 2 hosts will do\. .*port 1: Nothing accepts.*it is a primary/,
    );
    await vi.waitFor(async () => expect(await sessions('unfit')).toBe(0));
  });

  it('takes a primary for want of a standby where one is only preferred, and says so', async () => {
    const { stage } = await test(server.draft({ targetSessionAttrs: 'prefer-standby' }));
    expect(stage('login')?.finding).toMatch(/no standby answered\.$/);
    expect(stage('query')?.outcome).toBe('passed');
  });
});

describe('TLS begun at once', () => {
  it('is tested so, and checked', async () => {
    await certificates.install(server, 'good');
    const draft = { host: 'localhost', tlsCaFile: certificates.authority, tlsNegotiation: 'direct' } as const;
    const { report, stage } = await test(server.draft({ ...draft, tlsMode: 'verify-full' }));
    expect(outcomes(report.stages)).not.toContain('failed');
    expect(stage('tls')?.finding).toMatch(
      /^TLS 1\.3, .+, certificate checked \(authority and name\), expires /,
    );
  });

  it('fails on a server without TLS with a hint at the version it needs', async () => {
    await certificates.install(server, null);
    const { stage } = await test(server.draft({ tlsMode: 'require', tlsNegotiation: 'direct' }));
    expect(stage('tls')?.error).toMatchObject({ code: 'tls_failed' });
  });

  it('says what is wrong with a file beside its field, before the server is asked', async () => {
    const { stage } = await test(server.draft({ tlsMode: 'verify-ca', tlsCaFile: '/no/such.crt' }));
    expect(stage('tls')?.error).toMatchObject({
      code: 'tls_failed',
      details: { fields: { tlsCaFile: 'There is no file "/no/such.crt".' } },
    });
  });
});

describe('the environment', () => {
  it('has no say in where a connection goes or how it logs in', async () => {
    for (const [name, value] of Object.entries({
      PGPASSWORD: server.password,
      PGHOST: 'elsewhere.invalid',
      PGPORT: '1',
      PGUSER: 'nobody',
      PGDATABASE: 'nowhere',
      PGSSLMODE: 'verify-full',
      PGSSLNEGOTIATION: 'direct',
      PGAPPNAME: 'leaked',
      PGOPTIONS: '-c search_path=leaked',
      PGREPLICATION: 'database',
    })) {
      vi.stubEnv(name, value);
    }
    const client = new ExplicitClient(
      connectionOptions(server.draft({ applicationName: 'mine' }), server.password, false),
    );
    await client.connect();
    const result = await client.query(
      `select current_setting('search_path') as path, current_setting('application_name') as name`,
    );
    expect(result.rows).toEqual([{ path: '"$user", public', name: 'mine' }]);
    await client.end();

    const without = new ExplicitClient(connectionOptions(server.draft(), undefined, false));
    await expect(without.connect()).rejects.toThrow('non-empty string');
    expect(JSON.stringify(connectionOptions(server.draft(), 'hunter2', false))).not.toContain('hunter2');
  });
});
