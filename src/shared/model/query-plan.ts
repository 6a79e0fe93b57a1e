/** A node of a plan. Times and rows are EXPLAIN's: per loop where there are loops. */
export interface PlanNode {
  /** "Seq Scan", "Hash Join"… */
  nodeType: string;
  /** "Inner", "Outer", "SubPlan"…: what it is to its parent. */
  relationship: string | null;
  /** `public.orders o`, an index, a function or a CTE: what it reads. */
  target: string | null;
  /** The planner's units. */
  startupCost: number;
  totalCost: number;
  planRows: number;
  planWidthBytes: number;
  /** Null when not analyzed, or never executed. */
  actual: PlanActual | null;
  /** With ANALYZE, false when the server never came to it. */
  executed: boolean;
  buffers: PlanBuffers | null;
  /** Conditions, sort keys, workers and all else EXPLAIN tells, by its own names, as text. */
  details: Record<string, string>;
  children: PlanNode[];
}

export interface PlanActual {
  /** Per loop, milliseconds. */
  startupMs: number;
  totalMs: number;
  /** Per loop; PostgreSQL 18 gives fractions. */
  rows: number;
  loops: number;
  /** All loops, children left out: where the time went. */
  selfMs: number;
  /** Actual rows over planned; null when nothing was planned. */
  rowsFactor: number | null;
}

/** In blocks (8 kB as a rule), children included, as EXPLAIN counts. */
export interface PlanBuffers {
  sharedHit: number;
  sharedRead: number;
  sharedDirtied: number;
  sharedWritten: number;
  tempRead: number;
  tempWritten: number;
}

export interface QueryPlan {
  analyzed: boolean;
  root: PlanNode;
  planningMs: number | null;
  executionMs: number | null;
  triggers: { name: string; relation: string | null; ms: number; calls: number }[];
  /** EXPLAIN's own JSON, for other tools. */
  json: string;
}
