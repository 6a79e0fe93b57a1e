import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { ManyRuns } from '#shared/contract/query.ts';
import type { RouteInput } from '#shared/contract/routes.ts';
import { startTestServer, type TestServer } from '../../../../../tests/support/postgres-server.ts';
import { openQuery, type QueryUnderTest } from '../../../../../tests/support/query.ts';

describe('one statement on many databases', () => {
  let first: TestServer;
  let second: TestServer;
  let under: QueryUnderTest;
  beforeAll(async () => {
    [first, second] = await Promise.all([startTestServer(), startTestServer()]);
    under = await openQuery(first, { queryWrites: true });
    await under.add('other', second);
    await under.add('third', first, { max: 1 });
    await second.admin((client) => client.query('CREATE TABLE only_here (id int)'));
  });
  afterAll(async () => {
    await under.close();
    await Promise.all([first.stop(), second.stop()]);
  });

  const start = async (text: string, more: Partial<RouteInput<'query.runMany'>> = {}) => {
    const manyId = randomUUID();
    const over = new Promise<ManyRuns>((resolve) => {
      const stop = under.events.on('query.manyChanged', (many) => {
        if (many.manyId !== manyId || !many.complete) return;
        stop();
        resolve(many);
      });
    });
    const begun = await under.call('query.runMany', {
      manyId,
      profileIds: ['main', 'other', 'third'],
      text,
      parameters: [],
      mode: 'readOnly',
      timeoutMs: 70_000,
      rowLimit: 1000,
      ...more,
    });
    return { manyId, begun, over };
  };

  it('puts the rows of all of them together, each with its source', async () => {
    const { manyId, begun, over } = await start('SELECT generate_series(1, $1::int) AS i', {
      parameters: [{ type: 'int4', value: '300' }],
    });
    expect(begun.runs.map(({ profileId }) => profileId)).toEqual(['main', 'other', 'third']);
    const { merged } = await over;
    expect(merged).toMatchObject({ state: 'ready', rows: 900 });
    const window = await under.call('query.mergedRows', { manyId, from: 298, limit: 4 });
    expect(window.rows).toEqual([['299'], ['300'], ['1'], ['2']]);
    expect(window.sources).toEqual(['main', 'main', 'other', 'other']);
    expect(window).toMatchObject({ available: 900, complete: true });
    await under.call('query.exportMerged', { exportId: 'merged', manyId, format: 'csv' });
    const lines = under.saved.at(-1)?.split('\r\n') ?? [];
    expect(lines.slice(0, 2)).toEqual(['connection,i', 'main,1']);
    expect(lines[301]).toBe('other,1');
    expect(lines).toHaveLength(902);
  });

  it('puts them in the order asked for, whoever answered first', async () => {
    const text = `SELECT pg_sleep(CASE WHEN to_regclass('only_here') IS NULL THEN 0 ELSE 0.3 END)::text AS slept,
      to_regclass('only_here') IS NOT NULL AS other`;
    const { manyId, over } = await start(text, { profileIds: ['other', 'main'] });
    const { merged } = await over;
    expect(merged).toMatchObject({ sources: [{ profileId: 'other' }, { profileId: 'main' }] });
    const { rows, sources } = await under.call('query.mergedRows', { manyId, from: 0, limit: 9 });
    expect(sources).toEqual(['other', 'main']);
    expect(rows.map(([, other]) => other)).toEqual(['t', 'f']);
  });

  it('keeps failures apart from successes, each with its own error', async () => {
    const { over } = await start('SELECT count(*) FROM only_here');
    const { runs, merged } = await over;
    expect(runs.map(({ state }) => state)).toEqual(['failed', 'done', 'failed']);
    expect(runs[0]?.error?.details.sqlState).toBe('42P01');
    expect(runs[1]?.timing.waitMs).not.toBeNull();
    expect(merged).toMatchObject({ state: 'ready', rows: 1, sources: [{ profileId: 'other', rows: 1 }] });
  });

  it('says where columns do not agree', async () => {
    await second.admin((client) => client.query('CREATE VIEW v AS SELECT 1 AS id, 2::text AS b'));
    await first.admin((client) => client.query('CREATE VIEW v AS SELECT 1 AS id, 2::bigint AS b'));
    const { merged } = await (await start('SELECT * FROM v')).over;
    expect(merged).toMatchObject({
      state: 'differs',
      reason: expect.stringContaining('"b" is bigint here and text'),
    });
  });

  it('writes only where each connection allows it', async () => {
    const { over } = await start('CREATE TABLE made (id int)', { mode: 'write' });
    const { runs } = await over;
    expect(runs.map(({ state, error }) => [state, error?.code])).toEqual([
      ['done', undefined],
      ['failed', 'read_only'],
      ['failed', 'read_only'],
    ]);
  });

  it('refuses at once what no database could run', async () => {
    await expect(start('SELECT 1; SELECT 2')).rejects.toMatchObject({ code: 'bad_input' });
  });

  it('runs a few at a time, and stops all of them', async () => {
    const { manyId, over } = await start('SELECT pg_sleep(64)', { concurrency: 2 });
    const atWork = async (server: TestServer) => {
      const text = "SELECT 1 FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(64)' AND state = 'active'";
      return (await server.admin((client) => client.query(text))).rows.length;
    };
    await vi.waitFor(async () => expect([await atWork(first), await atWork(second)]).toEqual([1, 1]), 10_000);
    const many = await under.call('query.cancelMany', { manyId });
    expect(many.runs.map(({ state }) => state)).toEqual(['cancelled', 'cancelled', 'cancelled']);
    expect(many.runs[2]?.error?.message).toMatch(/before the statement was sent/);
    expect((await over).complete).toBe(true);
    expect([await atWork(first), await atWork(second)]).toEqual([0, 0]);
  });

  it('goes on with the others when one server is down', async () => {
    await second.kill();
    try {
      const { runs } = await (await start('SELECT 1 AS one')).over;
      expect(runs.map(({ state }) => state)).toEqual(['done', 'failed', 'done']);
      expect(['connection_lost', 'connection_refused']).toContain(runs[1]?.error?.code);
    } finally {
      await second.start();
    }
  });
});
