import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { eventually } from '../../../../tests/support/eventually.ts';
import { startTestPooler, type TestPooler } from '../../../../tests/support/pgbouncer.ts';
import { startTestServer, type TestServer } from '../../../../tests/support/postgres-server.ts';
import { systemClock } from '../base/clock.ts';
import { EngineError } from '../base/errors.ts';
import { silentLogger } from '../base/log.ts';
import { ConsoleConnection } from './console-connection.ts';
import { Holds } from './holds.ts';

let server: TestServer;
let pooler: TestPooler;
/** What happens to the next logins, one each, after the pooler let them in. */
let fates: (() => Promise<void>)[];
let holds: Holds;
const never = new AbortController().signal;
const pauseApp = { kind: 'pause', database: 'app', timeoutMs: 5000, autoResume: true } as const;

beforeAll(async () => {
  server = await startTestServer({ version: 15 });
  pooler = await startTestPooler(server, { databases: { app: 'postgres' } });
});
beforeEach(async () => {
  fates = [];
  // The pooler knows a database from its first client on.
  const client = await pooler.client('app');
  await client.query('select 1');
  await client.end();
  const { host, port, user } = pooler.draft();
  holds = new Holds({
    async open(timeoutMs, signal) {
      const config = { host, port, user, password: pooler.password, database: 'pgbouncer' };
      const connection = await ConsoleConnection.open({ config, timeoutMs, signal });
      await fates.shift()?.();
      return connection;
    },
    clock: systemClock,
    log: silentLogger(),
    onChanged: () => {},
    save: async () => {},
    record: () => {},
  });
});
afterEach(() => holds.end(2000));
afterAll(async () => {
  await pooler?.stop();
  await server?.stop();
});

const paused = async () =>
  Number((await pooler.console('SHOW DATABASES')).find(({ name }) => name === 'app')?.paused);

describe('a PAUSE that is ended while it still logs in', () => {
  it('by RESUME is never sent', async () => {
    const gate = Promise.withResolvers<void>();
    fates = [() => gate.promise];
    const pausing = holds.pause(pauseApp, never);
    pausing.catch(() => {});
    await eventually(() => fates.length).toBe(0);
    await holds.resume('app');
    gate.resolve();
    await expect(pausing).rejects.toMatchObject({ code: 'cancelled' });
    expect([await paused(), holds.list()]).toEqual([0, []]);
  });

  it('by its caller is never sent', async () => {
    const gate = Promise.withResolvers<void>();
    fates = [() => gate.promise];
    const cancelling = new AbortController();
    const pausing = holds.pause(pauseApp, cancelling.signal);
    pausing.catch(() => {});
    await eventually(() => fates.length).toBe(0);
    cancelling.abort();
    gate.resolve();
    await expect(pausing).rejects.toMatchObject({ code: 'cancelled' });
    expect([await paused(), holds.list()]).toEqual([0, []]);
  });
});

describe('a PAUSE whose end by RESUME does not get through', () => {
  it('is resumed by itself as soon as that works', async () => {
    const busy = await pooler.client('app');
    await busy.query('begin');
    await busy.query('select 1');
    const refusal = new EngineError('connection_refused', 'Nobody answers.');
    fates = [async () => {}, () => Promise.reject(refusal)];
    const pausing = holds.pause(pauseApp, never);
    pausing.catch(() => {});
    await eventually(paused).toBe(1);
    await expect(holds.resume('app')).rejects.toMatchObject({ code: 'connection_refused' });
    await expect(pausing).rejects.toMatchObject({ code: 'cancelled' });
    await eventually(() => holds.list()).toEqual([]);
    expect(await paused()).toBe(0);
    await busy.query('rollback');
    await busy.end();
  });
});
