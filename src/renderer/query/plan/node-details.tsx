import type { PlanNode } from '#shared/model/query-plan.ts';
import { formatCount } from '../../charts/formats.ts';
import classes from './plan-view.module.css';

interface Props {
  node: PlanNode;
  warnings: readonly string[];
  /** Whether all that EXPLAIN tells is shown too. */
  details: boolean;
}

/** What deserves a look in a step, and all else EXPLAIN tells of it. */
export function NodeDetails({ node, warnings, details }: Props) {
  return (
    <>
      {warnings.map((warning) => (
        <p key={warning} className={classes.finding}>
          {warning}
        </p>
      ))}
      {details && (
        <dl className={classes.details}>
          {allDetails(node).map(([label, value]) => (
            <div key={label}>
              <dt>{label}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      )}
    </>
  );
}

function allDetails(node: PlanNode): [string, string][] {
  const { buffers, actual } = node;
  const list: [string, string][] = Object.entries(node.details);
  list.push(['Cost', `${formatCount(node.startupCost)} to ${formatCount(node.totalCost)}`]);
  list.push(['Row width', `${formatCount(node.planWidthBytes)} bytes`]);
  if (actual !== null && actual.loops > 1) list.push(['Rows per loop', String(actual.rows)]);
  if (buffers !== null) {
    const { sharedHit, sharedRead, sharedDirtied, sharedWritten, tempRead, tempWritten } = buffers;
    const parts = [
      [sharedHit, 'from cache'],
      [sharedRead, 'read'],
      [sharedDirtied, 'dirtied'],
      [sharedWritten, 'written'],
      [tempRead, 'temporary read'],
      [tempWritten, 'temporary written'],
    ] as const;
    const told = parts
      .filter(([blocks]) => blocks > 0)
      .map(([blocks, word]) => `${formatCount(blocks)} ${word}`);
    if (told.length > 0) list.push(['Blocks, with below', told.join(', ')]);
  }
  return list;
}
