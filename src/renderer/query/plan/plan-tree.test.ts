import { describe, expect, it } from 'vitest';
import type { PlanNode, QueryPlan } from '#shared/model/query-plan.ts';
import { drawnNodes } from './plan-tree.ts';

function node(changes: Partial<PlanNode> & { selfMs?: number; rows?: number; loops?: number }): PlanNode {
  const { selfMs, rows = 1, loops = 1, ...rest } = changes;
  return {
    nodeType: 'Seq Scan',
    relationship: null,
    target: null,
    startupCost: 0,
    totalCost: 1,
    planRows: 1,
    planWidthBytes: 4,
    actual:
      selfMs === undefined ? null : { startupMs: 0, totalMs: selfMs, rows, loops, selfMs, rowsFactor: null },
    executed: selfMs !== undefined,
    buffers: null,
    details: {},
    children: [],
    ...rest,
  };
}

const plan = (root: PlanNode, analyzed = true): QueryPlan => ({
  analyzed,
  root,
  planningMs: 1,
  executionMs: 10,
  triggers: [],
  json: '',
});

describe('a plan as it is drawn', () => {
  it('gives each node its share of the time, which add up to the whole', () => {
    const nodes = drawnNodes(
      plan(node({ selfMs: 1, children: [node({ selfMs: 6 }), node({ selfMs: 3, loops: 50, rows: 2 })] })),
    );
    expect(nodes.map(({ id, share }) => [id, share])).toEqual([
      ['0', 0.1],
      ['0.0', 0.6],
      ['0.1', 0.3],
    ]);
    expect(nodes[0]?.totalMs).toBe(10);
    expect(nodes[2]?.rows).toBe(100);
    expect(nodes[2]?.expectedRows).toBe(50);
  });

  it('has no times without ANALYZE, nor where the server never came', () => {
    const [only] = drawnNodes(plan(node({}), false));
    expect(only).toMatchObject({ rows: null, totalMs: null, share: null, warnings: [] });
  });

  it('warns of estimates far off, either way, but not over a handful of rows', () => {
    const warningsOf = (planRows: number, rows: number) =>
      drawnNodes(plan(node({ planRows, rows, selfMs: 1 })))[0]?.warnings ?? [];
    expect(warningsOf(1, 5000)[0]).toContain('5,000 rows came, 5,000 times as many as the 1 expected');
    expect(warningsOf(5000, 50)[0]).toContain('one 100th of the 5,000 expected');
    expect(warningsOf(1, 40)).toEqual([]);
    expect(warningsOf(900, 1000)).toEqual([]);
  });

  it('does not blame a step that a LIMIT above it stopped early', () => {
    const scan = node({ planRows: 12_000, rows: 100, selfMs: 1 });
    const limited = drawnNodes(
      plan(node({ nodeType: 'Limit', selfMs: 0, rows: 100, planRows: 100, children: [scan] })),
    );
    expect(limited.flatMap(({ warnings }) => warnings)).toEqual([]);
    const sorted = node({ nodeType: 'Sort', planRows: 100, rows: 100, selfMs: 1, children: [scan] });
    const below = drawnNodes(
      plan(node({ nodeType: 'Limit', selfMs: 0, rows: 100, planRows: 100, children: [sorted] })),
    );
    expect(below.at(-1)?.warnings).toHaveLength(1);
  });

  it('warns of sorts and hashes on disk, of filters that drop most rows, and of missing workers', () => {
    const warned = (details: Record<string, string>) =>
      drawnNodes(plan(node({ selfMs: 1, details })))[0]?.warnings.join(' ');
    expect(warned({ 'Sort Space Type': 'Disk', 'Sort Space Used': '2048' })).toContain(
      '2,048 kB went to disk',
    );
    expect(warned({ 'Hash Batches': '4' })).toContain('4 batches');
    expect(warned({ 'Rows Removed by Filter': '90000' })).toContain('dropped 90,000 rows to keep 1');
    expect(warned({ 'Workers Planned': '2', 'Workers Launched': '0' })).toContain('0 of 2');
    expect(warned({ 'Heap Fetches': '5000' })).toContain('VACUUM');
  });
});
