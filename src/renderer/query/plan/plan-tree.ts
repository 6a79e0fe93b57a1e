import { planWarnings } from './plan-warnings.ts';

/** A node of a plan, with the figures that EXPLAIN's JSON gives per loop and per worker made whole. */
export interface PlanNode {
  /** Place in the tree: "0", "0.1"; the same for the same plan. */
  id: string;
  /** "Index Scan using orders_pkey on orders o". */
  title: string;
  /** Rows expected, over all loops; null for nodes that say none. */
  expectedRows: number;
  /** The planner's cost up to the last row, in its own unit. */
  totalCost: number;
  /** What ANALYZE measured; null without it. */
  measured: Measured | null;
  /** Conditions, keys, memory and the like, in the words of EXPLAIN. */
  details: [label: string, value: string][];
  /** What deserves a look, a sentence each. */
  warnings: string[];
  children: PlanNode[];
}

export interface Measured {
  /** Rows given, over all loops. */
  rows: number;
  loops: number;
  /** Wall time of the node with what is below it, milliseconds. */
  totalMs: number;
  /** Wall time of the node alone, milliseconds. */
  selfMs: number;
  /** `selfMs` of the time of the whole plan, 0 to 1. */
  share: number;
}

export interface Plan {
  root: PlanNode;
  planningMs: number | null;
  executionMs: number | null;
  /** Time spent in triggers, milliseconds by name. */
  triggers: { name: string; ms: number; calls: number }[];
}

/** A node as PostgreSQL's JSON has it: which keys there are depends on the kind and the version. */
export type RawNode = Record<string, unknown>;

export const numberOf = (node: RawNode, key: string): number | null => {
  const value = node[key];
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
};

const isRecord = (value: unknown): value is RawNode =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const recordsOf = (value: unknown): RawNode[] => (Array.isArray(value) ? value.filter(isRecord) : []);

/** Reads what `EXPLAIN (FORMAT JSON)` answered; null when it is not such a thing. */
export function parsePlan(json: unknown): Plan | null {
  const top = Array.isArray(json) ? json[0] : json;
  if (!isRecord(top) || !isRecord(top.Plan)) return null;
  const rootMs = numberOf(top.Plan, 'Actual Total Time');
  return {
    root: readNode(top.Plan, '0', 1, rootMs ?? 0),
    planningMs: numberOf(top, 'Planning Time'),
    executionMs: numberOf(top, 'Execution Time'),
    triggers: recordsOf(top.Triggers).map((trigger) => ({
      name: String(trigger['Trigger Name'] ?? ''),
      ms: numberOf(trigger, 'Time') ?? 0,
      calls: numberOf(trigger, 'Calls') ?? 0,
    })),
  };
}

/** `workers`: processes that run this node side by side, the leader among them. */
function readNode(raw: RawNode, id: string, workers: number, planMs: number): PlanNode {
  const launched = numberOf(raw, 'Workers Launched');
  const below = launched === null ? workers : launched + 1;
  const children = recordsOf(raw.Plans).map((child, index) => readNode(child, `${id}.${index}`, below, planMs));
  const loops = numberOf(raw, 'Actual Loops');
  const perLoopRows = numberOf(raw, 'Plan Rows') ?? 0;
  const measured = measure(raw, loops, workers, children, planMs);
  // Expected rows are per loop, and in a parallel part per worker: so are the loops.
  const expectedRows = perLoopRows * Math.max(1, loops ?? 1);
  const node: Omit<PlanNode, 'warnings'> = {
    id,
    title: titleOf(raw),
    expectedRows,
    totalCost: numberOf(raw, 'Total Cost') ?? 0,
    measured,
    details: detailsOf(raw),
    children,
  };
  return { ...node, warnings: planWarnings(raw, node) };
}

function measure(
  raw: RawNode,
  loops: number | null,
  workers: number,
  children: readonly PlanNode[],
  planMs: number,
): Measured | null {
  if (loops === null) return null;
  const perLoopMs = numberOf(raw, 'Actual Total Time') ?? 0;
  // Loops of workers ran at the same time.
  const totalMs = (perLoopMs * loops) / Math.min(workers, Math.max(1, loops));
  const childrenMs = children.reduce((sum, child) => sum + (child.measured?.totalMs ?? 0), 0);
  const selfMs = Math.max(0, totalMs - childrenMs);
  return {
    rows: Math.round((numberOf(raw, 'Actual Rows') ?? 0) * loops),
    loops,
    totalMs,
    selfMs,
    share: planMs > 0 ? Math.min(1, selfMs / planMs) : 0,
  };
}

function titleOf(raw: RawNode): string {
  const text = (key: string) => (typeof raw[key] === 'string' ? raw[key] : null);
  const words = [
    raw['Parallel Aware'] === true ? 'Parallel' : null,
    text('Strategy') === 'Hashed' ? 'Hash' : text('Strategy') === 'Sorted' ? 'Group' : null,
    text('Node Type') === 'ModifyTable' ? text('Operation') : text('Node Type'),
    text('Join Type') !== null && text('Join Type') !== 'Inner' ? `(${text('Join Type')})` : null,
    text('Index Name') === null ? null : `using ${text('Index Name')}`,
  ];
  const subject = text('Relation Name') ?? text('CTE Name') ?? text('Function Name');
  const alias = text('Alias');
  if (subject !== null) words.push('on', subject, alias === subject ? null : alias);
  const title = words.filter((word) => word !== null).join(' ');
  const part = text('Subplan Name');
  return part === null ? title : `${part}: ${title}`;
}

/** Told elsewhere, or of no use to a reader. */
const leftOut = new Set([
  'Node Type',
  'Plans',
  'Plan Rows',
  'Plan Width',
  'Startup Cost',
  'Total Cost',
  'Actual Rows',
  'Actual Loops',
  'Actual Startup Time',
  'Actual Total Time',
  'Relation Name',
  'Alias',
  'Index Name',
  'Parent Relationship',
  'Parallel Aware',
  'Async Capable',
  'Disabled',
  'Subplan Name',
  'Workers',
]);

function detailsOf(raw: RawNode): [string, string][] {
  const details: [string, string][] = [];
  for (const [label, value] of Object.entries(raw)) {
    // Counters that stayed at nought say nothing.
    if (leftOut.has(label) || value === 0 || value === false) continue;
    if (Array.isArray(value)) details.push([label, value.map(String).join(', ')]);
    else if (!isRecord(value)) details.push([label, String(value)]);
  }
  return details;
}
