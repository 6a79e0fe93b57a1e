import type { HistoryEvent } from '#shared/model/history-event.ts';
import { formatMoment, formatZone } from '../time/clock.ts';
import type { Zone } from '../time/zone.ts';
import type { ChartData } from './chart-data.ts';
import { type ChartFormat, differenceText, eventsInWords, valueText } from './chart-words.ts';
import { type Crosshair, spanOfSelection } from './crosshair.ts';
import type { SeriesView, Slot } from './series.ts';

/** Elements that React makes and a painter writes to. */
export interface ReadoutElements {
  readouts: Map<string, HTMLElement>;
  /** What stood there in the overlay, and the difference. */
  earlier: Map<string, HTMLElement>;
  clock: HTMLElement | null;
  line: HTMLElement | null;
  selection: HTMLElement | null;
  /** Says what happened at the crosshair. */
  tag: HTMLElement | null;
}

interface Plot {
  leftPx: number;
  widthPx: number;
}

/** An event this near to the crosshair is meant. */
const nearPx = 5;

/** Writes what stands at the crosshair: line, selection, time, values, and what happened there. */
export class ReadoutPainter {
  readonly elements: ReadoutElements = {
    readouts: new Map(),
    earlier: new Map(),
    clock: null,
    line: null,
    selection: null,
    tag: null,
  };
  zone: Zone = 'local';
  events: readonly HistoryEvent[] = [];
  /** This chart is the one pointed at, so it says what happened. */
  active = false;
  readonly #data: ChartData;
  readonly #chart: ChartFormat;
  readonly #crosshair: Crosshair;
  readonly #now: () => number;

  constructor(data: ChartData, chart: ChartFormat, crosshair: Crosshair, now: () => number) {
    this.#data = data;
    this.#chart = chart;
    this.#crosshair = crosshair;
    this.#now = now;
  }

  paint(view: SeriesView<Slot>, plot: Plot | null): void {
    const { atMs } = this.#crosshair;
    const shownMs = atMs !== null && atMs + view.bucketMs > view.fromMs && atMs < view.toMs ? atMs : null;
    this.#paintValues(shownMs);
    const moment = shownMs === null ? '' : this.moment(shownMs, view.bucketMs);
    setText(this.elements.clock, shownMs === null ? '' : `${moment} ${formatZone(shownMs, this.zone)}`);
    if (plot === null) return;
    const xOf = (ms: number) =>
      plot.leftPx + Math.min(1, Math.max(0, (ms - view.fromMs) / (view.toMs - view.fromMs))) * plot.widthPx;
    const xPx = shownMs === null ? null : xOf(shownMs + view.bucketMs / 2);
    this.#paintLine(xPx);
    this.#paintTag(shownMs, xPx, view, plot);
    this.#paintSelection(view, xOf);
  }

  /** Those at the crosshair: spans that hold it, moments a few pixels off. */
  eventsAt(atMs: number, view: SeriesView<Slot>, widthPx: number): HistoryEvent[] {
    const nearMs = (nearPx * (view.toMs - view.fromMs)) / Math.max(1, widthPx);
    const middleMs = atMs + view.bucketMs / 2;
    const reachMs = Math.max(nearMs, view.bucketMs / 2);
    return this.events.filter(
      ({ fromMs, toMs }) => fromMs - reachMs <= middleMs && middleMs <= toMs + reachMs,
    );
  }

  /** When a bucket starts, as finely as its length makes sense. */
  moment(atMs: number, bucketMs: number): string {
    return formatMoment(atMs, { zone: this.zone, nowMs: this.#now(), seconds: bucketMs < 60_000 });
  }

  #paintValues(shownMs: number | null): void {
    const { series, format } = this.#chart;
    const pairs = this.#data.valuesAt(shownMs ?? this.#data.newestMs());
    pairs.forEach((pair, i) => {
      const definition = series[i];
      if (definition === undefined) return;
      setText(this.elements.readouts.get(definition.key), valueText(pair.value, definition, format));
      const earlier = this.elements.earlier.get(definition.key);
      if (earlier === undefined) return;
      const difference = differenceText(pair, definition, format);
      const was = valueText(pair.earlier, definition, format);
      setText(earlier, difference === '' ? `was ${was}` : `was ${was}, ${difference}`);
    });
  }

  #paintLine(xPx: number | null): void {
    const { line } = this.elements;
    if (line === null) return;
    line.hidden = xPx === null;
    if (xPx !== null) line.style.transform = `translateX(${xPx.toFixed(1)}px)`;
  }

  #paintTag(shownMs: number | null, xPx: number | null, view: SeriesView<Slot>, plot: Plot): void {
    const { tag } = this.elements;
    if (tag === null) return;
    const text =
      shownMs === null || !this.active ? '' : eventsInWords(this.eventsAt(shownMs, view, plot.widthPx));
    tag.hidden = text === '';
    setText(tag, text);
    if (text === '' || xPx === null) return;
    // On the side with more room, so that it never covers what it speaks of.
    const leftOfLine = xPx > plot.leftPx + plot.widthPx / 2;
    tag.style.transform = `translateX(${xPx.toFixed(1)}px) translateX(${leftOfLine ? 'calc(-100% - 6px)' : '6px'})`;
  }

  #paintSelection(view: SeriesView<Slot>, xOf: (ms: number) => number): void {
    const { selection: element } = this.elements;
    const { selection } = this.#crosshair;
    if (element === null) return;
    element.hidden = selection === null;
    if (selection === null) return;
    const span = spanOfSelection(selection, view.bucketMs);
    const startPx = xOf(span.fromMs);
    element.style.transform = `translateX(${startPx.toFixed(1)}px)`;
    element.style.width = `${(xOf(span.toMs) - startPx).toFixed(1)}px`;
  }
}

function setText(element: HTMLElement | null | undefined, text: string): void {
  if (element && element.textContent !== text) element.textContent = text;
}
