import type { Advice, AdviceFigure } from '#shared/model/advice.ts';
import { formatCount, formatDuration, formatPercent, formatRate, noValue } from '../../../charts/formats.ts';
import { Panel } from '../../../kit/panel.tsx';
import { formatStampWithZone } from '../../../time/clock.ts';
import type { Zone } from '../../../time/zone.ts';
import classes from './advice.module.css';
import { TableScroller } from './table-scroller.tsx';

/** A figure of the evidence in words. */
export function figureWords({ value, unit }: Pick<AdviceFigure, 'value' | 'unit'>): string {
  if (value === null) return noValue;
  switch (unit) {
    case 'ms':
      return formatDuration(value);
    case 'perSecond':
      return formatRate(value);
    case 'share':
      return formatPercent(value);
    case 'ratio':
      return value >= 100 ? formatCount(value) : value.toFixed(2);
    case 'count':
      return formatCount(value);
  }
}

/** Every figure the advice rests on, each with where it comes from. */
export function FiguresPanel({ advice, zone }: { advice: Advice; zone: Zone }) {
  const { figures, demand } = advice;
  return (
    <Panel title="What was measured">
      {demand !== null && (
        <p className={classes.dim}>
          The busy minute began at {formatStampWithZone(demand.minuteStartMs, zone)}: 95 of 100 minutes were
          calmer or the same.
        </p>
      )}
      <TableScroller label="Table of what was measured">
        <table className={classes.table} aria-label="What was measured">
          <thead>
            <tr>
              <th scope="col">Figure</th>
              <th scope="col" className={classes.number}>
                Value
              </th>
              <th scope="col">Source</th>
            </tr>
          </thead>
          <tbody>
            {figures.map((figure) => (
              <tr key={figure.label}>
                <th scope="row">{figure.label}</th>
                <td className={classes.number}>{figureWords(figure)}</td>
                <td className={classes.dim}>{figure.source}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </TableScroller>
    </Panel>
  );
}
