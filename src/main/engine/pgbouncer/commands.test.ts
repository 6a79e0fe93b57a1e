import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startTestEngine, type TestEngine } from '../../../../tests/support/engine.ts';
import { eventually } from '../../../../tests/support/eventually.ts';
import { startTestPooler, type TestPooler } from '../../../../tests/support/pgbouncer.ts';
import { startTestServer, type TestServer } from '../../../../tests/support/postgres-server.ts';

let server: TestServer;
let pooler: TestPooler;
let app: TestEngine;

beforeAll(async () => {
  server = await startTestServer({ version: 15 });
  pooler = await startTestPooler(server, { databases: { app: 'postgres', 'My-Db': 'postgres' } });
});
beforeEach(async () => {
  app = await startTestEngine();
});
afterEach(() => app.close());
afterAll(async () => {
  await pooler?.stop();
  await server?.stop();
});

const databaseRow = async (name: string) =>
  (await pooler.console('SHOW DATABASES')).find((row) => row.name === name);
const settingOf = async (key: string) =>
  (await pooler.console('SHOW CONFIG')).find((row) => row.key === key)?.value;
const events = () =>
  app
    .heard('history.eventAdded')
    .filter(({ kind }) => kind === 'poolerCommand')
    .map(({ text }) => text);

describe('a command to the pooler', () => {
  it('is explained with the figures of the moment, and changes nothing until it is given', async () => {
    const profileId = await app.opened(pooler.draft(), pooler.password);
    const plan = await app.call('pgbouncer.explain', {
      profileId,
      command: { kind: 'kill', database: 'My-Db' },
    });
    expect(plan).toMatchObject({
      text: 'KILL "My-Db"',
      impact: 'breaks',
      undo: 'RESUME "My-Db"',
      refusal: null,
    });
    expect(plan.effects.join(' ')).toContain(
      'Cuts off 0 clients and 0 server connections of "My-Db" at once',
    );
    expect(await databaseRow('My-Db')).toMatchObject({ paused: 0 });
    expect(events()).toEqual([]);
  });

  it('reaches a database whose name has capitals, dashes or quotes, and no other', async () => {
    const profileId = await app.opened(pooler.draft(), pooler.password);
    const odd = 'We"ird -- Näme';
    await server.admin((client) => client.query(`create database "${odd.replace('"', '""')}"`));
    const client = await pooler.client(odd);
    await client.query('select 1');
    await client.end();
    await eventually(() => databaseRow(odd)).toBeDefined();
    // So that the list of databases holds it.
    await app.call('health.check', { profileId });
    for (const database of [odd, 'My-Db', 'app']) {
      const others = async () =>
        (await pooler.console('SHOW DATABASES')).filter(
          (row) => row.name !== database && Number(row.disabled),
        );
      await app.call('pgbouncer.run', { profileId, command: { kind: 'disable', database } });
      expect(await databaseRow(database)).toMatchObject({ disabled: 1 });
      expect(await others()).toEqual([]);
      await app.call('pgbouncer.run', { profileId, command: { kind: 'enable', database } });
      expect(await databaseRow(database)).toMatchObject({ disabled: 0 });
    }
    expect(events()).toContain('DISABLE "My-Db": "My-Db" takes no new clients.');
  });

  it('for a database that is not there is refused, and makes none', async () => {
    const profileId = await app.opened(pooler.draft(), pooler.password);
    const before = (await pooler.console('SHOW DATABASES')).length;
    expect(
      await app.failure('pgbouncer.run', { profileId, command: { kind: 'pause', database: 'my-db' } }),
    ).toMatchObject({ code: 'not_found', message: 'The pooler knows no database "my-db".' });
    expect((await pooler.console('SHOW DATABASES')).length).toBe(before);
  });

  it('is refused for a read-only profile', async () => {
    const profileId = await app.opened(pooler.draft({ readOnly: true }), pooler.password);
    for (const command of [{ kind: 'reload' }, { kind: 'pause', database: null }] as const) {
      expect(await app.failure('pgbouncer.run', { profileId, command })).toMatchObject({ code: 'read_only' });
      const { refusal } = await app.call('pgbouncer.explain', { profileId, command });
      expect(refusal).toMatchObject({ code: 'read_only' });
    }
    expect(events()).toEqual([]);
  });

  it('that the version lacks is refused by name', async () => {
    const profileId = await app.opened(pooler.draft(), pooler.password);
    expect(
      await app.failure('pgbouncer.run', { profileId, command: { kind: 'killClient', clientId: 3 } }),
    ).toMatchObject({ code: 'not_supported', message: 'PgBouncer 1.18.0 has no KILL_CLIENT.' });
  });

  it('is refused when its name is too long for the console', async () => {
    const profileId = await app.opened(pooler.draft(), pooler.password);
    const database = 'ä'.repeat(32);
    expect(
      await app.failure('pgbouncer.run', { profileId, command: { kind: 'disable', database } }),
    ).toMatchObject({ code: 'bad_input', message: expect.stringContaining('63 bytes') });
  });

  it('reconnects and reloads', async () => {
    const profileId = await app.opened(pooler.draft(), pooler.password);
    const client = await pooler.client('app');
    const pid = async () => (await client.query('select pg_backend_pid() as pid')).rows[0].pid as number;
    const before = await pid();
    await app.call('pgbouncer.run', { profileId, command: { kind: 'reconnect', database: 'app' } });
    await eventually(pid).not.toBe(before);
    await client.end();
    expect(await app.call('pgbouncer.run', { profileId, command: { kind: 'reload' } })).toMatchObject({
      text: 'RELOAD',
    });
  });
});

describe('a setting', () => {
  it('is changed to exactly the value given, quotes, dashes and spaces too', async () => {
    const profileId = await app.opened(pooler.draft(), pooler.password);
    const set = (key: string, value: string) =>
      app.call('pgbouncer.run', { profileId, command: { kind: 'set', key, value } });
    const { outcome } = await set('server_idle_timeout', '33');
    expect(outcome).toBe('server_idle_timeout is 33 now; it was 600.');
    expect(await settingOf('server_idle_timeout')).toBe('33');
    await set('server_check_query', "select 'it''s -- fine; \"really\"'");
    expect(await settingOf('server_check_query')).toBe("select 'it''s -- fine; \"really\"'");
    await set('server_check_query', '');
    expect(await settingOf('server_check_query')).toBe('');
    const settings = await app.call('pgbouncer.settings', { profileId });
    expect(settings.find(({ key }) => key === 'server_idle_timeout')).toEqual({
      ...{ key: 'server_idle_timeout', value: '33', default: '600', changeable: true },
    });
  });

  it('that the pooler refuses, cannot change, or does not know is told apart', async () => {
    const profileId = await app.opened(pooler.draft(), pooler.password);
    const failure = (key: string, value: string) =>
      app.failure('pgbouncer.run', { profileId, command: { kind: 'set', key, value } });
    expect(await failure('pool_mode', 'wrong')).toMatchObject({
      code: 'database_error',
      message: 'The pooler does not take "wrong" for pool_mode.',
    });
    expect(await failure('listen_port', '1')).toMatchObject({
      code: 'not_supported',
      message: '"listen_port" cannot be changed while the pooler runs.',
    });
    expect(await settingOf('listen_port')).toBe(String(pooler.port));
    expect(await failure('no_such_setting', '1')).toMatchObject({ code: 'not_found' });
  });
});
