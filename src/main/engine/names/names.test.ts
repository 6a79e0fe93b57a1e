import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import * as z from 'zod/mini';
import type { InstrumentedPool } from '#engine/pools/index.ts';
import { routes } from '#shared/contract/routes.ts';
import { type NamesUnderTest, namesOver } from '../../../../tests/support/names.ts';
import { configFor, poolFor, sessionsOf } from '../../../../tests/support/pools.ts';
import {
  startTestServer,
  type TestServer,
  testedVersions,
} from '../../../../tests/support/postgres-server.ts';
import { EngineError } from '../base/errors.ts';
import { databaseErrorOf } from '../base/pg-errors.ts';

let server: TestServer;
const pools = new Map<string, InstrumentedPool>();

describe.each(testedVersions())('on PostgreSQL %i', (version) => {
  beforeAll(async () => {
    server = await startTestServer({ version });
    room = await namesOver(poolOf);
    handlers = room.handlers;
    pools.set('owner', poolFor(server));
    await server.admin((client) => client.query("create role reader login password 'reader'"));
    pools.set('reader', poolFor(server, {}, configFor(server, { user: 'reader', password: () => 'reader' })));
  });
  afterEach(() =>
    sql('drop schema public cascade; create schema public; grant usage on schema public to public'),
  );
  afterAll(async () => {
    await Promise.all([...pools.values()].map((pool) => pool.end(2000)));
    await server?.stop();
    await room.close();
  });

  let room: NamesUnderTest;
  let handlers: NamesUnderTest['handlers'];
  const poolOf = (profileId: string) => {
    const pool = pools.get(profileId);
    if (pool === undefined) throw new Error(`no pool ${profileId}`);
    return pool;
  };
  const context = { callerId: 'test', signal: new AbortController().signal };
  const schema = 'public';
  const profileId = 'owner';
  const sql = (text: string) => server.admin((client) => client.query(text));
  const table = async (id = profileId) => (await handlers['names.table']({ profileId: id }, context)).table;
  const create = async () => (await handlers['names.createTable']({ profileId, schema }, context)).table;
  const list = async (afterId: number | null = null, limit = 100) => {
    const at = afterId === null ? ({ kind: 'first' } as const) : ({ kind: 'after', id: afterId } as const);
    return await handlers['names.page']({ profileId, schema, search: null, at, limit }, context);
  };
  const add = async (name: string) => (await handlers['names.add']({ profileId, schema, name }, context)).row;
  const find = async (id: number) => (await handlers['names.find']({ profileId, schema, id }, context)).row;
  const whole = (id: number, name: string) => ({ id, name, isCut: false });
  const ready = { state: 'ready', schema, mayAdd: true, mayUpdate: true, mayDelete: true };
  const codeOf = async (work: Promise<unknown>) => {
    const error = await work.then(
      () => null,
      (reason: unknown) => reason,
    );
    return databaseErrorOf(error)?.code ?? error;
  };

  /** Creates over the owner's pool, with the test's hand on how connections are taken. */
  async function createOn(
    connect: (
      pool: InstrumentedPool,
      options?: { signal?: AbortSignal },
    ) => ReturnType<InstrumentedPool['connect']>,
  ) {
    const pool = pools.get(profileId);
    if (pool === undefined) throw new Error('no pool');
    const handled = await namesOver(() => ({
      isExhausted: false,
      connect: (options) => connect(pool, options),
      discard: (client, reason) => pool.discard(client, reason),
    }));
    try {
      return (await handled.handlers['names.createTable']({ profileId, schema }, context)).table;
    } finally {
      await handled.close();
    }
  }

  describe('the table "names"', () => {
    it('is offered for creation, and created with its two first rows', async () => {
      expect(await table()).toEqual({ state: 'absent', mayCreate: true });
      expect(await create()).toEqual({ ...ready, estimatedRows: null });
      expect(await list()).toMatchObject({
        rows: [whole(1, 'Sophia'), whole(2, 'Michael')],
        hasBefore: false,
        hasAfter: false,
      });
    });

    it('gets its first rows once, however many create it at the same time', async () => {
      const statement = 'create table if not exists names (id serial primary key, name text not null)';
      const others = Promise.allSettled([0, 1, 2].map(() => sql(statement)));
      const results = await Promise.all([create(), create(), create(), create()]);
      await others;
      expect(results.every(({ state }) => state === 'ready')).toBe(true);
      expect((await list()).rows.map(({ name }) => name)).toEqual(['Sophia', 'Michael']);
    });

    it('is left as it is when it holds rows already', async () => {
      await sql(
        'create table names (id int generated always as identity primary key, name varchar(40) not null)',
      );
      await sql("insert into names (name) values ('Ann')");
      await create();
      expect((await list()).rows).toEqual([whole(1, 'Ann')]);
    });

    it('tells about how many rows it has once the server knows', async () => {
      await create();
      await sql('analyze names');
      expect(await table()).toMatchObject({ estimatedRows: 2 });
    });

    it.each([
      [
        'create table names (id int primary key, name text, born date)',
        ['id integer', 'name text', 'born date'],
      ],
      ['create table names (id int, name text)', ['id integer', 'name text']],
      [
        'create table names (id bigint generated always as identity primary key, name text not null)',
        ['id bigint', 'name text'],
      ],
      ['create table names (id uuid primary key, name text)', ['id uuid', 'name text']],
      ['create table names (id int, name text, primary key (id, name))', ['id integer', 'name text']],
      ["create view names as select 1 as id, 'a' as name", ['id integer', 'name text']],
    ])("is left alone when it is somebody else's: %s", async (statement, columns) => {
      await sql(statement);
      expect(await table()).toEqual({ state: 'other', schema, columns });
      await expect(create()).rejects.toMatchObject({ code: 'not_supported' });
    });

    it('is not mistaken for one in a schema that is not on the search path', async () => {
      await sql('create schema elsewhere; create table elsewhere.names (id serial primary key, name text)');
      expect(await table()).toMatchObject({ state: 'absent' });
      await sql('drop schema elsewhere cascade');
    });

    it('shows a user without rights what they may not do', async () => {
      expect(await table('reader')).toEqual({ state: 'absent', mayCreate: false });
      expect(
        await codeOf(
          Promise.resolve(handlers['names.createTable']({ profileId: 'reader', schema }, context)),
        ),
      ).toBe('permission_denied');
      await create();
      await sql('grant select on names to reader');
      expect(await table('reader')).toEqual({
        ...ready,
        ...{ estimatedRows: null, mayAdd: false, mayUpdate: false, mayDelete: false },
      });
      expect(
        await codeOf(
          Promise.resolve(handlers['names.add']({ profileId: 'reader', schema, name: 'x' }, context)),
        ),
      ).toBe('permission_denied');
    });

    it('that is missing is said in words', async () => {
      const calls = [list(), add('x'), find(1)];
      for (const outcome of await Promise.allSettled(calls)) {
        expect(outcome).toMatchObject({
          reason: { code: 'not_found', message: 'This database has no table "names".' },
        });
      }
    });
  });

  describe('names', () => {
    it.each([
      ["'; drop table names; --"],
      ['$1 %s \\ \\\\ E\'\\n\' "quoted"'],
      ['👩🏽‍🚀 🏳️‍🌈'],
      ['مرحبا \u202Eabc'],
      ['<img src=x onerror=alert(1)>'],
      ['  spaces around  '],
      ['line\nbreak\ttab'],
      ['x'.repeat(10_000)],
    ])('are stored and found exactly as typed: %j', async (name) => {
      await create();
      const row = await add(name);
      expect(row).toEqual(whole(3, name));
      expect(await find(3)).toEqual(row);
      expect((await list()).rows).toHaveLength(3);
    });

    it('are paged by id without gaps or repeats', async () => {
      await create();
      await sql("insert into names (name) select 'n' || i from generate_series(3, 25) i");
      await sql('delete from names where id in (5, 11)');
      const seen: number[] = [];
      let afterId: number | null = null;
      for (;;) {
        const answer = await list(afterId, 10);
        seen.push(...answer.rows.map(({ id }) => id));
        if (!answer.hasAfter) break;
        afterId = seen.at(-1) ?? null;
      }
      expect(seen).toEqual(
        Array.from({ length: 25 }, (_, at) => at + 1).filter((id) => id !== 5 && id !== 11),
      );
      expect(await list(25)).toMatchObject({ rows: [], hasBefore: true, hasAfter: false });
    });

    it('are paged past ids of 0 and less, which others may have stored', async () => {
      await create();
      await sql("insert into names (id, name) values (-2147483648, 'first'), (-1, 'minus one'), (0, 'zero')");
      const seen: number[] = [];
      for (let page = await list(null, 1); ; page = await list(seen.at(-1) ?? null, 1)) {
        seen.push(...page.rows.map(({ id }) => id));
        const at = { kind: 'after', id: seen.at(-1) };
        const asked = { profileId, schema, search: null, at, limit: 1 };
        expect(z.safeParse(routes['names.page'].input, asked).success).toBe(true);
        if (!page.hasAfter) break;
      }
      expect(seen).toEqual([-2_147_483_648, -1, 0, 1, 2]);
    });

    it('that are no text are said in words', async () => {
      await sql('create table names (id serial primary key, name text)');
      await sql('insert into names (name) values (null)');
      await expect(list()).rejects.toMatchObject({
        code: 'not_supported',
        message: 'Row 1 of the table "names" does not hold a whole number and a text.',
      });
    });

    it('are answered with nothing when no row has the id', async () => {
      await create();
      expect(await find(2_147_483_647)).toBeNull();
    });
  });

  describe('trouble on the way', () => {
    it('a refused statement costs no connection and leaves no transaction open', async () => {
      await expect(list()).rejects.toMatchObject({ code: 'not_found' });
      const before = pools.get(profileId)?.openCount;
      for (let round = 0; round < 5; round += 1)
        await expect(list()).rejects.toMatchObject({ code: 'not_found' });
      expect(pools.get(profileId)?.openCount).toBe(before);
      const open = await server.admin((client) =>
        client.query("select from pg_stat_activity where state like 'idle in transaction%'"),
      );
      expect(open.rowCount).toBe(0);
    });

    it('a locked table gives the connection back in time, with words', async () => {
      await create();
      await server.admin(async (client) => {
        await client.query('begin; lock table names in access exclusive mode');
        const failure = await list().catch((error: unknown) => error);
        expect(databaseErrorOf(failure)?.message).toContain('a lock that another session holds');
        await client.query('rollback');
      });
    });

    it('creating outlives a lost connection', async () => {
      const creating = await server.admin(async (client) => {
        // Holds the creator up in the middle of its work, where it is then cut off.
        await client.query("select pg_advisory_lock(hashtext('poolscope'), hashtext('names'))");
        const started = create();
        const waiting = `select pid from pg_stat_activity where application_name = 'pool' and wait_event = 'advisory'`;
        const pid = await vi.waitUntil(async () => (await client.query(waiting)).rows[0]?.pid, {
          timeout: 5000,
        });
        await client.query('select pg_terminate_backend($1)', [pid]);
        return { started };
      });
      expect((await creating.started).state).toBe('ready');
      expect((await list()).rows).toHaveLength(2);
    });

    it('creating waits for a server that is just coming back', async () => {
      await server.kill();
      let tries = 0;
      const result = await createOn(async (pool, options) => {
        tries += 1;
        if (tries === 2) await server.start();
        return pool.connect(options);
      });
      expect(result.state).toBe('ready');
      expect(tries).toBe(2);
    });

    it('creating gives up after three tries, and at once where trying again cannot help', async () => {
      for (const [code, expected] of [
        ['connection_refused', 3],
        ['auth_failed', 1],
      ] as const) {
        let tries = 0;
        const outcome = createOn(async () => {
          tries += 1;
          throw new EngineError(code, 'No.');
        });
        await expect(outcome).rejects.toMatchObject({ code });
        expect(tries).toBe(expected);
      }
    });

    it('adding a name is not tried twice when the connection breaks', async () => {
      await create();
      await server.kill();
      const outcome = await codeOf(add('once'));
      expect(['connection_lost', 'connection_refused']).toContain(outcome);
      await server.start();
      const names = (await list().catch(() => list())).rows.map(({ name }) => name);
      expect(names).toEqual(['Sophia', 'Michael']);
    });

    /** The pool's sessions, stopped as a machine that swaps itself to death is, until the work is done. */
    async function whileStuck(work: () => Promise<void>) {
      const pids = await sessionsOf(server);
      for (const pid of pids) process.kill(pid, 'SIGSTOP');
      try {
        await work();
      } finally {
        for (const pid of pids) process.kill(pid, 'SIGCONT');
      }
    }

    const noSession = () => vi.waitFor(async () => expect(await sessionsOf(server)).toEqual([]), 4000);
    const allGivenBack = () =>
      vi.waitFor(
        () => expect(pools.get(profileId)?.takeSample(null)).toMatchObject({ used: 0, pending: 0 }),
        4000,
      );

    it('a server that is stuck holds neither the caller nor the connection for ever', async () => {
      await create();
      const pool = pools.get(profileId) as InstrumentedPool;
      const { handlers: impatient, close } = await namesOver(() => pool, { statementLimitMs: 200 });
      await whileStuck(async () => {
        const reading = Promise.resolve(impatient['names.find']({ profileId, schema, id: 1 }, context));
        const failure = await reading.catch((error: unknown) => error);
        expect(failure).toMatchObject({ code: 'query_timeout' });
        expect(String(failure)).not.toContain('stored');
        await allGivenBack();
      });
      await create();
      await whileStuck(async () => {
        await expect(impatient['names.add']({ profileId, schema, name: 'x' }, context)).rejects.toMatchObject(
          {
            code: 'query_timeout',
            message: expect.stringContaining('The row may have been stored'),
            details: { remedy: 'See what the table holds before you try again.' },
          },
        );
        await allGivenBack();
      });
      await noSession();
      await create();
      await whileStuck(() =>
        expect(impatient['names.createTable']({ profileId, schema }, context)).rejects.toMatchObject({
          code: 'query_timeout',
          message: expect.stringContaining('The table and its first rows may have been stored'),
        }),
      );
      await noSession();
      await close();
    });

    it('a caller who cancels is answered, also while the server is stuck', async () => {
      await create();
      await whileStuck(async () => {
        const abort = new AbortController();
        const reading = handlers['names.page'](
          { profileId, schema, search: null, at: { kind: 'first' }, limit: 10 },
          { callerId: 'test', signal: abort.signal },
        );
        setTimeout(() => abort.abort(), 100);
        await expect(reading).rejects.toMatchObject({ code: 'cancelled', message: 'Cancelled.' });
        await allGivenBack();
      });
      expect((await list()).rows).toHaveLength(2);
    });

    it('a cancelled statement ends on the server, and with it the locks it waits for or holds', async () => {
      await create();
      await sql(`create function slow() returns trigger language plpgsql as
      $$ begin perform pg_sleep(600); return new; end $$;
      create trigger slow before insert on names for each row execute function slow()`);
      const abort = new AbortController();
      const adding = handlers['names.add'](
        { profileId, schema, name: 'x' },
        { callerId: 'test', signal: abort.signal },
      );
      const asleep =
        "select from pg_stat_activity where application_name = 'pool' and wait_event = 'PgSleep'";
      await vi.waitFor(async () => expect((await sql(asleep)).rowCount).toBe(1));
      abort.abort();
      await expect(adding).rejects.toMatchObject({
        code: 'cancelled',
        message: 'Cancelled. The row may have been stored all the same.',
      });
      await vi.waitFor(async () => expect((await sql(asleep)).rowCount).toBe(0), 4000);
      await sql('drop trigger slow on names; drop function slow');
      await allGivenBack();
      expect((await list()).rows).toHaveLength(2);
    });

    it('a caller who cancels while waiting for a connection has changed nothing, and is told so', async () => {
      const busy = poolFor(server, { max: 1 });
      const holder = await busy.connect();
      const abort = new AbortController();
      const other = await namesOver(() => busy);
      const adding = other.handlers['names.add'](
        { profileId, schema, name: 'x' },
        { callerId: 'test', signal: abort.signal },
      );
      abort.abort();
      await expect(adding).rejects.toMatchObject({ code: 'cancelled', message: 'Cancelled.' });
      holder.release();
      await other.close();
      await busy.end(1000);
    });

    it('a connection that is lost during the commit leaves open whether a name was stored, and says so', async () => {
      await create();
      // Deferred to the commit, where it ends its own session.
      await sql(`create function fatal() returns trigger language plpgsql as
      $$ begin perform pg_terminate_backend(pg_backend_pid()); perform pg_sleep(5); return null; end $$;
      create constraint trigger fatal after insert on names deferrable initially deferred
        for each row execute function fatal()`);
      await expect(add('x')).rejects.toMatchObject({
        code: 'connection_lost',
        message: expect.stringContaining('The row may have been stored'),
      });
      await sql('drop trigger fatal on names; drop function fatal');
    });

    it('a caller who has gone away leaves nothing running', async () => {
      const signal = AbortSignal.abort();
      await expect(
        Promise.resolve(handlers['names.createTable']({ profileId, schema }, { callerId: 'gone', signal })),
      ).rejects.toBeDefined();
      expect(await table()).toMatchObject({ state: 'absent' });
    });
  });
});
