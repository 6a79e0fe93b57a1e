import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { InstrumentedPool } from '#engine/pools/index.ts';
import type { NameSearch } from '#shared/model/names.ts';
import { type NamesUnderTest, namesOver } from '../../../../tests/support/names.ts';
import { configFor, poolFor } from '../../../../tests/support/pools.ts';
import { startTestServer, type TestServer } from '../../../../tests/support/postgres-server.ts';

let server: TestServer;
let pool: InstrumentedPool;
let room: NamesUnderTest;
let handlers: NamesUnderTest['handlers'];
const context = { callerId: 'window', signal: new AbortController().signal };
const schema = 'public';
const at = { profileId: 'p', schema };
const sql = (text: string, values?: unknown[]) => server.admin((client) => client.query(text, values));
const row = (id: number, name: string) => ({ id, name, isCut: false });
const stored = async () =>
  (await sql('select name from names order by id')).rows.map(({ name }: { name: string }) => name);
const page = async (search: NameSearch | null, where: object = { kind: 'first' }, limit = 100) =>
  await handlers['names.page']({ ...at, search, at: where as { kind: 'first' }, limit }, context);
const ids = ({ rows }: { rows: { id: number }[] }) => rows.map(({ id }) => id);

beforeAll(async () => {
  server = await startTestServer();
  pool = poolFor(server);
  room = await namesOver(() => pool);
  handlers = room.handlers;
});
afterAll(async () => {
  await pool.end(2000);
  await room.close();
  await server.stop();
});
beforeEach(() =>
  sql(`drop schema public cascade; create schema public; drop schema if exists "My ""own""" cascade;
    create table names (id serial primary key, name text not null);
    insert into names (name) values ('Sophia'), ('Michael')`),
);

describe('pages', () => {
  beforeEach(() => sql("insert into names (name) select 'n' || i from generate_series(3, 50) i"));

  it('go both ways from any id, and say whether there is more', async () => {
    expect(await page(null, { kind: 'last' }, 3)).toMatchObject({ hasBefore: true, hasAfter: false });
    expect(ids(await page(null, { kind: 'last' }, 3))).toEqual([48, 49, 50]);
    expect(ids(await page(null, { kind: 'before', id: 48 }, 3))).toEqual([45, 46, 47]);
    expect(await page(null, { kind: 'before', id: 4 }, 3)).toMatchObject({
      hasBefore: false,
      hasAfter: true,
    });
    const around = await page(null, { kind: 'around', id: 20 }, 6);
    expect(ids(around)).toEqual([17, 18, 19, 20, 21, 22]);
    expect(around).toMatchObject({ hasBefore: true, hasAfter: true });
    expect(ids(await page(null, { kind: 'around', id: 1000 }, 4))).toEqual([47, 48, 49, 50]);
  });

  it('tell how long they waited and took, and which server process served them', async () => {
    const { served } = await page(null);
    expect(served.waitMs).toBeGreaterThanOrEqual(0);
    expect(served.queryMs).toBeGreaterThan(0);
    const alive = await sql('select from pg_stat_activity where pid = $1', [served.processId]);
    expect(alive.rowCount).toBe(1);
  });

  it('carry no more of a name than a page can hold', async () => {
    await sql("insert into names (id, name) values (60, repeat('x', 20000))");
    const [last] = (await page(null, { kind: 'last' }, 1)).rows;
    expect(last).toEqual({ id: 60, name: 'x'.repeat(10_000), isCut: true });
  });
});

