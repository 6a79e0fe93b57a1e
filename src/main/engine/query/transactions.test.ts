import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  startTestServer,
  type TestServer,
  testedVersions,
} from '../../../../tests/support/postgres-server.ts';
import { openQuery, type QueryUnderTest, rowsOf } from '../../../../tests/support/query.ts';

describe.each(testedVersions())('a transaction of the user on PostgreSQL %i', (version) => {
  let server: TestServer;
  let under: QueryUnderTest;
  beforeAll(async () => {
    server = await startTestServer({ version });
    under = await openQuery(server, { queryWrites: true });
    await server.admin((client) =>
      client.query(`CREATE TABLE accounts (id int PRIMARY KEY, money int);
        CREATE TABLE later (id int REFERENCES accounts DEFERRABLE INITIALLY DEFERRED)`),
    );
  });
  afterAll(async () => {
    await under.close();
    await server.stop();
  });
  beforeEach(() => server.admin((client) => client.query('TRUNCATE accounts, later')));

  const begin = async (
    mode: 'readOnly' | 'write' = 'write',
    more: { idleLimitMs?: number; callerId?: string } = {},
  ) => {
    const { idleLimitMs = 60_000, callerId = 'window' } = more;
    const input = { transactionId: randomUUID(), profileId: 'main', mode, idleLimitMs };
    return await under.call('query.begin', input, { callerId });
  };
  const stored = async () => {
    const { rows } = await server.admin((client) => client.query('SELECT id FROM accounts ORDER BY id'));
    return rows.map(({ id }) => id);
  };
  const isOpenOnServer = async (pid: number | null) => {
    const text = 'SELECT 1 FROM pg_stat_activity WHERE pid = $1 AND xact_start IS NOT NULL';
    return (await server.admin((client) => client.query(text, [pid]))).rows.length > 0;
  };
  const inside = (transactionId: string, mode: 'readOnly' | 'write' = 'write') => ({ transactionId, mode });

  it('holds what its statements did until it is committed', async () => {
    const { transactionId, state, backendPid } = await begin();
    expect(state).toBe('open');
    const first = await under.run('INSERT INTO accounts VALUES (1, 10)', inside(transactionId));
    expect(first.run).toMatchObject({ transactionId, affectedRows: 1, backendPid });
    expect(rowsOf(await under.run('SELECT id FROM accounts', inside(transactionId)))).toEqual([['1']]);
    expect(await stored()).toEqual([]);
    expect(await under.call('query.transactions', {})).toMatchObject([
      { transactionId, statements: 2, busy: false },
    ]);
    expect(await under.call('query.commit', { transactionId })).toMatchObject({ state: 'committed' });
    expect(await stored()).toEqual([1]);
    expect(await under.call('query.transactions', {})).toEqual([]);
  });

  it('leaves nothing when it is rolled back, with a statement running in it', async () => {
    const { transactionId, backendPid } = await begin();
    await under.run('INSERT INTO accounts VALUES (1, 10)', inside(transactionId));
    const running = under.run('SELECT pg_sleep(60)', { ...inside(transactionId), timeoutMs: 70_000 });
    await expect(under.run('SELECT 1', inside(transactionId))).rejects.toMatchObject({ code: 'bad_input' });
    expect(await under.call('query.rollback', { transactionId })).toMatchObject({ state: 'rolledBack' });
    expect((await running).run.state).toBe('cancelled');
    expect(await stored()).toEqual([]);
    expect(await isOpenOnServer(backendPid)).toBe(false);
    await expect(under.run('SELECT 1', inside(transactionId))).rejects.toMatchObject({ code: 'not_found' });
  });

  it('takes only a rollback after a failure, or the way back to a savepoint', async () => {
    const { transactionId } = await begin();
    await under.run('INSERT INTO accounts VALUES (1, 10)', inside(transactionId));
    await under.run('SAVEPOINT here', inside(transactionId));
    const failed = await under.run('INSERT INTO accounts VALUES (1, 11)', inside(transactionId));
    expect(failed.run.error).toMatchObject({ code: 'unique_violation' });
    expect(under.transactions.at(-1)).toMatchObject({ state: 'failed' });
    const refused = await under.run('SELECT 1', inside(transactionId));
    expect(refused.run.error?.details.sqlState).toBe('25P02');
    await expect(under.call('query.commit', { transactionId })).rejects.toMatchObject({
      code: 'database_error',
    });
    const back = await under.run('ROLLBACK TO SAVEPOINT here', inside(transactionId));
    expect(back.run.error).toBeNull();
    await under.call('query.commit', { transactionId });
    expect(await stored()).toEqual([1]);
  });

  it('is committed once that has begun: whoever rolls it back then learns so', async () => {
    await server.admin((client) =>
      client.query(`CREATE OR REPLACE FUNCTION slowly() RETURNS trigger LANGUAGE plpgsql AS
          $$ BEGIN PERFORM pg_sleep(0.3); RETURN NULL; END $$;
        CREATE CONSTRAINT TRIGGER slow AFTER INSERT ON accounts DEFERRABLE INITIALLY DEFERRED
          FOR EACH ROW EXECUTE FUNCTION slowly()`),
    );
    const { transactionId } = await begin();
    await under.run('INSERT INTO accounts VALUES (1, 10)', inside(transactionId));
    const committed = under.call('query.commit', { transactionId });
    const rolledBack = under.call('query.rollback', { transactionId });
    expect(await committed).toMatchObject({ state: 'committed', busy: false });
    expect(await rolledBack).toMatchObject({ state: 'committed' });
    expect(await stored()).toEqual([1]);
    await server.admin((client) => client.query('DROP TRIGGER slow ON accounts'));
  });

  it('tells that a commit failed, and that nothing is stored', async () => {
    const { transactionId } = await begin();
    await under.run('INSERT INTO later VALUES (99)', inside(transactionId));
    await expect(under.call('query.commit', { transactionId })).rejects.toMatchObject({
      details: { sqlState: '23503' },
    });
    expect(under.transactions.at(-1)).toMatchObject({
      state: 'rolledBack',
      error: { details: { sqlState: '23503' } },
    });
  });

  it.each([
    [['SET TRANSACTION READ WRITE']],
    [['SAVEPOINT a', 'ROLLBACK TO a', 'SET TRANSACTION READ WRITE']],
    [['SAVEPOINT a', 'SET LOCAL transaction_read_only = off']],
    [['SET SESSION CHARACTERISTICS AS TRANSACTION READ WRITE', 'SET default_transaction_read_only = off']],
  ])('stays read-only when it began so, whatever runs in it: %s', async (texts) => {
    const { transactionId } = await begin('readOnly');
    for (const text of texts) await under.run(text, inside(transactionId, 'readOnly'));
    const state = under.transactions.at(-1)?.state;
    const write = await under.run('INSERT INTO accounts VALUES (5, 5)', inside(transactionId, 'readOnly'));
    if (state === 'open') expect(write.run.error).toMatchObject({ code: 'read_only' });
    else expect(write.run.error?.details.sqlState).toBe('25P02');
    await under.call('query.rollback', { transactionId });
    expect(await stored()).toEqual([]);
  });

  it.each([['COMMIT'], ['END'], ['ROLLBACK'], ['BEGIN'], ['COMMIT AND CHAIN'], ['ROLLBACK AND CHAIN']])(
    'is not ended by a statement: %s',
    async (text) => {
      const { transactionId, backendPid } = await begin();
      await expect(under.run(text, inside(transactionId))).rejects.toMatchObject({ code: 'not_supported' });
      expect(await isOpenOnServer(backendPid)).toBe(true);
      await under.call('query.rollback', { transactionId });
    },
  );

  it('does not begin as a writing one where writing is off, nor takes statements of another mode', async () => {
    under.change('main', { queryWrites: false });
    await expect(begin()).rejects.toMatchObject({ code: 'read_only' });
    under.change('main', { queryWrites: true });
    const { transactionId } = await begin('readOnly');
    await expect(under.run('SELECT 1', inside(transactionId, 'write'))).rejects.toMatchObject({
      code: 'bad_input',
    });
    await under.call('query.commit', { transactionId });
  });

  it('is rolled back when it idles for too long', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      const { transactionId, backendPid } = await begin('write', { idleLimitMs: 10_000 });
      await under.run('INSERT INTO accounts VALUES (1, 10)', inside(transactionId));
      await vi.advanceTimersByTimeAsync(10_000);
      vi.useRealTimers();
      await vi.waitFor(() =>
        expect(under.transactions.at(-1)).toMatchObject({ transactionId, state: 'expired' }),
      );
      expect(await isOpenOnServer(backendPid)).toBe(false);
      expect(await stored()).toEqual([]);
    } finally {
      vi.useRealTimers();
    }
  });

  it('is rolled back when its window goes away', async () => {
    const { transactionId, backendPid } = await begin('write', { callerId: 'second window' });
    await under.run('INSERT INTO accounts VALUES (1, 10)', inside(transactionId));
    under.query.callerGone('second window');
    await vi.waitFor(() =>
      expect(under.transactions.at(-1)).toMatchObject({ transactionId, state: 'rolledBack' }),
    );
    expect(await isOpenOnServer(backendPid)).toBe(false);
  });

  it('is rolled back when its pool closes', async () => {
    await under.add('closing', server, { queryWrites: true });
    const input = {
      transactionId: randomUUID(),
      profileId: 'closing',
      mode: 'write',
      idleLimitMs: 60_000,
    } as const;
    const { transactionId } = await under.call('query.begin', input);
    await under.run('INSERT INTO accounts VALUES (1, 10)', {
      ...inside(transactionId),
      profileId: 'closing',
    });
    await under.closePool('closing');
    expect(under.transactions.at(-1)).toMatchObject({ transactionId, state: 'rolledBack' });
    expect(await stored()).toEqual([]);
  });

  it('is lost with its connection, says so, and is never run again', async () => {
    const { transactionId, backendPid } = await begin();
    await under.run('INSERT INTO accounts VALUES (1, 10)', inside(transactionId));
    const running = under.run('INSERT INTO accounts SELECT 2, 1 FROM pg_sleep(60)', {
      ...inside(transactionId),
      timeoutMs: 70_000,
    });
    await vi.waitFor(async () => {
      const text = "SELECT 1 FROM pg_stat_activity WHERE pid = $1 AND state = 'active'";
      expect((await server.admin((client) => client.query(text, [backendPid]))).rows).toHaveLength(1);
    });
    await server.admin((client) => client.query('SELECT pg_terminate_backend($1)', [backendPid]));
    const { run } = await running;
    expect(run).toMatchObject({ state: 'failed', attempts: 1, error: { code: 'connection_lost' } });
    expect(run.error?.message).toMatch(/transaction is gone/);
    await vi.waitFor(() => expect(under.transactions.at(-1)).toMatchObject({ transactionId, state: 'lost' }));
    expect(await stored()).toEqual([]);
  });

  it('is lost while it idles, too', async () => {
    const { transactionId, backendPid } = await begin();
    await server.admin((client) => client.query('SELECT pg_terminate_backend($1)', [backendPid]));
    await vi.waitFor(() =>
      expect(under.transactions.at(-1)).toMatchObject({
        transactionId,
        state: 'lost',
        error: { code: 'connection_lost' },
      }),
    );
  });
});

