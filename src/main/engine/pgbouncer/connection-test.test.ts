import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ProfileDraft } from '#shared/model/profile.ts';
import { startTestEngine, type TestEngine } from '../../../../tests/support/engine.ts';
import { startTestPooler, type TestPooler } from '../../../../tests/support/pgbouncer.ts';
import { startTestServer, type TestServer } from '../../../../tests/support/postgres-server.ts';

let server: TestServer;
let pooler: TestPooler;
let app: TestEngine;

beforeAll(async () => {
  server = await startTestServer({ version: 15 });
  pooler = await startTestPooler(server, { databases: { app: 'postgres' } });
  app = await startTestEngine();
});
afterAll(async () => {
  await app?.close();
  await pooler?.stop();
  await server?.stop();
});

async function test(draft: ProfileDraft, password: string) {
  const report = await app.call('connectionTest.run', {
    ...{ testId: 't', draft, profileId: null, password: { kind: 'set', value: password } },
  });
  const finding = (name: string) => report.stages.find(({ stage }) => stage === name);
  return { passed: report.passed, login: finding('login'), query: finding('query') };
}

describe('testing a connection to a console', () => {
  it('passes, says what it is and what the user may do', async () => {
    const admin = await test(pooler.draft(), pooler.password);
    expect(admin.passed).toBe(true);
    expect(admin.login?.finding).toBe('Console of PgBouncer 1.18.0, not encrypted.');
    expect(admin.query?.finding).toBe('Console of PgBouncer 1.18.0 · boss, may watch and give commands');
    const looker = await test(pooler.draft({ user: pooler.looker }), pooler.password);
    expect(looker.query?.finding).toContain('looker, may watch, not give commands');
  });

  it('fails with a way out for a user who is neither admin nor stats', async () => {
    const { passed, login } = await test(pooler.draft({ user: pooler.nobody }), pooler.password);
    expect(passed).toBe(false);
    expect(login?.error).toMatchObject({
      code: 'permission_denied',
      message: "The user of this connection may not use the pooler's console.",
      details: { remedy: expect.stringContaining('stats_users') },
    });
  });

  it('takes a database that the pooler serves, and one of that name on a server, for what they are', async () => {
    const proxied = await test(pooler.draft({ database: 'app', user: server.user }), server.password);
    expect(proxied.login?.finding).toMatch(/^PostgreSQL 15\./);
    expect(proxied.query?.finding).toContain('connections in use');
    await server.admin((client) => client.query('create database pgbouncer'));
    const plain = await test(server.draft({ database: 'pgbouncer' }), server.password);
    expect(plain.passed).toBe(true);
    expect(plain.query?.finding).toContain('connections in use');
  });
});
