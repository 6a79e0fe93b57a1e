import type { PlanNode, QueryPlan } from '#shared/model/query-plan.ts';
import { planWarnings } from './plan-warnings.ts';

/** A node of a plan as it is drawn: figures over all its loops, and what deserves a look. */
export interface DrawnNode {
  /** Place in the tree: "0", "0.1"; the same for the same plan. */
  id: string;
  depth: number;
  node: PlanNode;
  /** What the node is to its parent where that matters: "InitPlan", "SubPlan". */
  role: string | null;
  expectedRows: number;
  /** Over all loops; null without ANALYZE and where the server never came. */
  rows: number | null;
  /** With what is below it, milliseconds; null as above. */
  totalMs: number | null;
  /** Of all the time of the plan, 0 to 1; null as above. */
  share: number | null;
  warnings: string[];
  hasChildren: boolean;
}

/** Every node with its figures, parents before children. */
export function drawnNodes(plan: QueryPlan): DrawnNode[] {
  const wholeMs = plan.analyzed ? subtreeMs(plan.root) : 0;
  const nodes: DrawnNode[] = [];
  const add = (node: PlanNode, id: string, depth: number, cutOff: boolean) => {
    const loops = node.actual?.loops ?? 1;
    const { actual } = node;
    const figures = {
      expectedRows: node.planRows * loops,
      rows: actual === null ? null : Math.round(actual.rows * actual.loops),
      cutOff,
    };
    nodes.push({
      id,
      depth,
      node,
      role: node.relationship?.endsWith('Plan') ? node.relationship : null,
      expectedRows: figures.expectedRows,
      rows: figures.rows,
      totalMs: actual === null ? null : subtreeMs(node),
      share: actual === null || wholeMs <= 0 ? null : Math.min(1, actual.selfMs / wholeMs),
      warnings: planWarnings(node, figures),
      hasChildren: node.children.length > 0,
    });
    for (const [index, child] of node.children.entries())
      add(child, `${id}.${index}`, depth + 1, isCutOff(node, cutOff));
  };
  add(plan.root, '0', 0, false);
  return nodes;
}

/** Steps that read all there is below them before they give anything. */
const readsAll = new Set([
  'Sort',
  'Incremental Sort',
  'Hash',
  'Aggregate',
  'HashAggregate',
  'SetOp',
  'ModifyTable',
]);

/** Whether what is below a node may be left before its last row: fewer rows than expected are no error then. */
function isCutOff({ nodeType, details }: PlanNode, above: boolean): boolean {
  if (nodeType === 'Limit' || nodeType === 'Merge Join') return true;
  if (details['Join Type'] === 'Semi' || details['Join Type'] === 'Anti') return true;
  return above && !readsAll.has(nodeType);
}

/** The time of a node and of all below it, milliseconds: shares of these add up to the whole. */
function subtreeMs(node: PlanNode): number {
  return node.children.reduce((sum, child) => sum + subtreeMs(child), node.actual?.selfMs ?? 0);
}
