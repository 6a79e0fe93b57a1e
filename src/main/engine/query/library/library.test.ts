import { randomUUID } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '#engine/base/clock.ts';
import { silentLogger } from '#engine/base/log.ts';
import {
  startTestServer,
  type TestServer,
  testedVersions,
} from '../../../../../tests/support/postgres-server.ts';
import { openQuery, type QueryUnderTest } from '../../../../../tests/support/query.ts';
import { QueryHistory } from './query-history.ts';
import { SavedQueries } from './saved-queries.ts';

describe('what is kept in the data folder', () => {
  let dataFolder: string;
  let notices: string[];
  beforeEach(async () => {
    dataFolder = await mkdtemp(path.join(tmpdir(), 'poolscope-library-'));
    notices = [];
  });
  afterEach(() => rm(dataFolder, { recursive: true, force: true }));
  const deps = () => ({
    dataFolder,
    notify: (_level: string, message: string) => void notices.push(message),
    log: silentLogger(),
    clock: systemClock,
  });
  const entry = (text: string, profileId = 'a') => ({
    atMs: 1,
    profileIds: [profileId],
    text,
    parameterTypes: [null],
    mode: 'readOnly' as const,
    state: 'done' as const,
    rows: 1,
    serverMs: 2,
  });
  const all = { profileId: null, search: '', beforeId: null, limit: 100 };

  it('is the history, newest first, found again after a restart, by page, word and connection', async () => {
    const first = new QueryHistory(deps());
    for (let i = 0; i < 5; i += 1) await first.add(entry(`SELECT ${i}`, i % 2 === 0 ? 'a' : 'b'));
    await first.close();
    const again = new QueryHistory(deps());
    const { entries } = await again.page(all);
    expect(entries.map(({ text }) => text)).toEqual([4, 3, 2, 1, 0].map((i) => `SELECT ${i}`));
    const page = await again.page({ ...all, beforeId: entries[1]?.entryId ?? '', limit: 2 });
    expect(page.entries.map(({ text }) => text)).toEqual(['SELECT 2', 'SELECT 1']);
    expect(page.hasMore).toBe(true);
    expect((await again.page({ ...all, search: 'select 3' })).entries).toHaveLength(1);
    expect((await again.page({ ...all, profileId: 'b' })).entries).toHaveLength(2);
    await again.delete(entries[0]?.entryId ?? '');
    expect((await again.page(all)).entries).toHaveLength(4);
    expect(await again.clear()).toBe(4);
    await again.close();
  });

  it('is nothing more while the history is off', async () => {
    const history = new QueryHistory(deps());
    await history.setEnabled(false);
    await history.add(entry('SELECT secret'));
    await history.close();
    const again = new QueryHistory(deps());
    expect(await again.page(all)).toEqual({ entries: [], hasMore: false, enabled: false });
    expect(await readFile(path.join(dataFolder, 'query-history.json'), 'utf8')).not.toMatch(/secret/);
  });

  it('has a deleted entry back, where it was', async () => {
    const history = new QueryHistory(deps());
    for (const text of ['SELECT 1', 'SELECT 2', 'SELECT 3']) await history.add(entry(text));
    const before = await history.page(all);
    const { entryId } = before.entries[1] ?? { entryId: '' };
    await history.delete(entryId);
    expect((await history.page(all)).entries).toHaveLength(2);
    await history.restore(entryId);
    expect(await history.page(all)).toEqual(before);
    await expect(history.restore(entryId)).rejects.toMatchObject({ code: 'not_found' });
    await history.close();
    expect(await new QueryHistory(deps()).page(all)).toEqual(before);
  });

  it('is bounded', async () => {
    const history = new QueryHistory(deps());
    for (let i = 0; i < 1010; i += 1) await history.add(entry(`SELECT ${i}`));
    await history.add(entry('x'.repeat(200_000)));
    const page = await history.page({ ...all, limit: 2000 });
    expect(page.entries).toHaveLength(1000);
    expect(page.entries[0]?.text).toBe('SELECT 1009');
    await history.close();
  });

  it('is set aside when it is damaged, and left alone when a newer Poolscope wrote it', async () => {
    await writeFile(
      path.join(dataFolder, 'query-history.json'),
      '{"version":1,"content":{"enabled":"perhaps"}}',
    );
    const damaged = new QueryHistory(deps());
    expect((await damaged.page(all)).entries).toEqual([]);
    expect(notices[0]).toMatch(/kept as query-history\.corrupt-/);
    await damaged.close();
    const newer = '{"version":2,"content":[]}';
    await writeFile(path.join(dataFolder, 'saved-queries.json'), newer);
    const saved = new SavedQueries(deps());
    const query = { savedId: '1', name: 'n', text: 't', parameterTypes: [], updatedAtMs: 1 };
    await expect(saved.save(query)).rejects.toMatchObject({ code: 'storage_failed' });
    expect(await readFile(path.join(dataFolder, 'saved-queries.json'), 'utf8')).toBe(newer);
    expect(await readdir(dataFolder)).toHaveLength(2);
  });

  it('is saved queries, by name, whose deletion can be undone', async () => {
    const saved = new SavedQueries(deps());
    const query = (name: string) => ({
      savedId: randomUUID(),
      name,
      text: 'SELECT 1',
      parameterTypes: ['int4'],
      updatedAtMs: 1,
    });
    const [b, a] = [query('b 10'), query('b 9')];
    await saved.save(b);
    await saved.save(a);
    await expect(saved.save(query('B 9'))).rejects.toMatchObject({ code: 'unique_violation' });
    expect((await saved.list()).map(({ name }) => name)).toEqual(['b 9', 'b 10']);
    const deleted = await saved.delete(a.savedId);
    expect(await saved.list()).toEqual([b]);
    await saved.save(deleted);
    expect(await new SavedQueries(deps()).list()).toEqual([a, b]);
  });
});

