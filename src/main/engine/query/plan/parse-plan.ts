import * as z from 'zod/mini';
import type { PlanActual, PlanBuffers, PlanNode, QueryPlan } from '#shared/model/query-plan.ts';
import { EngineError } from '../../base/errors.ts';

/** What EXPLAIN's JSON holds (explain.c). Only what every node has is required; the rest is shown as it is. */
const nodeSchema = z.looseObject({
  'Node Type': z.string(),
  'Parent Relationship': z.optional(z.string()),
  'Startup Cost': z.optional(z.number()),
  'Total Cost': z.optional(z.number()),
  'Plan Rows': z.optional(z.number()),
  'Plan Width': z.optional(z.number()),
  'Actual Startup Time': z.optional(z.number()),
  'Actual Total Time': z.optional(z.number()),
  'Actual Rows': z.optional(z.number()),
  'Actual Loops': z.optional(z.number()),
  Plans: z.optional(z.array(z.unknown())),
});

const triggerSchema = z.object({
  'Trigger Name': z.string(),
  Relation: z.optional(z.string()),
  Time: z.optional(z.number()),
  Calls: z.optional(z.number()),
});

const documentSchema = z.tuple([
  z.looseObject({
    Plan: z.unknown(),
    'Planning Time': z.optional(z.number()),
    'Execution Time': z.optional(z.number()),
    Triggers: z.optional(z.array(triggerSchema)),
  }),
]);

const bufferNames: Record<keyof PlanBuffers, string> = {
  sharedHit: 'Shared Hit Blocks',
  sharedRead: 'Shared Read Blocks',
  sharedDirtied: 'Shared Dirtied Blocks',
  sharedWritten: 'Shared Written Blocks',
  tempRead: 'Temp Read Blocks',
  tempWritten: 'Temp Written Blocks',
};

/** Told elsewhere of a node. */
const told = new Set([
  ...Object.keys(nodeSchema.shape),
  ...Object.values(bufferNames),
  ...['Relation Name', 'Schema', 'Alias'],
]);

/** Plans nest as deep as their statements; anything deeper is no plan. */
const deepest = 500;

/** @param text what EXPLAIN (FORMAT JSON) answered. @throws EngineError `not_supported` when it is no plan */
export function parsePlan(text: string, analyzed: boolean): QueryPlan {
  try {
    const [document] = z.parse(documentSchema, JSON.parse(text));
    const root = nodeFrom(document.Plan, analyzed, 0);
    return {
      analyzed,
      root,
      planningMs: document['Planning Time'] ?? null,
      executionMs: document['Execution Time'] ?? null,
      triggers: (document.Triggers ?? []).map((trigger) => ({
        name: trigger['Trigger Name'],
        relation: trigger.Relation ?? null,
        ms: trigger.Time ?? 0,
        calls: trigger.Calls ?? 0,
      })),
      json: text,
    };
  } catch (error) {
    const message = 'The server answered EXPLAIN with something that is not a plan as PostgreSQL writes it.';
    const remedy =
      'Only plans of PostgreSQL itself can be drawn; run EXPLAIN as a statement to see the text.';
    throw new EngineError('not_supported', message, { remedy }, { cause: error });
  }
}

function nodeFrom(value: unknown, analyzed: boolean, depth: number): PlanNode {
  if (depth > deepest) throw new Error('The plan is nested too deeply.');
  const node = z.parse(nodeSchema, value);
  const children = (node.Plans ?? []).map((child) => nodeFrom(child, analyzed, depth + 1));
  const loops = node['Actual Loops'];
  const executed = analyzed && loops !== undefined && loops > 0;
  return {
    nodeType: node['Node Type'],
    relationship: node['Parent Relationship'] ?? null,
    target: targetOf(node),
    startupCost: node['Startup Cost'] ?? 0,
    totalCost: node['Total Cost'] ?? 0,
    planRows: node['Plan Rows'] ?? 0,
    planWidthBytes: node['Plan Width'] ?? 0,
    actual: executed ? actualOf(node, loops, children) : null,
    executed: executed || !analyzed,
    buffers: buffersOf(node),
    details: detailsOf(node),
    children,
  };
}

type RawNode = z.output<typeof nodeSchema>;

function actualOf(node: RawNode, loops: number, children: readonly PlanNode[]): PlanActual {
  const totalMs = node['Actual Total Time'] ?? 0;
  const rows = node['Actual Rows'] ?? 0;
  const planned = node['Plan Rows'] ?? 0;
  let below = 0;
  // InitPlans run once, outside of the time of the node they hang on; EXPLAIN counts them in the node.
  for (const { actual } of children) below += actual === null ? 0 : actual.totalMs * actual.loops;
  return {
    startupMs: node['Actual Startup Time'] ?? 0,
    totalMs,
    rows,
    loops,
    selfMs: Math.max(0, totalMs * loops - below),
    rowsFactor: planned > 0 ? rows / planned : null,
  };
}

function targetOf(node: Record<string, unknown>): string | null {
  const text = (key: string) => (typeof node[key] === 'string' ? (node[key] as string) : null);
  const base =
    text('Relation Name') ?? text('Function Name') ?? text('CTE Name') ?? text('Table Function Name');
  const schema = text('Schema');
  const alias = text('Alias');
  const index = text('Index Name');
  const named = base === null ? null : `${schema === null ? '' : `${schema}.`}${base}`;
  const relation = named !== null && alias !== null && alias !== base ? `${named} ${alias}` : named;
  if (index === null) return relation ?? (node['Node Type'] === 'Values Scan' ? alias : null);
  return relation === null ? index : `${relation} using ${index}`;
}

function buffersOf(node: Record<string, unknown>): PlanBuffers | null {
  if (node[bufferNames.sharedHit] === undefined) return null;
  const entries = Object.entries(bufferNames).map(([key, name]) => [key, Number(node[name] ?? 0)]);
  return Object.fromEntries(entries) as PlanBuffers;
}

function detailsOf(node: Record<string, unknown>): Record<string, string> {
  const details: Record<string, string> = {};
  for (const [key, value] of Object.entries(node)) {
    if (told.has(key) || value === null || value === 0 || value === false) continue;
    if (Array.isArray(value) && value.every((item) => typeof item === 'string'))
      details[key] = value.join(', ');
    else details[key] = typeof value === 'object' ? JSON.stringify(value) : String(value);
  }
  return details;
}