describe('searching', () => {
  const names = [
    'Alice',
    'alice b',
    'Malice',
    '100%',
    '100x',
    'a_b',
    'axb',
    'back\\slash',
    "'; drop table names; --",
  ];
  beforeEach(() => sql('insert into names (name) select unnest($1::text[])', [names]));
  const find = async (mode: NameSearch['mode'], text: string, ignoreCase = false) =>
    (await page({ mode, text, ignoreCase })).rows.map(({ name }) => name);

  it.each<[NameSearch['mode'], string, boolean, string[]]>([
    ['prefix', 'Ali', false, ['Alice']],
    ['prefix', 'ali', true, ['Alice', 'alice b']],
    ['contains', 'lice', false, ['Alice', 'alice b', 'Malice']],
    ['exact', 'Alice', false, ['Alice']],
    ['exact', 'ALICE', true, ['Alice']],
    ['prefix', '100%', false, ['100%']],
    ['contains', 'a_b', true, ['a_b']],
    ['contains', 'k\\s', false, ['back\\slash']],
    ['exact', "'; drop table names; --", false, ["'; drop table names; --"]],
  ])('by %s for %j takes every character for itself', async (mode, text, ignoreCase, expected) => {
    expect(await find(mode, text, ignoreCase)).toEqual(expected);
  });

  it('pages and counts matches alone', async () => {
    const search = { mode: 'contains', text: 'lice', ignoreCase: false } as const;
    const first = await page(search, { kind: 'first' }, 2);
    expect(first.hasAfter).toBe(true);
    const next = await page(search, { kind: 'after', id: first.rows.at(-1)?.id }, 2);
    expect(next.rows.map(({ name }) => name)).toEqual(['Malice']);
    expect(await handlers['names.count']({ ...at, search }, context)).toMatchObject({ count: 3 });
    expect(await handlers['names.count']({ ...at, search: null }, context)).toMatchObject({ count: 11 });
  });

  it('by prefix is served by an index where one fits', async () => {
    await sql("insert into names (name) select 'n' || i from generate_series(1, 30000) i");
    await sql('create index on names (name text_pattern_ops); analyze names');
    const scans = "select idx_scan::int as n from pg_stat_user_indexes where indexrelname = 'names_name_idx'";
    // A server process tells what it did once a second at most, after its next transaction.
    await vi.waitFor(
      async () => {
        expect(await find('prefix', 'n2999')).toHaveLength(11);
        expect((await sql(scans)).rows[0].n).toBeGreaterThan(0);
      },
      { timeout: 8000, interval: 500 },
    );
  });

  it('that takes too long is stopped on the server and said in words', async () => {
    await sql("insert into names (name) select repeat('ab', 2000) || i from generate_series(1, 4000) i");
    const { handlers: impatient, close } = await namesOver(() => pool, { searchLimitMs: 1 });
    const search = { mode: 'contains', text: 'zzz', ignoreCase: true } as const;
    await expect(
      Promise.resolve(impatient['names.page']({ ...at, search, at: { kind: 'first' }, limit: 10 }, context)),
    ).rejects.toMatchObject({
      code: 'query_timeout',
      message: expect.stringContaining('was not found within'),
    });
    await close();
  });
});

describe('a change to a row', () => {
  const update = async (from: string, to: string, id = 1) =>
    await handlers['names.update']({ ...at, id, from, to }, context);
  const remove = async (name: string, id = 1) => await handlers['names.delete']({ ...at, id, name }, context);
  const restore = async (name: string, id = 1) =>
    await handlers['names.restore']({ ...at, id, name }, context);

  it('is stored, and undone by the change back', async () => {
    expect(await update('Sophia', "'; drop table names; --")).toMatchObject({
      kind: 'done',
      row: row(1, "'; drop table names; --"),
    });
    expect(await update("'; drop table names; --", 'Sophia')).toMatchObject({ kind: 'done' });
    expect(await stored()).toEqual(['Sophia', 'Michael']);
  });

  it('overwrites nothing that another writer stored meanwhile', async () => {
    await sql("update names set name = 'Sofia' where id = 1");
    expect(await update('Sophia', 'Mine')).toMatchObject({ kind: 'changed', row: row(1, 'Sofia') });
    expect(await remove('Sophia')).toMatchObject({ kind: 'changed', row: row(1, 'Sofia') });
    expect(await stored()).toEqual(['Sofia', 'Michael']);
    await sql('delete from names where id = 1');
    expect(await update('Sofia', 'Mine')).toMatchObject({ kind: 'gone' });
    expect(await remove('Sofia')).toMatchObject({ kind: 'gone' });
  });

  it('of two windows at once loses neither: one is stored, the other is told', async () => {
    const outcomes = await Promise.all(['A', 'B', 'C', 'D'].map((to) => update('Sophia', to)));
    expect(outcomes.filter(({ kind }) => kind === 'done')).toHaveLength(1);
    expect(outcomes.filter(({ kind }) => kind === 'changed')).toHaveLength(3);
  });

  it('that deleted a row is undone under the same id, unless the id was given away', async () => {
    expect(await remove('Sophia')).toMatchObject({ kind: 'done', row: row(1, 'Sophia') });
    expect(await restore('Sophia')).toMatchObject({ kind: 'done', row: row(1, 'Sophia') });
    expect(await stored()).toEqual(['Sophia', 'Michael']);
    await remove('Sophia');
    await sql("insert into names values (1, 'Other')");
    expect(await restore('Sophia')).toMatchObject({ kind: 'changed', row: row(1, 'Other') });
  });

  it('works where ids are always generated', async () => {
    await sql(`drop table names; create table names (id int generated always as identity primary key, name text);
      insert into names (name) values ('Ann')`);
    await remove('Ann');
    expect(await restore('Ann')).toMatchObject({ kind: 'done', row: row(1, 'Ann') });
  });

  it('that breaks a rule of the table is said in words', async () => {
    await sql('create unique index on names (name)');
    await expect(update('Sophia', 'Michael')).rejects.toMatchObject({
      code: 'unique_violation',
      message: 'That value is taken: Key (name)=(Michael) already exists.',
    });
  });
});

