import { Button } from '@mantine/core';
import { ChevronDown, ChevronRight, TriangleAlert } from 'lucide-react';
import { useMemo, useState } from 'react';
import type { QueryPlan } from '#shared/model/query-plan.ts';
import { formatCount, formatDuration, formatPercent } from '../../charts/formats.ts';
import { copyText } from '../../kit/copy-text.ts';
import { NodeDetails } from './node-details.tsx';
import { type DrawnNode, drawnNodes } from './plan-tree.ts';
import classes from './plan-view.module.css';

/** A plan as a tree: where the time goes, how many rows came and were expected, what deserves a look. */
export function PlanView({ plan }: { plan: QueryPlan }) {
  const nodes = useMemo(() => drawnNodes(plan), [plan]);
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set());
  const flip = (set: ReadonlySet<string>, id: string) => {
    const next = new Set(set);
    if (!next.delete(id)) next.add(id);
    return next;
  };
  const shown = nodes.filter(
    ({ id }) => ![...closed].some((other) => id !== other && id.startsWith(`${other}.`)),
  );
  const warnings = nodes.reduce((sum, node) => sum + node.warnings.length, 0);
  return (
    <div className={classes.plan}>
      <div className={classes.head}>
        <Summary plan={plan} warnings={warnings} />
        <Button variant="default" size="compact-xs" onClick={() => void copyText(plan.json, 'the plan')}>
          Copy as JSON
        </Button>
      </div>
      <div className={classes.scroll}>
        <table className={classes.table} data-analyzed={plan.analyzed || undefined}>
          <thead>
            <tr>
              <th scope="col">Step</th>
              {plan.analyzed && (
                <th scope="col" className={classes.shareHead}>
                  Share
                </th>
              )}
              {plan.analyzed && <th scope="col">Itself</th>}
              {plan.analyzed && <th scope="col">With below</th>}
              {plan.analyzed && <th scope="col">Rows</th>}
              <th scope="col">Expected</th>
              {plan.analyzed ? <th scope="col">Loops</th> : <th scope="col">Cost</th>}
            </tr>
          </thead>
          <tbody>
            {shown.map((drawn) => (
              <PlanRow
                key={drawn.id}
                drawn={drawn}
                analyzed={plan.analyzed}
                folded={closed.has(drawn.id)}
                open={opened.has(drawn.id)}
                onFold={() => setClosed(flip(closed, drawn.id))}
                onOpen={() => setOpened(flip(opened, drawn.id))}
              />
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}

function Summary({ plan, warnings }: { plan: QueryPlan; warnings: number }) {
  const { analyzed, planningMs, executionMs, triggers } = plan;
  return (
    <p className={classes.summary} role="status">
      {analyzed ? 'Run and measured, then rolled back.' : 'Planned, not run: figures are estimates.'}
      {planningMs !== null && ` Planning ${formatDuration(planningMs)}.`}
      {executionMs !== null && ` Execution ${formatDuration(executionMs)}.`}
      {triggers.map(
        ({ name, ms, calls }) => ` Trigger ${name}: ${formatDuration(ms)} in ${formatCount(calls)} calls.`,
      )}
      {warnings > 0 && (
        <span className={classes.warned}>
          {' '}
          <TriangleAlert size={13} aria-hidden />{' '}
          {warnings === 1 ? 'One step deserves a look.' : `${warnings} findings deserve a look.`}
        </span>
      )}
    </p>
  );
}

interface RowProps {
  drawn: DrawnNode;
  analyzed: boolean;
  folded: boolean;
  open: boolean;
  onFold(): void;
  onOpen(): void;
}

function PlanRow({ drawn, analyzed, folded, open, onFold, onOpen }: RowProps) {
  const { node, depth, share, totalMs, rows, expectedRows, warnings, hasChildren, role } = drawn;
  const Fold = folded ? ChevronRight : ChevronDown;
  const columns = analyzed ? 7 : 3;
  return (
    <>
      <tr data-never={(analyzed && !node.executed) || undefined}>
        <th scope="row" className={classes.step}>
          <div className={classes.title} style={{ paddingInlineStart: depth * 18 }}>
            {hasChildren ? (
              <button
                type="button"
                className={classes.fold}
                aria-label={`${folded ? 'Show' : 'Hide'} the steps below ${node.nodeType}`}
                aria-expanded={!folded}
                onClick={onFold}
              >
                <Fold size={14} aria-hidden />
              </button>
            ) : (
              <span className={classes.fold} />
            )}
            <button type="button" className={classes.name} aria-expanded={open} onClick={onOpen}>
              {role !== null && <span className={classes.role}>{role}</span>}
              <span className={classes.type}>{node.nodeType}</span>
              {node.target !== null && <span className={classes.target}>{node.target}</span>}
              {warnings.length > 0 && (
                <TriangleAlert
                  size={14}
                  role="img"
                  aria-label={warnings.length === 1 ? 'A finding' : `${warnings.length} findings`}
                  className={classes.warning}
                />
              )}
              {analyzed && !node.executed && <span className={classes.role}>never run</span>}
            </button>
          </div>
        </th>
        {analyzed && (
          <td className={classes.share}>
            {share !== null && (
              <>
                <span className={classes.bar} style={{ width: `${share * 100}%` }} />
                <span className={classes.percent}>{formatPercent(share)}</span>
              </>
            )}
          </td>
        )}
        {analyzed && <td>{node.actual === null ? '–' : formatDuration(node.actual.selfMs)}</td>}
        {analyzed && <td>{totalMs === null ? '–' : formatDuration(totalMs)}</td>}
        {analyzed && <td>{rows === null ? '–' : formatCount(rows)}</td>}
        <td>{formatCount(expectedRows)}</td>
        <td>{analyzed ? formatCount(node.actual?.loops ?? 0) : formatCount(node.totalCost)}</td>
      </tr>
      {(open || warnings.length > 0) && (
        <tr className={classes.more}>
          <td colSpan={columns}>
            <div style={{ paddingInlineStart: depth * 18 + 24 }}>
              <NodeDetails node={node} warnings={warnings} details={open} />
            </div>
          </td>
        </tr>
      )}
    </>
  );
}
