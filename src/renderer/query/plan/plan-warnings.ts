import type { PlanNode } from '#shared/model/query-plan.ts';
import { formatCount } from '../../charts/formats.ts';

/** An estimate this many times off leads planners astray; below so few rows it does no harm. */
const farOff = 10;
const fewRows = 100;

interface Figures {
  /** Over all loops. */
  expectedRows: number;
  rows: number | null;
  /** The node may have been left before its last row. */
  cutOff: boolean;
}

/** What a reader of plans would point at in a node, a sentence each. */
export function planWarnings(node: PlanNode, figures: Figures): string[] {
  return [
    estimate(figures),
    filter(node, figures),
    sortOnDisk(node),
    hashOnDisk(node),
    heapFetches(node),
    workers(node),
  ].filter((warning) => warning !== null);
}

/** A detail that is a number; null when the node has no such detail. */
function figure(node: PlanNode, name: string): number | null {
  const text = node.details[name];
  const value = text === undefined ? Number.NaN : Number.parseFloat(text);
  return Number.isFinite(value) ? value : null;
}

function estimate({ rows, expectedRows, cutOff }: Figures): string | null {
  if (rows === null || Math.max(rows, expectedRows) < fewRows) return null;
  const times = Math.max(rows, 1) / Math.max(expectedRows, 1);
  if (times < farOff && (cutOff || times > 1 / farOff)) return null;
  const off = times >= 1 ? `${formatCount(times)} times as many as` : `one ${formatCount(1 / times)}th of`;
  return `The estimate is far off: ${formatCount(rows)} rows came, ${off} the ${formatCount(expectedRows)} expected. ANALYZE on the table may mend it.`;
}

function filter(node: PlanNode, { rows }: Figures): string | null {
  const removed = (figure(node, 'Rows Removed by Filter') ?? 0) * (node.actual?.loops ?? 0);
  if (rows === null || removed < 1000 || removed < farOff * Math.max(1, rows)) return null;
  return `Read and dropped ${formatCount(removed)} rows to keep ${formatCount(rows)}: an index on the condition may help.`;
}

function sortOnDisk(node: PlanNode): string | null {
  if (node.details['Sort Space Type'] !== 'Disk') return null;
  const kB = formatCount(figure(node, 'Sort Space Used') ?? 0);
  return `The sort did not fit in memory: ${kB} kB went to disk. A higher work_mem would hold it.`;
}

function hashOnDisk(node: PlanNode): string | null {
  const batches = Math.max(figure(node, 'Hash Batches') ?? 1, figure(node, 'HashAgg Batches') ?? 1);
  if (batches <= 1) return null;
  return `The hash did not fit in memory: it ran in ${formatCount(batches)} batches over the disk. A higher work_mem would hold it.`;
}

function heapFetches(node: PlanNode): string | null {
  const fetches = figure(node, 'Heap Fetches') ?? 0;
  if (fetches < 1000) return null;
  return `The index alone did not suffice: ${formatCount(fetches)} rows were looked up in the table. VACUUM may mend it.`;
}

function workers(node: PlanNode): string | null {
  const planned = figure(node, 'Workers Planned');
  const launched = figure(node, 'Workers Launched');
  if (planned === null || launched === null || launched >= planned) return null;
  return `Only ${launched} of ${planned} parallel workers could be started.`;
}