describe('what others do', () => {
  const watch = async (fromId: number, limit = 10) =>
    await handlers['names.watch']({ ...at, search: null, fromId, limit }, context);

  it('is seen from an id on, with the newest id and about how many there are', async () => {
    await sql(
      "insert into names (name) values ('Ann'); update names set name = 'Mike' where id = 2; analyze names",
    );
    expect(await watch(2)).toMatchObject({
      rows: [row(2, 'Mike'), row(3, 'Ann')],
      hasAfter: false,
      newestId: 3,
      estimatedRows: 3,
    });
    expect(await watch(1, 1)).toMatchObject({ rows: [row(1, 'Sophia')], hasAfter: true });
  });

  it('is not looked at while every connection is handed out', async () => {
    const clients = await Promise.all([1, 2, 3, 4].map(() => pool.connect()));
    expect(await watch(1)).toBeNull();
    for (const client of clients) client.release();
    expect(await watch(1)).not.toBeNull();
  });
});

describe('a read-only connection', () => {
  it('refuses every change before anything is asked of the server', async () => {
    const { handlers: kept, close } = await namesOver(
      () => {
        throw new Error('not even a connection is taken');
      },
      { profileOf: () => ({ name: 'Orders', readOnly: true }) },
    );
    const calls = [
      () => kept['names.createTable'](at, context),
      () => kept['names.add']({ ...at, name: 'x' }, context),
      () => kept['names.update']({ ...at, id: 1, from: 'Sophia', to: 'x' }, context),
      () => kept['names.delete']({ ...at, id: 1, name: 'Sophia' }, context),
      () => kept['names.restore']({ ...at, id: 1, name: 'Sophia' }, context),
      () => kept['names.addMany']({ ...at, stageId: 's' }, context),
    ];
    for (const call of calls)
      await expect((async () => call())()).rejects.toMatchObject({ code: 'read_only' });
    await close();
  });
});

describe('the schema', () => {
  const own = 'My "own"';
  const look = async (under: NamesUnderTest) =>
    await under.handlers['names.table']({ profileId: 'p' }, context);

  it('is one of choice for the table, which is remembered over a restart', async () => {
    await sql('create schema "My ""own"""');
    const first = await look(room);
    expect(first).toMatchObject({ chosenSchema: null, targetSchema: 'public', table: { schema: 'public' } });
    expect(first.schemas).toEqual([
      { name: own, mayCreate: true, hasNames: false },
      { name: 'public', mayCreate: true, hasNames: true },
    ]);
    const created = await handlers['names.createTable']({ profileId: 'p', schema: own }, context);
    expect(created).toMatchObject({ chosenSchema: own, table: { state: 'ready', schema: own } });
    const again = await namesOver(() => pool, { dataFolder: room.dataFolder });
    expect(await look(again)).toMatchObject({ chosenSchema: own, table: { schema: own } });
    const back = await handlers['names.chooseSchema']({ profileId: 'p', schema: null }, context);
    expect(back).toMatchObject({ chosenSchema: null, table: { schema: 'public' } });
  });

  it('that has no such table offers to create it there', async () => {
    await sql('create schema "My ""own"""');
    const place = await handlers['names.chooseSchema']({ profileId: 'p', schema: own }, context);
    expect(place).toMatchObject({ table: { state: 'absent', mayCreate: true }, targetSchema: own });
    await handlers['names.chooseSchema']({ profileId: 'p', schema: null }, context);
  });
});

