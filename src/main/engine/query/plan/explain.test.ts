import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { RouteInput } from '#shared/contract/routes.ts';
import type { PlanNode } from '#shared/model/query-plan.ts';
import {
  startTestServer,
  type TestServer,
  testedVersions,
} from '../../../../../tests/support/postgres-server.ts';
import { openQuery, type QueryUnderTest } from '../../../../../tests/support/query.ts';
import { parsePlan } from './parse-plan.ts';

describe.each(testedVersions())('the plan of a statement on PostgreSQL %i', (version) => {
  let server: TestServer;
  let under: QueryUnderTest;
  beforeAll(async () => {
    server = await startTestServer({ version });
    under = await openQuery(server, { queryWrites: true });
    await server.admin((client) =>
      client.query(`CREATE TABLE big (id int PRIMARY KEY, part int);
        INSERT INTO big SELECT i, i % 10 FROM generate_series(1, 20000) AS i; ANALYZE big`),
    );
  });
  afterAll(async () => {
    await under.close();
    await server.stop();
  });
  const explain = (text: string, more: Partial<RouteInput<'query.explain'>> = {}, signal?: AbortSignal) =>
    under.call(
      'query.explain',
      {
        profileId: 'main',
        text,
        parameters: [],
        mode: 'readOnly',
        timeoutMs: 10_000,
        analyze: false,
        ...more,
      },
      signal === undefined ? {} : { signal },
    );
  const flat = (node: PlanNode): PlanNode[] => [node, ...node.children.flatMap(flat)];

  it('is a tree with what it reads, parameters included', async () => {
    const plan = await explain('SELECT * FROM big b WHERE id = $1', {
      parameters: [{ type: null, value: '7' }],
    });
    expect(plan).toMatchObject({ analyzed: false, executionMs: null });
    expect(plan.root).toMatchObject({ nodeType: 'Index Scan', target: 'big b using big_pkey', actual: null });
    expect(plan.root.details['Index Cond']).toMatch(/id = (7|\$1)/);
    expect(plan.root.planRows).toBe(1);
  });

  it('has times, rows and buffers once analyzed, also of loops and of what never ran', async () => {
    const text = `SELECT part, count(*) FROM big WHERE id < (SELECT max(id) FROM big) AND part >= 0 GROUP BY part
      UNION ALL SELECT 1, 2 FROM big WHERE false ORDER BY 1`;
    const plan = await explain(text, { analyze: true });
    const nodes = flat(plan.root);
    expect(plan.executionMs).toBeGreaterThan(0);
    expect(plan.root.buffers?.sharedHit).toBeGreaterThan(0);
    // Whatever way the planner takes through the table.
    const scan = nodes.find(({ target }) => target === 'big' || target === 'big using big_pkey');
    expect(scan?.actual).toMatchObject({ rows: expect.any(Number), loops: 1 });
    expect(scan?.actual?.selfMs).toBeGreaterThan(0);
    const selfMs = nodes.reduce((sum, { actual }) => sum + (actual?.selfMs ?? 0), 0);
    expect(selfMs).toBeLessThanOrEqual((plan.executionMs ?? 0) * 1.5);
  });

  it('of a write is shown without writing; analyzing it needs writing, and undoes it', async () => {
    const text = 'DELETE FROM big WHERE id <= 100';
    expect((await explain(text)).root.nodeType).toBe('ModifyTable');
    await expect(explain(text, { analyze: true })).rejects.toMatchObject({ code: 'read_only' });
    const plan = await explain(text, { analyze: true, mode: 'write' });
    expect(plan.root.children[0]?.actual?.rows).toBe(100);
    const { rows } = await server.admin((client) => client.query('SELECT count(*)::int AS n FROM big'));
    expect(rows[0].n).toBe(20_000);
  });

  it('marks a mistake where the user wrote it', async () => {
    await expect(explain('SELECT nonsense FROM big')).rejects.toMatchObject({
      details: { position: { line: 1, column: 8, offset: 7 } },
    });
  });

  it.each([['(ANALYZE) DELETE FROM big'], ['ANALYZE big'], ['SELECT 1; DELETE FROM big']])(
    'is not to be had of %s',
    async (text) => {
      await expect(explain(text)).rejects.toMatchObject({ name: 'EngineError' });
    },
  );

  it('is given up, on the server as well, when its asker leaves', async () => {
    const asker = new AbortController();
    const asked = explain('SELECT pg_sleep(65)', { analyze: true, timeoutMs: 70_000 }, asker.signal);
    asked.catch(() => {});
    const atWork = async () => {
      const text =
        "SELECT 1 FROM pg_stat_activity WHERE query LIKE 'EXPLAIN%pg_sleep(65)' AND state = 'active'";
      return (await server.admin((client) => client.query(text))).rows.length;
    };
    await vi.waitFor(async () => expect(await atWork()).toBe(1), 10_000);
    asker.abort();
    await expect(asked).rejects.toMatchObject({ code: 'cancelled' });
    expect(await atWork()).toBe(0);
  });
});

describe('an answer that is no plan', () => {
  it.each([[''], ['{}'], ['[{"Plan": {}}]'], ['[{"Plan": {"Node Type": "X", "Plans": [1]}}]']])(
    'is refused: %s',
    (text) => {
      expect(() => parsePlan(text, false)).toThrow(/not a plan/);
    },
  );
});