describe('a server that goes away', () => {
  let server: TestServer;
  let under: QueryUnderTest;
  beforeAll(async () => {
    server = await startTestServer();
    under = await openQuery(server, { max: 1, queryWrites: true });
  });
  afterAll(async () => {
    await under.close();
    await server.stop();
  });

  it('takes a statement with it, which is said and not run again', async () => {
    const running = under.run('SELECT pg_sleep(60)', { timeoutMs: 70_000 });
    await vi.waitFor(async () => {
      const text = "SELECT 1 FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(60)' AND state = 'active'";
      expect((await server.admin((client) => client.query(text))).rows).toHaveLength(1);
    }, 10_000);
    await server.kill();
    const { run } = await running;
    expect(run).toMatchObject({ state: 'failed', error: { code: 'connection_lost' } });
    expect(run.error?.message).toMatch(/read-only, so nothing has changed/);
    await server.start();
  });

  it('is tried again before a statement was sent, where the connection at rest was broken', async () => {
    const first = await vi.waitFor(async () => {
      const answer = await under.run('SELECT 1');
      expect(answer.run.state).toBe('done');
      return answer.run;
    }, 20_000);
    await under.query.handlers['query.close'](
      { runId: first.runId },
      { callerId: '', signal: new AbortController().signal },
    );
    // Broken without a word to us: the next statement finds a dead connection.
    const pool = under.poolOf('main');
    const client = await pool.connect();
    const { rows } = await client.query('SELECT pg_backend_pid() AS pid');
    client.release();
    await server.admin((admin) => admin.query('SELECT pg_terminate_backend($1)', [rows[0].pid]));
    const { run } = await under.run('SELECT 2');
    expect(run.state).toBe('done');
  });
});