describe('adding many', () => {
  let stages = 0;
  async function stage(text: string, fileName: string | null = null) {
    stages += 1;
    const stageId = `s${stages}`;
    const bytes = Buffer.from(text);
    for (let offset = 0; offset === 0 || offset < bytes.length; offset += 400_000) {
      const base64 = bytes.subarray(offset, offset + 400_000).toString('base64');
      handlers['names.stage']({ stageId, offset, base64 }, context);
    }
    const reading = { encoding: 'auto', layout: 'auto', header: 'auto', column: null, trim: true } as const;
    const preview = await handlers['names.preview']({ stageId, fileName, reading }, context);
    return { stageId, preview };
  }
  const addMany = async (stageId: string, signal = context.signal) =>
    await handlers['names.addMany']({ ...at, stageId }, { ...context, signal });

  it('stores every name exactly, in order, and tells how far it is', async () => {
    const odd = ["'; drop table names; --", 'back\\slash', '\\.', '\\N', 'tab\tin', 'Zoë 👩🏽‍🚀', 'a,b"c'];
    const many = [...odd, ...Array.from({ length: 99_993 }, (_, i) => `Name ${i}`)];
    const { stageId, preview } = await stage(many.join('\n'), 'names.txt');
    expect(preview.count).toBe(100_000);
    const heard: number[] = [];
    const stop = room.events.on('names.addManyProgress', ({ sent }) => heard.push(sent));
    expect(await addMany(stageId)).toMatchObject({
      added: 100_000,
      served: { processId: expect.any(Number) },
    });
    stop();
    expect(heard.at(-1)).toBe(100_000);
    expect((await stored()).slice(2)).toEqual(many);
    await expect(addMany(stageId)).rejects.toMatchObject({ code: 'not_found' });
  });

  it('stores nothing when one of them breaks a rule, and says so', async () => {
    await sql('create unique index on names (name)');
    const { stageId } = await stage('Ann\nBob\nMichael\nCid');
    await expect(addMany(stageId)).rejects.toMatchObject({
      code: 'unique_violation',
      message: 'Nothing was added. That value is taken: Key (name)=(Michael) already exists.',
    });
    expect(await stored()).toEqual(['Sophia', 'Michael']);
    await sql('drop index names_name_idx');
    expect(await addMany(stageId)).toMatchObject({ added: 4 });
  });

  it('says so too when only the commit finds it', async () => {
    await sql('alter table names add unique (name) deferrable initially deferred');
    const { stageId } = await stage('Ann\nSophia');
    await expect(addMany(stageId)).rejects.toMatchObject({
      code: 'unique_violation',
      message: expect.stringMatching(/^Nothing was added\./),
    });
    expect(await stored()).toEqual(['Sophia', 'Michael']);
  });

  it('stores nothing when it is cancelled half-way, and gives the connection back', async () => {
    await sql(`create function slow() returns trigger language plpgsql as
      $$ begin perform pg_sleep(0.005); return new; end $$;
      create trigger slow before insert on names for each row execute function slow()`);
    const { stageId } = await stage(Array.from({ length: 50_000 }, (_, i) => `Name ${i}`).join('\n'));
    const abort = new AbortController();
    const adding = addMany(stageId, abort.signal);
    const busy = "select from pg_stat_activity where application_name = 'pool' and query ~ '^copy'";
    await vi.waitFor(async () => expect((await sql(busy)).rowCount).toBe(1), 5000);
    abort.abort();
    await expect(adding).rejects.toMatchObject({
      code: 'cancelled',
      message: 'Nothing was added. Cancelled.',
    });
    await vi.waitFor(async () => expect(pool.takeSample(null).used).toBe(0), 4000);
    expect(await stored()).toEqual(['Sophia', 'Michael']);
  });

  it('stores nothing when the connection is lost half-way, and says so', async () => {
    await sql(`create function fatal() returns trigger language plpgsql as
      $$ begin if new.name = 'Cid' then perform pg_terminate_backend(pg_backend_pid()); perform pg_sleep(5); end if;
      return new; end $$;
      create trigger fatal before insert on names for each row execute function fatal()`);
    const { stageId } = await stage('Ann\nBob\nCid\nDora');
    await expect(addMany(stageId)).rejects.toMatchObject({
      code: 'connection_lost',
      message: expect.stringMatching(/^Nothing was added\./),
    });
    expect(await stored()).toEqual(['Sophia', 'Michael']);
  });

  it('into a database of another encoding names what it cannot hold', async () => {
    await sql("create database latin template template0 encoding 'LATIN1' locale 'C'");
    const other = poolFor(server, {}, configFor(server, { database: 'latin' }));
    const latin = await namesOver(() => other);
    const over = async (name: string) => await latin.handlers['names.add']({ ...at, name }, context);
    await latin.handlers['names.createTable'](at, context);
    expect((await over('Zoë')).row.name).toBe('Zoë');
    await expect(over('日本')).rejects.toMatchObject({
      code: 'bad_input',
      message: expect.stringContaining('The database cannot store these characters'),
    });
    await other.end(2000);
    await latin.close();
  });

  it('takes parts in order only, from the window they belong to, and not without end', async () => {
    const part = (stageId: string, offset: number, callerId = 'window') =>
      handlers['names.stage']({ stageId, offset, base64: 'QW5u' }, { ...context, callerId });
    part('x', 0);
    expect(() => part('x', 7)).toThrow('A part of the file got lost');
    expect(() => part('x', 3, 'other')).toThrow('not at hand');
    expect(part('x', 3)).toEqual({ bytes: 6 });
    handlers['names.unstage']({ stageId: 'x' }, context);
    expect(() => part('x', 6)).toThrow('not at hand');
  });
});

