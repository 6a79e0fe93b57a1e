import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestPooler, type TestPooler } from '../../../../tests/support/pgbouncer.ts';
import { startTestServer, type TestServer } from '../../../../tests/support/postgres-server.ts';
import { openQuery, type QueryUnderTest, rowsOf } from '../../../../tests/support/query.ts';

describe('a statement behind a pooler that shares server connections', () => {
  let server: TestServer;
  let pooler: TestPooler;
  let under: QueryUnderTest;
  beforeAll(async () => {
    server = await startTestServer();
    pooler = await startTestPooler(server);
    under = await openQuery(server, { queryWrites: true });
    const { host, port } = pooler;
    await under.add('pooled', { ...server, host, port }, { queryWrites: true });
    await server.admin((client) =>
      client.query(`CREATE TABLE called (id int);
        CREATE PROCEDURE called_with(id int) LANGUAGE sql AS $$ INSERT INTO called VALUES (id) $$`),
    );
  });
  afterAll(async () => {
    await under.close();
    await pooler.stop();
    await server.stop();
  });
  const pooled = { profileId: 'pooled' };
  const seven = [{ type: null, value: '7' }];

  it('gives all its rows, with a parameter whose type the server infers', async () => {
    const text = 'SELECT i FROM generate_series(1, 2000) AS i WHERE i > $1';
    const answer = await under.run(text, { ...pooled, parameters: seven });
    expect(rowsOf(answer)[0]).toEqual(['8']);
    expect(await under.over(answer.run.runId)).toMatchObject({ state: 'done', rows: 1993 });
  });

  it('takes parameters outside of a transaction, too', async () => {
    const { run } = await under.run('CALL called_with($1)', { ...pooled, mode: 'write', parameters: seven });
    expect(run).toMatchObject({ state: 'done', error: null });
    const { rows } = await server.admin((client) => client.query('SELECT id FROM called'));
    expect(rows).toEqual([{ id: 7 }]);
  });

  it('outside of a transaction sets no time limit that others would inherit', async () => {
    const limit = "DO $$ BEGIN RAISE NOTICE '%', current_setting('statement_timeout'); END $$";
    const direct = await under.run(limit, { mode: 'write', timeoutMs: 9000 });
    expect(direct.run.notices.map(({ message }) => message)).toEqual(['9s']);
    const shared = await under.run(limit, { ...pooled, mode: 'write', timeoutMs: 9000 });
    expect(shared.run.notices.map(({ message }) => message)).toEqual(['0']);
  });
});
