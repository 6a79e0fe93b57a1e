import { useElementSize } from '@mantine/hooks';
import {
  Bar,
  CartesianGrid,
  Cell,
  ComposedChart,
  ReferenceLine,
  Scatter,
  XAxis,
  YAxis,
  type YAxisTickContentProps,
} from 'recharts';
import type { Advice } from '#shared/model/advice.ts';
import { formatDuration, formatDurationTick, formatPercent } from '../../../charts/formats.ts';
import { valueAxis } from '../../../charts/value-axis.ts';
import classes from './advice.module.css';
import { TableScroller } from './table-scroller.tsx';

interface Props {
  predictions: Advice['predictions'];
  measured: Advice['measuredWait'];
  targetMs: number;
  present: number;
  recommended: number | null;
  /** Predicted for callers that ask again at once. */
  byCallers: boolean;
}

const heightPx = 190;
/** How many times the target the chart reaches. */
const mostTargets = 6;

const inWords = (ms: number | null): string => (ms === null ? 'grows without end' : formatDuration(ms));

/** Predicted p95 waits by size, the target as a line, and what was measured at the size of then. */
export function WaitChart({ predictions, measured, targetMs, present, recommended, byCallers }: Props) {
  const { ref, width } = useElementSize();
  const known = predictions.flatMap(({ waitP95Ms }) => waitP95Ms ?? []);
  // Sizes that will not do would flatten those that will: beyond the top the table tells.
  const highest = Math.min(mostTargets * targetMs, Math.max(measured?.p95Ms ?? 0, ...known));
  const axis = valueAxis(Math.max(targetMs * 1.2, highest), { least: 1, wholeNumbers: false });
  const data = predictions.map(({ size, waitP95Ms }) => ({
    size: String(size),
    isEndless: waitP95Ms === null,
    isChosen: size === recommended,
    waitMs: Math.min(axis.top, waitP95Ms ?? axis.top),
    measuredMs: measured?.size === size ? Math.min(axis.top * 0.95, measured.p95Ms) : null,
  }));
  return (
    <figure className={classes.figure}>
      <figcaption className={classes.subtitle}>
        Wait p95 by size, {byCallers ? 'at most' : 'predicted'}
        <span className={classes.legend}>
          <span data-mark="predicted">Predicted</span>
          <span data-mark="measured">Measured in the busy minute</span>
          <span data-mark="target">Target {formatDuration(targetMs)}</span>
        </span>
      </figcaption>
      <div ref={ref} className={classes.plot} aria-hidden>
        {width > 0 && (
          <ComposedChart
            width={width}
            height={heightPx}
            data={data}
            margin={{ top: 8, right: 8, bottom: 0, left: 0 }}
            accessibilityLayer={false}
          >
            <CartesianGrid stroke="var(--chart-grid)" vertical={false} />
            <XAxis dataKey="size" tick={tick} tickLine={false} stroke="var(--chart-axis)" height={22} />
            <YAxis
              domain={[0, axis.top]}
              ticks={axis.ticks}
              tick={valueTick}
              tickLine={false}
              axisLine={false}
              width={52}
              allowDataOverflow
            />
            <Bar dataKey="waitMs" isAnimationActive={false} maxBarSize={44} minPointSize={1}>
              {data.map(({ size, isEndless, isChosen }) => (
                <Cell
                  key={size}
                  fill={isChosen ? 'var(--series-used)' : 'var(--series-idle)'}
                  fillOpacity={isEndless ? 0.35 : 1}
                />
              ))}
            </Bar>
            <Scatter dataKey="measuredMs" isAnimationActive={false} shape={measuredMark} />
            <ReferenceLine y={targetMs} stroke="var(--chart-threshold)" strokeDasharray="5 3" />
          </ComposedChart>
        )}
      </div>
      <TableScroller label="Table of predicted waits">
        <table className={classes.table} aria-label="Predicted waits by size">
          <thead>
            <tr>
              <th scope="col">Size</th>
              {predictions.map(({ size }) => (
                <th
                  key={size}
                  scope="col"
                  className={classes.number}
                  data-chosen={size === recommended || undefined}
                >
                  {size}
                  {size === present && <span className={classes.dim}> now</span>}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            <Row
              label="Utilization"
              cells={predictions.map(({ utilization }) =>
                utilization > 1 ? 'over 100 %' : formatPercent(utilization),
              )}
            />
            <Row label="Wait, mean" cells={predictions.map(({ meanWaitMs }) => inWords(meanWaitMs))} />
            <Row label="Wait p95" cells={predictions.map(({ waitP95Ms }) => inWords(waitP95Ms))} />
            <Row
              label="Measured p95"
              cells={predictions.map(({ size }) =>
                measured?.size === size ? formatDuration(measured.p95Ms) : '',
              )}
            />
          </tbody>
        </table>
      </TableScroller>
    </figure>
  );
}

function Row({ label, cells }: { label: string; cells: readonly string[] }) {
  return (
    <tr>
      <th scope="row">{label}</th>
      {cells.map((cell, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a column's cell has no other name.
        <td key={i} className={classes.number}>
          {cell}
        </td>
      ))}
    </tr>
  );
}

const tick = { fontSize: 11, fill: 'var(--chart-axis)' };

/** On one line, however narrow the axis. */
function valueTick({ x, y, payload }: YAxisTickContentProps) {
  return (
    <text x={x} y={y} dy="0.32em" textAnchor="end" fontSize={11} fill="var(--chart-axis)">
      {formatDurationTick(payload.value)}
    </text>
  );
}

/** A diamond, so that it is told from the bars without colour. */
function measuredMark({ cx, cy }: { cx?: number | undefined; cy?: number | undefined }) {
  if (cx === undefined || cy === undefined || !Number.isFinite(cy)) return <g />;
  return (
    <path
      d={`M${cx} ${cy - 6}L${cx + 6} ${cy}L${cx} ${cy + 6}L${cx - 6} ${cy}Z`}
      fill="var(--series-p95)"
      stroke="var(--surface-panel)"
    />
  );
}