describe('the export', () => {
  const save = async (format: 'csv' | 'jsonl', search: NameSearch | null = null) => {
    await handlers['names.export']({ ...at, search, exportId: 'e', format }, context);
    const file = room.saved.at(-1);
    if (file === undefined) throw new Error('nothing was to be saved');
    return file;
  };
  const text = async ({ content }: NamesUnderTest['saved'][number]) => {
    const chunks: Uint8Array[] = [];
    for await (const chunk of content) chunks.push(chunk);
    return Buffer.concat(chunks).toString();
  };

  it('holds every row, with cells that need it in quotes', async () => {
    await sql('insert into names (name) select unnest($1::text[])', [['a,"b"', 'two\r\nlines']]);
    const file = await save('csv');
    expect(file.name).toBe('Orders names');
    expect(await text(file)).toBe('id,name\r\n1,Sophia\r\n2,Michael\r\n3,"a,""b"""\r\n4,"two\r\nlines"\r\n');
  });

  it('goes on over pages, holds what was searched for, and tells how far it is', async () => {
    await sql("insert into names (name) select 'n' || i from generate_series(3, 12000) i");
    const file = await save('jsonl', { mode: 'prefix', text: 'n', ignoreCase: false });
    const lines = (await text(file)).trimEnd().split('\n');
    expect(lines).toHaveLength(11_998);
    expect(JSON.parse(lines.at(-1) ?? '')).toEqual({ id: 12_000, name: 'n12000' });
    expect(file.progress.at(-1)).toMatchObject({ state: 'done', rows: 11_998 });
  });

  it('holds no connection while the taker is slow, and ends when it is stopped', async () => {
    await sql("insert into names (name) select repeat('x', 100) || i from generate_series(3, 12000) i");
    const file = await save('csv');
    await file.content.next();
    expect(pool.takeSample(null).used).toBe(0);
    file.stop();
    await expect(file.content.next()).rejects.toMatchObject({ code: 'cancelled' });
  });

  it('of a table that is gone by now is refused before anybody is asked where to save', async () => {
    await sql('drop table names');
    await expect(save('csv')).rejects.toMatchObject({ code: 'not_found' });
  });
});
