import { formatCount } from '../../charts/formats.ts';
import { numberOf, type PlanNode, type RawNode } from './plan-tree.ts';

/** An estimate this many times off leads planners astray; fewer rows than `fewRows` do no harm. */
const farOff = 10;
const fewRows = 100;

/** What a reader of plans would point at in a node, a sentence each. */
export function planWarnings(raw: RawNode, node: Omit<PlanNode, 'warnings'>): string[] {
  return [estimate(node), filter(raw, node), sortOnDisk(raw), hashOnDisk(raw), heapFetches(raw), workers(raw)].filter(
    (warning) => warning !== null,
  );
}

function estimate({ measured, expectedRows }: Omit<PlanNode, 'warnings'>): string | null {
  if (measured === null || measured.loops === 0) return null;
  const { rows } = measured;
  if (Math.max(rows, expectedRows) < fewRows) return null;
  const times = Math.max(rows, 1) / Math.max(expectedRows, 1);
  if (times < farOff && times > 1 / farOff) return null;
  const off =
    times >= 1
      ? `${formatCount(Math.round(times))} times as many as`
      : `1 in ${formatCount(Math.round(1 / times))} of`;
  return `The estimate is far off: ${formatCount(rows)} rows came, ${off} the ${formatCount(expectedRows)} expected. ANALYZE on the table may mend it.`;
}

function filter(raw: RawNode, { measured }: Omit<PlanNode, 'warnings'>): string | null {
  const removed = (numberOf(raw, 'Rows Removed by Filter') ?? 0) * (measured?.loops ?? 0);
  if (measured === null || removed < 1000 || removed < farOff * Math.max(1, measured.rows)) return null;
  return `Read and dropped ${formatCount(Math.round(removed))} rows to keep ${formatCount(measured.rows)}: an index on the condition may help.`;
}

function sortOnDisk(raw: RawNode): string | null {
  if (raw['Sort Space Type'] !== 'Disk') return null;
  return `The sort did not fit in memory: ${formatCount(numberOf(raw, 'Sort Space Used') ?? 0)} kB went to disk. A higher work_mem would hold it.`;
}

function hashOnDisk(raw: RawNode): string | null {
  const batches = Math.max(numberOf(raw, 'Hash Batches') ?? 1, numberOf(raw, 'HashAgg Batches') ?? 1);
  if (batches <= 1) return null;
  return `The hash did not fit in memory: it ran in ${formatCount(batches)} batches over the disk. A higher work_mem would hold it.`;
}

function heapFetches(raw: RawNode): string | null {
  const fetches = numberOf(raw, 'Heap Fetches') ?? 0;
  if (fetches < 1000) return null;
  return `The index alone did not suffice: ${formatCount(fetches)} rows were looked up in the table. VACUUM may mend it.`;
}

function workers(raw: RawNode): string | null {
  const planned = numberOf(raw, 'Workers Planned');
  const launched = numberOf(raw, 'Workers Launched');
  if (planned === null || launched === null || launched >= planned) return null;
  return `Only ${launched} of ${planned} parallel workers could be started.`;
}
