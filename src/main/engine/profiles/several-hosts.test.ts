import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type ProfileDraft, profileDefaults } from '#shared/model/profile.ts';
import { startSilentServer } from '../../../../tests/support/pools.ts';
import {
  postgres15Available,
  startTestServer,
  type TestServer,
} from '../../../../tests/support/postgres-server.ts';
import { ask, poolOf } from '../../../../tests/support/profile-pool.ts';
import { startStandby, type TestStandby } from '../../../../tests/support/standby.ts';
import { databaseErrorOf } from '../base/pg-errors.ts';
import type { InstrumentedPool } from '../pools/instrumented-pool.ts';

let primary: TestServer;
let standby: TestStandby;
let pool: InstrumentedPool | null = null;

const available = postgres15Available();

beforeAll(async () => {
  if (!available) return;
  primary = await startTestServer({ version: 15 });
  standby = await startStandby(primary);
}, 120_000);
afterEach(async () => {
  await pool?.end(2000);
  pool = null;
});
afterAll(async () => {
  await standby?.stop();
  await primary?.stop();
});

type Place = { host: string; port: number };
const nobody: Place = { host: '127.0.0.1', port: 1 };

function open(hosts: Place[], overrides: Partial<ProfileDraft> = {}): InstrumentedPool {
  const [first = nobody, ...moreHosts] = hosts;
  const draft: ProfileDraft = {
    ...profileDefaults,
    ...{ name: 'hosts', user: primary.user, database: primary.database, tlsMode: 'disable' },
    ...{ host: first.host, port: first.port, moreHosts, waitTimeoutMs: 20_000, ...overrides },
  };
  pool = poolOf(draft, { password: primary.password });
  return pool;
}

const port = 'select inet_server_port()';

describe.skipIf(!available)('several hosts', () => {
  it('are tried in order, past one where nobody answers', async () => {
    expect(await ask(open([nobody, primary, standby]), port)).toBe(primary.port);
  });

  it('are tried past one that accepts and stays silent, well within the wait', async () => {
    const silent = await startSilentServer();
    expect(
      await ask(open([{ host: '127.0.0.1', port: silent.port }, primary], { waitTimeoutMs: 4000 }), port),
    ).toBe(primary.port);
    await silent.stop();
  });

  it('are each asked about TLS', async () => {
    expect(await ask(open([nobody, primary], { tlsMode: 'prefer' }), port)).toBe(primary.port);
  });

  it.each([
    ['any', 'standby'],
    ['read-write', 'primary'],
    ['read-only', 'standby'],
    ['primary', 'primary'],
    ['standby', 'standby'],
    ['prefer-standby', 'standby'],
  ] as const)('with "%s" lead to the %s', async (targetSessionAttrs, wanted) => {
    // The one that is not wanted stands first, but for "any".
    const inOrder =
      wanted === 'primary' || targetSessionAttrs === 'any' ? [standby, primary] : [primary, standby];
    const connected = await ask(open(inOrder, { targetSessionAttrs }), port);
    expect(connected).toBe(wanted === 'primary' ? primary.port : standby.port);
  });

  it('with "prefer-standby" lead to a primary when there is no standby', async () => {
    expect(await ask(open([nobody, primary], { targetSessionAttrs: 'prefer-standby' }), port)).toBe(
      primary.port,
    );
  });

  it('that all will not do are named, each with why', async () => {
    const failure = await ask(open([nobody, primary], { targetSessionAttrs: 'standby' }), port).catch(
      (error: unknown) => databaseErrorOf(error),
    );
    expect(failure).toMatchObject({ code: 'server_unavailable' });
    expect(String(failure)).toContain('None of the 2 hosts will do.');
    expect(String(failure)).toContain('127.0.0.1 port 1: Nothing accepts connections at');
    expect(String(failure)).toContain(`port ${primary.port}: The server will not do: it is a primary`);
  });

  it('are not tried further once one refuses the password', async () => {
    const failure = await ask(open([primary, standby], { user: 'nobody here' }), port).catch(databaseErrorOf);
    expect(failure).toMatchObject({ code: 'auth_failed' });
    expect(String(failure)).not.toContain('None of');
  });

  it('of one name will do as well: a lone server that is not wanted is refused', async () => {
    const failure = await ask(open([standby], { targetSessionAttrs: 'read-write' }), port).catch(
      databaseErrorOf,
    );
    expect(failure).toMatchObject({
      code: 'server_unavailable',
      message: expect.stringContaining('it is a standby, and read-write is wanted'),
    });
  });

  it('count a request as one attempt, and every connection of the pool finds its way', async () => {
    const hosts = open([nobody, standby, primary], { min: 3, max: 3, targetSessionAttrs: 'primary' });
    const clients = await Promise.all([hosts.connect(), hosts.connect(), hosts.connect()]);
    for (const client of clients) {
      const { rows } = await client.query(port);
      expect(rows[0]).toEqual({ inet_server_port: primary.port });
      client.release();
    }
    expect(hosts.takeSample(null)).toMatchObject({ opened: 3, closed: 0, connectFailures: 0 });
  });

  it('stop a statement on the server that runs it, not on the first of the list', async () => {
    const hosts = open([standby, primary], { targetSessionAttrs: 'read-write' });
    const client = await hosts.connect();
    const running = client.query('select pg_sleep(60)').catch(databaseErrorOf);
    expect(await hosts.stopStatement(client, 10_000)).toBe(true);
    expect(String(await running)).toContain('stopped');
    client.release();
  });

  // Last, because it takes the primary away.
  it('follow a failover: when the primary is gone and the standby promoted, the pool goes there', async () => {
    const hosts = open([primary, standby], { targetSessionAttrs: 'read-write' });
    expect(await ask(hosts, port)).toBe(primary.port);
    await primary.kill();
    await ask(hosts, port).catch(() => {});
    await standby.promote();
    await expect.poll(() => ask(hosts, port).catch(() => null), { timeout: 30_000 }).toBe(standby.port);
    await primary.start();
  });
});
