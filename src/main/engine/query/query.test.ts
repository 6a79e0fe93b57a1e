import { randomUUID } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  startTestServer,
  type TestServer,
  testedVersions,
} from '../../../../tests/support/postgres-server.ts';
import { openQuery, type QueryUnderTest, rowsOf } from '../../../../tests/support/query.ts';

describe.each(testedVersions())('running a statement on PostgreSQL %i', (version) => {
  let server: TestServer;
  let under: QueryUnderTest;
  beforeAll(async () => {
    server = await startTestServer({ version });
    under = await openQuery(server, { queryWrites: true });
    await server.admin((client) =>
      client.query(`CREATE TABLE notes (id serial PRIMARY KEY, text text UNIQUE);
        CREATE FUNCTION sneaky() RETURNS int LANGUAGE plpgsql AS
          $$ BEGIN INSERT INTO notes (text) VALUES ('sneaked in'); RETURN 1; END $$;
        CREATE TYPE mood AS ENUM ('sad', 'happy');
        CREATE FUNCTION talks() RETURNS int LANGUAGE plpgsql AS
          $$ BEGIN RAISE NOTICE 'half way' USING HINT = 'wait'; RAISE WARNING 'done'; RETURN 7; END $$`),
    );
  });
  afterAll(async () => {
    await under.close();
    await server.stop();
  });
  const countNotes = async () => {
    const { rows } = await server.admin((client) => client.query('SELECT count(*)::int AS n FROM notes'));
    return rows[0].n as number;
  };

  it('shows every value in the words of the server, with its type', async () => {
    const { run, window } =
      await under.run(`SELECT 9223372036854775807::int8 AS big, 1.10::numeric(10,2) AS exact,
      '{"a": [1, 2.50]}'::json AS doc, ARRAY[1,NULL,3] AS list, '\\x00ff'::bytea AS bytes,
      '2026-11-20 23:37:33.5+00'::timestamptz AS at, ''::text AS empty, NULL::text AS nothing, true AS yes,
      'happy'::mood AS mood, 'NaN'::float8 AS nan, 'abc'::varchar(7) AS short, now()::time(3) IS NULL`);
    expect(run.state).toBe('done');
    expect(window?.rows[0]?.slice(0, 5)).toEqual([
      '9223372036854775807',
      '1.10',
      '{"a": [1, 2.50]}',
      '{1,NULL,3}',
      '\\x00ff',
    ]);
    expect(window?.rows[0]?.[5]).toMatch(/^2026-11-2\d \d\d:\d\d:33\.5[+-]\d\d$/);
    expect(window?.rows[0]?.slice(6)).toEqual(['', null, 't', 'happy', 'NaN', 'abc', 'f']);
    expect(run.columns?.map(({ name, typeName, kind }) => [name, typeName, kind])).toEqual([
      ['big', 'bigint', 'integer'],
      ['exact', 'numeric(10,2)', 'decimal'],
      ['doc', 'json', 'json'],
      ['list', 'integer[]', 'array'],
      ['bytes', 'bytea', 'bytes'],
      ['at', 'timestamp with time zone', 'time'],
      ['empty', 'text', 'text'],
      ['nothing', 'text', 'text'],
      ['yes', 'boolean', 'boolean'],
      ['mood', 'mood', 'text'],
      ['nan', 'double precision', 'float'],
      ['short', 'character varying(7)', 'text'],
      ['?column?', 'boolean', 'boolean'],
    ]);
    expect(run.timing.waitMs).not.toBeNull();
    expect(run.timing.serverMs).toBeGreaterThan(0);
    expect(run.command).toBe('SELECT');
    expect(run.affectedRows).toBeNull();
  });

  it('names types as the server does, whatever their length or precision', async () => {
    const types = [
      'numeric(8,3)',
      'numeric',
      'varchar(3)[]',
      'char(4)',
      'timestamp(3)',
      'timestamptz(0)',
      'time(2)',
      'timetz',
      'bit(5)',
      'varbit(9)',
      'interval',
      'interval day to second(3)',
      'int2',
      'float4',
      'money',
      'uuid[]',
      'jsonb',
      'pg_lsn',
      'int4range',
      'regclass',
      'oid',
      '"char"',
      'name',
      'inet[]',
      'numeric(5,2)[]',
      'mood[]',
      ...(version >= 15 ? ['numeric(3,-2)'] : []),
    ];
    const { run } = await under.run(`SELECT ${types.map((type) => `NULL::${type}`).join(', ')}`);
    const list = types.map((_, index) => `a${index}`);
    const expected = await server.admin(async (client) => {
      const columns = types.map((type, index) => `a${index} ${type}`).join(', ');
      await client.query(`CREATE TEMP TABLE kinds (${columns})`);
      const { rows } = await client.query(
        "SELECT format_type(atttypid, atttypmod) AS name FROM pg_attribute WHERE attrelid = 'kinds'::regclass AND attnum > 0 ORDER BY attnum",
      );
      return rows.map(({ name }) => name);
    });
    expect(run.columns?.map(({ typeName }) => typeName)).toEqual(expected);
    expect(list).toHaveLength(expected.length);
  });

  describe('read-only', () => {
    it.each([
      ['a plain write', "INSERT INTO notes (text) VALUES ('a')"],
      [
        'a write hidden in a CTE',
        "WITH new AS (INSERT INTO notes (text) VALUES ('a') RETURNING id) SELECT * FROM new",
      ],
      ['a write hidden in a function', 'SELECT sneaky()'],
      ['a write hidden in a DO block', "DO $$ BEGIN INSERT INTO notes (text) VALUES ('a'); END $$"],
      ['a new table', 'CREATE TABLE other (id int)'],
      ['a sequence', "SELECT nextval('notes_id_seq')"],
      ['explaining and running a write', "EXPLAIN ANALYZE INSERT INTO notes (text) VALUES ('a')"],
      ['SELECT … FOR UPDATE', 'SELECT * FROM notes FOR UPDATE'],
      ['ending sessions', 'SELECT pg_terminate_backend(pid) FROM pg_stat_activity'],
      ['ending sessions, in quotes', 'SELECT "pg_cancel_backend"(pid) FROM pg_stat_activity'],
      ['ending sessions, in numbers', 'SELECT U&"pg\\005fcancel_backend"(pid) FROM pg_stat_activity'],
    ])('refuses %s', async (_what, text) => {
      const before = await countNotes();
      const error = await under.run(text).then(
        ({ run }) => run.error,
        (refused) => refused.toPayload(),
      );
      expect(error?.code).toBe('read_only');
      expect(await countNotes()).toBe(before);
    });

    it.each([
      ['SET TRANSACTION READ WRITE'],
      ['SET transaction_read_only = off'],
      ["SELECT set_config('transaction_read_only', 'off', true)"],
      ["DO $$ BEGIN SET TRANSACTION READ WRITE; INSERT INTO notes (text) VALUES ('escaped'); END $$"],
      [
        "DO $$ BEGIN PERFORM set_config('transaction_read_only', 'off', false); INSERT INTO notes (text) VALUES ('escaped'); END $$",
      ],
      ["DO $$ BEGIN COMMIT; INSERT INTO notes (text) VALUES ('escaped'); END $$"],
      ["DO $$ BEGIN ROLLBACK; INSERT INTO notes (text) VALUES ('escaped'); END $$"],
      ["DO $$ BEGIN EXECUTE 'COMMIT'; INSERT INTO notes (text) VALUES ('escaped'); END $$"],
      ['DISCARD ALL'],
      ['VACUUM notes'],
    ])('lets no statement out of its transaction: %s', async (text) => {
      const before = await countNotes();
      const { run } = await under.run(text);
      expect(run.state).toBe('failed');
      expect(await countNotes()).toBe(before);
    });

    it.each([
      ['COMMIT'],
      ['/* hidden */ commit and chain'],
      ['-- hidden\nROLLBACK'],
      ['END'],
      ['ABORT'],
      ['BEGIN READ WRITE'],
      ['START TRANSACTION READ WRITE'],
      ["PREPARE TRANSACTION 'x'"],
    ])('refuses to run %s at all', async (text) => {
      await expect(under.run(text)).rejects.toMatchObject({ code: 'not_supported' });
    });

    it('refuses two statements, and marks the second', async () => {
      await expect(under.run('SELECT 1;\nDELETE FROM notes')).rejects.toMatchObject({
        code: 'bad_input',
        details: { position: { line: 2, column: 1, offset: 10 } },
      });
    });

    it('leaves two statements that a lexer cannot tell apart to the server, which refuses them', async () => {
      await server.admin((client) =>
        client.query('ALTER ROLE postgres SET standard_conforming_strings = off'),
      );
      const backslash = await openQuery(server, { queryWrites: false });
      try {
        // To a server that takes backslashes as escapes, the string ends where Poolscope sees none end.
        const { run } = await backslash.run("SELECT 'a\\', 'b; COMMIT; DELETE FROM notes; --'");
        expect(['failed', 'done']).toContain(run.state);
        const { run: other } = await backslash.run("SELECT '\\''; COMMIT; DELETE FROM notes; --'");
        expect(other.error?.message).toMatch(/multiple commands/);
      } finally {
        await backslash.close();
        await server.admin((client) => client.query('ALTER ROLE postgres RESET standard_conforming_strings'));
      }
    });

    it.each([['COPY notes FROM STDIN'], ['COPY notes TO STDOUT'], ["COPY notes TO PROGRAM 'cat'"]])(
      'refuses %s in a sentence',
      async (text) => {
        await expect(under.run(text)).rejects.toMatchObject({ code: 'not_supported' });
      },
    );

    it('leaves nothing behind on the connection for whoever gets it next', async () => {
      const alone = await openQuery(server, { max: 1 });
      try {
        const changes = [
          'SET SESSION CHARACTERISTICS AS TRANSACTION READ WRITE',
          'SET default_transaction_read_only = off',
          "SET search_path = 'elsewhere'",
          'SET statement_timeout = 1',
          'SET ROLE pg_monitor',
          'LISTEN gossip',
          'PREPARE later AS SELECT 1',
          'SELECT pg_advisory_lock(4711)',
          'DECLARE kept CURSOR WITH HOLD FOR SELECT 1',
          'CREATE TEMP TABLE mine (id int)',
        ];
        for (const text of changes) await alone.run(text);
        const { rows } = await alone.poolOf('main').query(`SELECT current_setting('search_path') AS path,
          current_setting('statement_timeout') AS timeout, current_user AS who,
          current_setting('default_transaction_read_only') AS ro, current_setting('application_name') AS app,
          (SELECT count(*)::int FROM pg_prepared_statements WHERE from_sql) AS prepared,
          (SELECT count(*)::int FROM pg_listening_channels()) AS listening,
          (SELECT count(*)::int FROM pg_cursors WHERE is_holdable) AS cursors,
          (SELECT count(*)::int FROM pg_locks WHERE locktype = 'advisory') AS locks`);
        expect(rows[0]).toEqual({
          path: '"$user", public',
          timeout: '0',
          who: 'postgres',
          ro: 'off',
          app: 'Poolscope',
          prepared: 0,
          listening: 0,
          cursors: 0,
          locks: 0,
        });
      } finally {
        await alone.close();
      }
    });
  });

  describe('writing', () => {
    it('needs the switch of the connection, and the run to ask for it', async () => {
      const text = "INSERT INTO notes (text) VALUES ('first'), ('second')";
      under.change('main', { queryWrites: false });
      await expect(under.run(text, { mode: 'write' })).rejects.toMatchObject({ code: 'read_only' });
      under.change('main', { queryWrites: true, readOnly: true });
      await expect(under.run(text, { mode: 'write' })).rejects.toMatchObject({ code: 'read_only' });
      under.change('main', { readOnly: false });
      const { run } = await under.run(text, { mode: 'write' });
      expect(run).toMatchObject({ state: 'done', command: 'INSERT', affectedRows: 2, columns: [] });
      expect(await countNotes()).toBe(2);
    });

    it('runs a statement to its end, though fewer of its rows are wanted', async () => {
      await server.admin((client) => client.query('CREATE TABLE many (id int)'));
      const text = 'INSERT INTO many SELECT generate_series(1, 5000) RETURNING id';
      const { run } = await under.run(text, { mode: 'write', rowLimit: 10 });
      const over = await under.over(run.runId);
      expect(over).toMatchObject({ state: 'done', rows: 10, cutShort: 'rowLimit' });
      const { rows } = await server.admin((client) => client.query('SELECT count(*)::int AS n FROM many'));
      expect(rows[0].n).toBe(5000);
    });

    it('runs what no transaction block may hold', async () => {
      const { run } = await under.run('VACUUM many', { mode: 'write' });
      expect(run).toMatchObject({ state: 'done', command: 'VACUUM' });
    });

    it('tells of a value that is taken', async () => {
      const { run } = await under.run("INSERT INTO notes (text) VALUES ('first')", { mode: 'write' });
      expect(run.error).toMatchObject({ code: 'unique_violation' });
    });
  });

  describe('parameters', () => {
    it('carry values, never text of the statement, and tell null from empty', async () => {
      const { window } = await under.run('SELECT $1::text, $2::text, $3::text', {
        parameters: [
          { type: 'text', value: "'; DROP TABLE notes; --" },
          { type: null, value: '' },
          { type: null, value: null },
        ],
      });
      expect(window?.rows).toEqual([["'; DROP TABLE notes; --", '', null]]);
    });

    it.each([
      ['int4', 'abc'],
      ['int2', '70000'],
      ['bool', 'maybe'],
      ['uuid', '123'],
      ['jsonb', '{"a":'],
      ['numeric', '1,5'],
      ['bytea', '\\x0'],
    ] as const)('of type %s cannot be %s', async (type, value) => {
      await expect(under.run('SELECT $1', { parameters: [{ type, value }] })).rejects.toMatchObject({
        code: 'bad_input',
        details: { fields: { 'parameters.0': expect.stringContaining('$1') } },
      });
    });

    it.each([
      ['int8', ' -12 ', '-12'],
      ['bool', 'yes', 't'],
      ['uuid', '{A0EEBC999C0B4EF8BB6D6BB9BD380A11}', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'],
      ['float8', '-Infinity', '-Infinity'],
      ['numeric', '.5e3', '500'],
      ['int4[]', '{1,2}', '{1,2}'],
      ['timestamptz', '2026-01-01 00:00+00', expect.stringContaining('2026-01-01')],
    ] as const)('of type %s may be written %s', async (type, value, answer) => {
      const text = type === 'timestamptz' ? "SELECT $1 AT TIME ZONE 'UTC'" : 'SELECT $1';
      const { run, window } = await under.run(text, { parameters: [{ type, value }] });
      expect(run.error).toBeNull();
      expect(window?.rows[0]?.[0]).toEqual(answer);
    });

    it('are checked against the type the server infers', async () => {
      const { run } = await under.run('SELECT * FROM notes WHERE id = $1', {
        parameters: [{ type: null, value: 'three' }],
      });
      expect(run.error).toMatchObject({
        code: 'bad_input',
        details: { fields: { 'parameters.0': expect.stringContaining('"three"') } },
      });
    });

    it('are checked at once, however long they are', async () => {
      const value = `${'1'.repeat(500_000)}x`;
      await expect(
        under.run('SELECT $1::numeric', { parameters: [{ type: 'numeric', value }] }),
      ).rejects.toMatchObject({ code: 'bad_input' });
    });

    it('must be as many as the statement uses', async () => {
      const one = [{ type: null, value: '1' }];
      await expect(under.run('SELECT $1::int + $2::int', { parameters: one })).rejects.toMatchObject({
        message: 'The statement uses $1 to $2, and there is no value for $2.',
      });
      await expect(under.run("SELECT '$1'", { parameters: one })).rejects.toMatchObject({
        code: 'bad_input',
      });
    });

    it('are described without running the statement', async () => {
      const described = await under.call('query.describe', {
        profileId: 'main',
        text: 'UPDATE notes SET text = $2 WHERE id = $1 RETURNING id, text',
        parameterTypes: [],
      });
      expect(described.parameters.map(({ typeName }) => typeName)).toEqual(['integer', 'text']);
      expect(described.columns.map(({ name }) => name)).toEqual(['id', 'text']);
    });
  });

  it('marks where the server found a mistake', async () => {
    const { run } = await under.run("SELECT '🙂',\n  nonsense\nFROM notes");
    expect(run.error?.details.position).toEqual({ line: 2, column: 3, offset: 15 });
    expect(run.state).toBe('failed');
  });

  it('brings notices as they come', async () => {
    const heard: string[] = [];
    const stop = under.events.on('query.notice', ({ notice }) => heard.push(notice.message));
    const { run } = await under.run('SELECT talks()');
    stop();
    expect(heard).toEqual(['half way', 'done']);
    expect(run.notices).toEqual([
      { severity: 'NOTICE', message: 'half way', detail: null, hint: 'wait' },
      { severity: 'WARNING', message: 'done', detail: null, hint: null },
    ]);
  });

  it('ends a statement at its time limit', async () => {
    const { run } = await under.run('SELECT pg_sleep(60)', { timeoutMs: 200 });
    expect(run.error).toMatchObject({ code: 'query_timeout' });
  });

  const sleepers = async () => {
    const text =
      "SELECT count(*)::int AS n FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep(6%' AND state = 'active' AND pid <> pg_backend_pid()";
    const { rows } = await server.admin((client) => client.query(text));
    return rows[0].n as number;
  };

  it('stops a statement on the server when it is cancelled', async () => {
    const runId = randomUUID();
    const running = under.run('SELECT pg_sleep(61)', { runId, timeoutMs: 70_000 });
    await vi.waitFor(async () => expect(await sleepers()).toBe(1), 10_000);
    const run = await under.call('query.cancel', { runId });
    expect(run).toMatchObject({ state: 'cancelled', error: { code: 'cancelled' } });
    expect(await sleepers()).toBe(0);
    expect((await running).run.state).toBe('cancelled');
    // The connection is good for the next.
    expect((await under.run('SELECT 1')).run.state).toBe('done');
  });

  it('stops a statement whose request is aborted, and those of a window that went away', async () => {
    const asking = new AbortController();
    const first = under.run('SELECT pg_sleep(62)', {}, { signal: asking.signal });
    const second = under.run('SELECT pg_sleep(63)', {});
    await vi.waitFor(async () => expect(await sleepers()).toBe(2), 10_000);
    asking.abort();
    expect((await first).run.state).toBe('cancelled');
    under.query.callerGone('window');
    expect((await second).run.state).toBe('cancelled');
    expect(await sleepers()).toBe(0);
  });

  it('gives up waiting for a connection when it is cancelled, and sends nothing', async () => {
    await under.add('single', server, { max: 1 });
    const transactionId = randomUUID();
    const input = { transactionId, profileId: 'single', mode: 'readOnly', idleLimitMs: 60_000 } as const;
    await under.call('query.begin', input);
    const runId = randomUUID();
    const waiting = under.run('SELECT 1', { runId, profileId: 'single' });
    await vi.waitFor(() => expect(under.told.at(-1)).toMatchObject({ runId, state: 'waiting' }));
    await under.call('query.cancel', { runId });
    const { run } = await waiting;
    expect(run).toMatchObject({ state: 'cancelled', backendPid: null });
    expect(run.error?.message).toBe('Cancelled before the statement was sent.');
    await under.call('query.rollback', { transactionId });
  });

  describe('a large result', () => {
    const text =
      "SELECT i, CASE WHEN i % 3 = 0 THEN NULL ELSE 'row ' || i END AS label FROM generate_series(1, $1::int) AS i";
    const rows = 100_000;
    const parameters = [{ type: 'int4' as const, value: String(rows) }];

    it('is there row by row, from the first to the last, wherever one looks', async () => {
      const { run, window } = await under.run(text, { parameters });
      expect(window?.rows).toHaveLength(200);
      const { runId } = run;
      expect(await under.over(runId)).toMatchObject({ state: 'done', rows, cutShort: null });
      for (const from of [0, 1, 255, 256, 40_000, 65_535, rows - 3]) {
        const there = await under.call('query.rows', { runId, from, limit: 3 });
        const expected = [from + 1, from + 2, from + 3].map((i) => [
          String(i),
          i % 3 === 0 ? null : `row ${i}`,
        ]);
        expect(there).toMatchObject({ from, rows: expected, available: rows, complete: true });
      }
      const after = await under.call('query.rows', { runId, from: rows, limit: 10 });
      expect(after.rows).toEqual([]);
      // Its rows lie in a file of the data folder, and go with it.
      const folder = path.join(under.dataFolder, 'query-results');
      const before = (await readdir(folder)).length;
      expect(before).toBeGreaterThan(0);
      await under.call('query.close', { runId });
      expect((await readdir(folder)).length).toBe(before - 1);
      await expect(under.call('query.rows', { runId, from: 0, limit: 1 })).rejects.toMatchObject({
        code: 'not_found',
      });
    });

    it('stops at the row limit and says so, but not when that was all', async () => {
      const cut = await under.run(text, { parameters, rowLimit: 1000 });
      expect(await under.over(cut.run.runId)).toMatchObject({ rows: 1000, cutShort: 'rowLimit' });
      const exact = await under.run(text, { parameters: [{ type: null, value: '1000' }], rowLimit: 1000 });
      expect(await under.over(exact.run.runId)).toMatchObject({ rows: 1000, cutShort: null });
      const few = await under.run(text, { parameters, rowLimit: 1 });
      expect(await under.over(few.run.runId)).toMatchObject({ rows: 1, cutShort: 'rowLimit' });
    });

    it('holds no transaction on the server once it is here', async () => {
      const { run } = await under.run(text, { parameters });
      await under.over(run.runId);
      await vi.waitFor(async () => {
        const open = "SELECT pid FROM pg_stat_activity WHERE state LIKE 'idle in transaction%'";
        expect((await server.admin((client) => client.query(open))).rows).toEqual([]);
      }, 5000);
    });

    it('keeps the rows it has when it fails on the way', async () => {
      const { run, window } = await under.run('SELECT 1000 / (1000 - i) FROM generate_series(1, 5000) AS i');
      expect(window?.rows[0]).toEqual(['1']);
      const over = await under.over(run.runId);
      expect(over.state).toBe('failed');
      expect(over.rows).toBeGreaterThanOrEqual(200);
    });
  });

  it('cuts long values for the grid and gives the whole on request', async () => {
    const { run, window } = await under.run("SELECT repeat('ä🙂', 100000) AS long, 'next' AS short");
    const [long, short] = window?.rows[0] ?? [];
    expect(long).toMatchObject({ chars: 300_000 });
    expect((long as { cut: string }).cut).toBe('ä🙂'.repeat(167).slice(0, 499));
    expect(short).toBe('next');
    const { runId } = run;
    const piece = await under.call('query.value', {
      runId,
      row: 0,
      column: 0,
      fromChar: 299_997,
      maxChars: 10,
    });
    expect(piece).toEqual({ text: 'ä🙂', chars: 300_000 });
    const whole = await under.call('query.value', {
      runId,
      row: 0,
      column: 0,
      fromChar: 0,
      maxChars: 1_000_000,
    });
    expect(whole.text).toBe('ä🙂'.repeat(100_000));
    const other = await under.call('query.value', { runId, row: 0, column: 1, fromChar: 0, maxChars: 10 });
    expect(other).toEqual({ text: 'next', chars: 4 });
  });

  it('labels the session on the server and tells which it is', async () => {
    const { run, window } = await under.run("SELECT pg_backend_pid(), current_setting('application_name')");
    expect(window?.rows).toEqual([[String(run.backendPid), 'Poolscope query']]);
  });

  it('says what is missing in an answer without columns or rows', async () => {
    const nothing = await under.run('SELECT');
    expect(nothing.run).toMatchObject({ state: 'done', columns: [] });
    const empty = await under.run('SELECT 1 AS a WHERE false');
    expect(empty.run.columns?.map(({ name }) => name)).toEqual(['a']);
    expect(rowsOf(empty)).toEqual([]);
    await expect(under.run('  -- nothing\n;')).rejects.toMatchObject({ code: 'bad_input' });
  });

  it('remembers what was slowest, and what was run', async () => {
    const slowest = await under.call('query.slowest', { profileId: 'main' });
    expect(slowest[0]?.text).toMatch(/pg_sleep/);
    const { entries } = await under.call('query.history', {
      profileId: 'main',
      search: 'TALKS',
      beforeId: null,
      limit: 10,
    });
    expect(entries).toMatchObject([{ text: 'SELECT talks()', state: 'done', rows: 1 }]);
  });
});
