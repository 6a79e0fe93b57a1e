import type { SeriesColumns } from './columns.ts';
import { type Lanes, shapeOf, type ValueScale } from './paths.ts';
import { isWithin, type Threshold } from './thresholds.ts';

/** A threshold as it lies in a plot. */
export interface ThresholdLine {
  threshold: Threshold;
  /** An SVG path; empty where the axis does not reach. */
  d: string;
  /** The rule's name, cut to the room there is, at the right end of the line; null where none fits. */
  label: { text: string; yPx: number } | null;
}

/** Font size of labels, and how far they keep from the right edge. */
export const labelFontPx = 10;
export const labelInsetPx = 4;
/** From the line up to the foot of its label, and from one label to the next. */
const abovePx = 3;
const labelHeightPx = 12;
/** About as wide as a letter of a label is. */
const letterPx = 5.4;
const fewestLetters = 8;
/** A label takes no more than this part of the plot's width. */
const mostOfWidth = 0.35;

/**
 * The lines of thresholds and the labels of rules. A share follows its series: the same shape on an
 * axis as much higher. `lanes` lie as those of the columns.
 */
export function thresholdLines(
  thresholds: readonly Threshold[],
  columns: readonly SeriesColumns[],
  lanes: Lanes,
  scale: ValueScale,
  widthPx: number,
): ThresholdLine[] {
  const taken: number[] = [];
  return thresholds.map((threshold) => {
    const { value, shareOf, rule } = threshold;
    const values = columns.find(({ definition }) => definition.key === shareOf)?.values;
    const level = values === undefined ? value : value * lastKnown(values, lanes.count);
    if (!isWithin(threshold, scale.top) || Number.isNaN(level)) return { threshold, d: '', label: null };
    const yPx = Math.round(scale.heightPx * (1 - level / scale.top) * 10) / 10;
    const d =
      values === undefined
        ? `M0 ${yPx}H${widthPx}`
        : shapeOf.step(lanes, null, values, { ...scale, top: scale.top / value });
    // At the foot of the plot a label would lie over whatever there is.
    const label = rule === undefined || value === 0 ? null : placeLabel(rule.name, yPx, widthPx, taken);
    return { threshold, d, label };
  });
}

function placeLabel(name: string, lineYPx: number, widthPx: number, taken: number[]): ThresholdLine['label'] {
  const letters = Math.floor((widthPx * mostOfWidth) / letterPx);
  // Under a line at the very top, above all others.
  const yPx = lineYPx < labelHeightPx ? lineYPx + labelFontPx : lineYPx - abovePx;
  const collides = taken.some((other) => Math.abs(other - yPx) < labelHeightPx);
  if (letters < fewestLetters || lineYPx < 0 || collides) return null;
  taken.push(yPx);
  const all = [...name];
  return { text: all.length <= letters ? name : `${all.slice(0, letters - 1).join('')}…`, yPx };
}

/** What a series was worth last; NaN where that is not known. */
function lastKnown(values: Float64Array, count: number): number {
  for (let i = count - 1; i >= 0; i--) {
    const value = values[i] as number;
    if (!Number.isNaN(value)) return value;
  }
  return Number.NaN;
}
