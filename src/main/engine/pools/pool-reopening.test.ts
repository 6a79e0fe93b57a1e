import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { ProfileDraft } from '#shared/model/profile.ts';
import { configFor, noConsoles, sessionsOf } from '../../../../tests/support/pools.ts';
import { startTestServer, type TestServer } from '../../../../tests/support/postgres-server.ts';
import { systemClock } from '../base/clock.ts';
import { silentLogger } from '../base/log.ts';
import { PoolSlot } from './pool-slot.ts';

let server: TestServer;
let slot: PoolSlot;

beforeAll(async () => {
  server = await startTestServer();
});
afterEach(() => slot.close());
afterAll(() => server.stop());

function slotOf(secrets: { password: string }, overrides: Partial<ProfileDraft> = {}, user = server.user) {
  slot = new PoolSlot('a', {
    getProfile: () => server.draft(overrides),
    connectionConfig: async () => configFor(server, { user, password: () => secrets.password }),
    ...noConsoles,
    onStatus: () => {},
    clock: systemClock,
    log: silentLogger(),
  });
  return slot;
}

describe('a pool that was closed', () => {
  it('opens once a refused password has been mended, though settings changed while it was closed', async () => {
    const secrets = { password: 'wrong' };
    const pool = slotOf(secrets);
    expect(await pool.open()).toMatchObject({ state: 'closed', error: { code: 'auth_failed' } });
    secrets.password = server.password;
    expect(await pool.reopen()).toMatchObject({ state: 'closed' });
    expect(await pool.open()).toMatchObject({ state: 'open', error: null });
  });

  it('opens again after it was closed twice', async () => {
    const pool = slotOf({ password: server.password });
    await pool.open();
    await pool.close();
    await pool.close();
    expect(await pool.open()).toMatchObject({ state: 'open' });
  });
});

describe('a minimum that the server does not grant', () => {
  it('is asked for in single attempts with growing pauses, while what is open goes on serving', async () => {
    await server.admin(async (client) => {
      await client.query("CREATE ROLE limited LOGIN CONNECTION LIMIT 2 PASSWORD 'limited'");
    });
    const pool = slotOf({ password: 'limited' }, { min: 5, healthIntervalMs: 1000 }, 'limited');
    await pool.open();
    await expect.poll(async () => (await sessionsOf(server)).length).toBe(2);
    let refusals = 0;
    const deadline = Date.now() + 5000;
    while (Date.now() < deadline) {
      await pool.pool.query('SELECT 1');
      refusals += pool.takeSample()?.connectFailures ?? 0;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    // Four missing at first, then one after 2 s and one after 4 s more; without pauses one or more a second.
    expect(refusals).toBeLessThanOrEqual(6);
    expect(pool.status().health.state).toBe('healthy');
  });
});
