import type { SeriesColumns } from './columns.ts';
import type { Lanes, ValueScale } from './paths.ts';
import { thresholdLines } from './threshold-lines.ts';
import type { Threshold } from './thresholds.ts';

/** Writes where thresholds lie into elements that React makes; touches only what has moved. */
export class ThresholdPainter {
  readonly paths = new Map<string, SVGPathElement>();
  readonly labels = new Map<string, SVGTextElement>();
  thresholds: readonly Threshold[] = [];

  paint(columns: readonly SeriesColumns[], lanes: Lanes, scale: ValueScale, widthPx: number): void {
    if (this.thresholds.length === 0) return;
    for (const { threshold, d, label } of thresholdLines(this.thresholds, columns, lanes, scale, widthPx)) {
      write(this.paths.get(threshold.key), 'd', d);
      const element = this.labels.get(threshold.key);
      if (element === undefined) continue;
      const text = label?.text ?? '';
      if (element.textContent !== text) element.textContent = text;
      if (label !== null) write(element, 'y', String(label.yPx));
    }
  }
}

function write(element: SVGElement | undefined, attribute: string, value: string): void {
  if (element !== undefined && (element.getAttribute(attribute) ?? '') !== value)
    element.setAttribute(attribute, value);
}