describe.each(testedVersions())('what the server tells on PostgreSQL %i', (version) => {
  let server: TestServer;
  let under: QueryUnderTest;
  beforeAll(async () => {
    server = await startTestServer({ version, settings: { shared_preload_libraries: 'pg_stat_statements' } });
    under = await openQuery(server);
    await server.admin((client) =>
      client.query(`CREATE SCHEMA shop; CREATE TABLE shop.orders (id int, total numeric(10,2));
        CREATE VIEW shop.v AS SELECT 1 AS one; CREATE ROLE guest LOGIN PASSWORD 'test password 7';
        CREATE FUNCTION shop.tax(numeric) RETURNS numeric LANGUAGE sql AS 'SELECT $1'`),
    );
    await under.add('guest', server, { user: 'guest' });
  });
  afterAll(async () => {
    await under.close();
    await server.stop();
  });
  const stats = (profileId = 'main') =>
    under.call('query.statementStats', { profileId, orderBy: 'calls', limit: 200 });

  it('is the catalog an editor completes with, as far as this user may see it', async () => {
    const catalog = await under.call('query.completion', { profileId: 'main' });
    expect(catalog.searchPath).toEqual(['pg_catalog', 'public']);
    expect(catalog.relations.find(({ name }) => name === 'orders')).toEqual({
      schema: 'shop',
      name: 'orders',
      kind: 'table',
      columns: [
        { name: 'id', typeName: 'integer' },
        { name: 'total', typeName: 'numeric(10,2)' },
      ],
    });
    expect(catalog.functions[0]).toEqual({
      schema: 'shop',
      name: 'tax',
      arguments: 'numeric',
      returns: 'numeric',
    });
    expect(catalog.keywords).toContain('select');
    expect(catalog.schemas).toContain('shop');
    const other = await under.call('query.completion', { profileId: 'guest' });
    expect(other.schemas).not.toContain('shop');
    expect(other.relations.some(({ schema }) => schema === 'shop')).toBe(false);
  });

  it('is asked once, until it is asked for anew', async () => {
    const [one, two] = await Promise.all([
      under.call('query.completion', { profileId: 'main' }),
      under.call('query.completion', { profileId: 'main' }),
    ]);
    expect(one).toBe(two);
    await server.admin((client) => client.query('CREATE TABLE IF NOT EXISTS newcomer (id int)'));
    const known = await under.call('query.completion', { profileId: 'main' });
    expect(known.relations.some(({ name }) => name === 'newcomer')).toBe(false);
    const fresh = await under.call('query.completion', { profileId: 'main', refresh: true });
    expect(fresh.relations.some(({ name }) => name === 'newcomer')).toBe(true);
  });

  it('is its top list once the extension is there, and how to get it before', async () => {
    expect(await stats()).toMatchObject({
      state: 'absent',
      remedy: expect.stringContaining('CREATE EXTENSION'),
    });
    await server.admin((client) =>
      client.query('CREATE SCHEMA "My ""stats"; CREATE EXTENSION pg_stat_statements SCHEMA "My ""stats"'),
    );
    for (let i = 0; i < 30; i += 1)
      await server.admin((client) => client.query("SELECT 4711 AS marked, 'x' AS other"));
    const found = await stats();
    if (found.state !== 'ready') throw new Error(found.message);
    const marked = found.statements.find(({ text }) => text?.includes('marked'));
    expect(marked).toMatchObject({
      calls: 30,
      rows: 30,
      text: 'SELECT $1 AS marked, $2 AS other',
      user: 'postgres',
    });
    expect(marked?.totalMs).toBeGreaterThan(0);
    // Since when it counts, the extension tells from PostgreSQL 14 on.
    if (version < 14) expect(found.sinceMs).toBeNull();
    else expect(found.sinceMs).toBeGreaterThan(Date.now() - 3_600_000);
  });

  it('hides from a user what others ran, or says that it may not be read', async () => {
    const hidden = await stats('guest');
    expect(hidden).toMatchObject({ state: 'notAllowed' });
    await server.admin((client) => client.query('GRANT USAGE ON SCHEMA "My ""stats" TO guest'));
    const shown = await stats('guest');
    if (shown.state !== 'ready') throw new Error(shown.message);
    expect(shown.statements.every(({ text, user }) => user === 'guest' || text === null)).toBe(true);
  });
});
