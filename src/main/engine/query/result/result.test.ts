import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parquetReadObjects } from 'hyparquet';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { startTestServer, type TestServer } from '../../../../../tests/support/postgres-server.ts';
import { openQuery, type QueryUnderTest } from '../../../../../tests/support/query.ts';
import { ResultShelf } from './result-shelf.ts';

describe('the file of a result', () => {
  let server: TestServer;
  let under: QueryUnderTest;
  let runId: string;
  beforeAll(async () => {
    server = await startTestServer();
    under = await openQuery(server);
    const { run } =
      await under.run(`SELECT 9007199254740993::int8 AS big, -12.500::numeric AS exact, 1.5::float8 AS f,
      true AS yes, E'{"a":\\n[1]}'::json AS doc, '=1+1' AS formula, '' AS empty, NULL::text AS nothing, 'a,"b"' AS quoted,
      '-1 day'::interval AS span, 1 AS twice, 2 AS twice UNION ALL SELECT -1, 'NaN', 'Infinity', false, '[]', 'x', 'y', 'z', '', NULL, 3, 4`);
    runId = run.runId;
  });
  afterAll(async () => {
    await under.close();
    await server.stop();
  });
  const exported = async (format: 'csv' | 'jsonl' | 'parquet') => {
    const states: string[] = [];
    const stop = under.events.on('exporter.progress', ({ state, rows }) => states.push(`${state} ${rows}`));
    const outcome = await under.call('query.export', { exportId: 'e', runId, format });
    stop();
    expect(outcome).toMatchObject({
      kind: 'saved',
      path: expect.stringMatching(new RegExp(`\\.${format}$`)),
    });
    expect(states.at(-1)).toBe('done 2');
    return under.saved.at(-1) ?? '';
  };

  it('is CSV with exact numbers, where null and empty differ and no formula runs', async () => {
    const [header, ...lines] = (await exported('csv')).split('\r\n');
    expect(header).toBe('big,exact,f,yes,doc,formula,empty,nothing,quoted,span,twice,twice_2');
    expect(lines.join('|')).toBe(
      `9007199254740993,-12.500,1.5,true,"{""a"":\n[1]}",'=1+1,"",,"a,""b""",-1 days,1,2|-1,NaN,Infinity,false,[],x,y,z,"",,3,4|`,
    );
  });

  it('is JSON Lines with exact numbers and json as it is', async () => {
    const lines = (await exported('jsonl')).trimEnd().split('\n');
    expect(lines[0]).toBe(
      '{"big":9007199254740993,"exact":-12.500,"f":1.5,"yes":true,"doc":{"a": [1]},"formula":"=1+1","empty":"","nothing":null,"quoted":"a,\\"b\\"","span":"-1 days","twice":1,"twice_2":2}',
    );
    expect(JSON.parse(lines[1] ?? '')).toMatchObject({
      exact: 'NaN',
      f: 'Infinity',
      yes: false,
      doc: [],
      span: null,
    });
  });

  it('is Parquet with types', async () => {
    const bytes = Buffer.from(await exported('parquet'), 'latin1');
    const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
    const rows = await parquetReadObjects({ file });
    expect(rows[0]).toMatchObject({
      big: 9007199254740993n,
      exact: '-12.500',
      f: 1.5,
      yes: true,
      formula: '=1+1',
      empty: '',
      nothing: null,
      twice_2: 2n,
    });
    expect(rows[1]).toMatchObject({ f: Number.POSITIVE_INFINITY, yes: false, span: null });
  });

  it('is whole though its rows are let go while it is written', async () => {
    const { run } = await under.run('SELECT i, repeat(i::text, 10) FROM generate_series(1, 20000) AS i');
    await under.over(run.runId);
    let closing: Promise<unknown> | null = null;
    const stop = under.events.on('exporter.progress', ({ exportId }) => {
      if (exportId === 'let-go') closing ??= under.call('query.close', { runId: run.runId });
    });
    await under.call('query.export', { exportId: 'let-go', runId: run.runId, format: 'csv' });
    stop();
    await closing;
    expect(under.saved.at(-1)?.trimEnd().split('\r\n')).toHaveLength(20_001);
    await vi.waitFor(async () => {
      expect(await readdir(path.join(under.dataFolder, 'query-results'))).toEqual([]);
    });
  });

  it('is refused for a statement without a result', async () => {
    const { run } = await under.run('SET LOCAL work_mem = 1024');
    await expect(
      under.call('query.export', { exportId: 'none', runId: run.runId, format: 'csv' }),
    ).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('the shelf of results', () => {
  let dataFolder: string;
  beforeEach(async () => {
    dataFolder = await mkdtemp(path.join(tmpdir(), 'poolscope-shelf-'));
  });
  afterEach(() => rm(dataFolder, { recursive: true, force: true }));
  const limits = { perResult: 2_000_000, allResults: 5_000_000, keepFree: 0 };
  const fill = (shelf: Awaited<ReturnType<ResultShelf['open']>>, bytes: number) => {
    shelf.rows.setColumns(1);
    for (let i = 0; i < bytes / 1000; i += 1) shelf.rows.add(['x'.repeat(996)]);
    shelf.rows.flush();
  };

  it('deletes what a crash left behind', async () => {
    const folder = path.join(dataFolder, 'query-results');
    await mkdir(folder);
    await writeFile(path.join(folder, 'result-1.rows'), 'old');
    const shelf = new ResultShelf({ dataFolder, idleMs: 60_000, limits });
    const result = await shelf.open(() => {});
    expect(await readdir(folder)).toEqual([]);
    fill(result, 1_000_000);
    expect((await result.rows.window(999, 10, 10)).rows).toHaveLength(1);
    expect(await readdir(folder)).toHaveLength(1);
    await shelf.close();
    expect(await readdir(dataFolder)).toEqual([]);
  });

  it('has no room past the limit of one result, and drops the oldest for a new one', async () => {
    const shelf = new ResultShelf({ dataFolder, idleMs: 60_000, limits });
    const dropped: number[] = [];
    const open = async (n: number) => {
      const result = await shelf.open(() => dropped.push(n));
      fill(result, 1_900_000);
      return result;
    };
    const first = await open(1);
    expect(await first.hasRoom()).toBe(true);
    fill(first, 200_000);
    expect(await first.hasRoom()).toBe(false);
    first.finish();
    const second = await open(2);
    second.finish();
    first.touch();
    const third = await open(3);
    expect(await third.hasRoom()).toBe(true);
    expect(dropped).toEqual([2]);
    await shelf.close();
    expect(dropped.toSorted()).toEqual([1, 2, 3]);
  });

  it('drops results that nobody looks at', async () => {
    const shelf = new ResultShelf({ dataFolder, idleMs: 40, limits });
    let dropped = 0;
    const result = await shelf.open(() => {
      dropped += 1;
    });
    result.finish();
    await vi.waitFor(() => expect(dropped).toBe(1));
    await shelf.close();
  });

  it('finds its folder again after that was cleaned away', async () => {
    const shelf = new ResultShelf({ dataFolder, idleMs: 60_000, limits });
    await shelf.open(() => {});
    await rm(path.join(dataFolder, 'query-results'), { recursive: true });
    const result = await shelf.open(() => {});
    fill(result, 1_000_000);
    expect((await result.rows.window(0, 1, 10)).rows).toHaveLength(1);
    await shelf.close();
  });

  it('tells that the disk refuses the rows', async () => {
    const shelf = new ResultShelf({ dataFolder, idleMs: 60_000, limits });
    const result = await shelf.open(() => {});
    await rm(path.join(dataFolder, 'query-results'), { recursive: true });
    fill(result, 1_000_000);
    await expect(result.rows.window(0, 1, 10)).rejects.toMatchObject({ code: 'ENOENT' });
    expect(result.rows.failure).toMatchObject({ code: 'ENOENT' });
    await shelf.close();
  });
});
