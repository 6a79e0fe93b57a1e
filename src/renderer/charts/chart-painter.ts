import { ColumnTable, type SeriesColumns } from './columns.ts';
import type { Crosshair } from './crosshair.ts';
import { formatClock, formatClockWithZone, noValue } from './formats.ts';
import { dotsPath, Lanes, shapeOf, type ValueScale } from './paths.ts';
import { cancelRepaint, repaintSoon } from './repaint.ts';
import {
  bucketIndexAt,
  newestIndex,
  type SeriesDefinition,
  type SeriesSource,
  type SeriesView,
} from './series.ts';
import { frameFor, type TimeFrame } from './time-axis.ts';
import { nextValueAxis, type ValueAxis } from './value-axis.ts';

/** What recharts lays out: it changes once per tick step or when the values outgrow the axis. */
export interface ChartLayout {
  time: TimeFrame;
  values: ValueAxis;
}

/** Where recharts put the plot, as last committed. */
interface PlotArea {
  leftPx: number;
  widthPx: number;
  heightPx: number;
  layout: ChartLayout;
}

interface PainterOptions {
  title: string;
  series: readonly SeriesDefinition[];
  format(value: number): string;
  axis: { least: number; wholeNumbers: boolean };
  crosshair: Crosshair;
  /** 0 to 1, different for charts on one screen. */
  phase: number;
}

/** What React must render anew; called as rarely as possible. */
interface PainterEvents {
  layoutChanged(layout: ChartLayout): void;
  emptyChanged(empty: boolean): void;
}

/** Elements that React makes and the painter writes to. */
interface Elements {
  paths: Map<string, SVGPathElement>;
  dots: Map<string, SVGPathElement>;
  readouts: Map<string, HTMLElement>;
  clock: HTMLElement | null;
  line: HTMLElement | null;
}

/** Half the width of "14:03" and a little air: nearer to an edge, a label would be cut or meet the zone's name. */
const labelHalfPx = 17;

/**
 * Draws the live part of one chart straight into the document: series, the sliding of times and
 * grid lines, crosshair and readout. A second of live data thus costs a few path strings and no
 * React or recharts work.
 */
export class ChartPainter {
  readonly elements: Elements = {
    paths: new Map(),
    dots: new Map(),
    readouts: new Map(),
    clock: null,
    line: null,
  };
  readonly #options: PainterOptions;
  readonly #events: PainterEvents;
  readonly #table: ColumnTable;
  readonly #lanes = new Lanes();
  readonly #movers = new Map<SVGElement, number>();
  #source: SeriesSource | null = null;
  #hidden: ReadonlySet<string> = new Set();
  #layout: ChartLayout | null = null;
  #area: PlotArea | null = null;
  #empty = true;
  #inView = true;
  /** The view has moved on since the columns were read. */
  #stale = true;

  constructor(options: PainterOptions, events: PainterEvents) {
    this.#options = options;
    this.#events = events;
    this.#table = new ColumnTable(options.series);
  }

  /** Draws what `source` shows until the returned function is called. */
  connect(source: SeriesSource): () => void {
    this.#source = source;
    const unsubscribe = [
      source.subscribe(() => this.repaint()),
      this.#options.crosshair.subscribe(() => repaintSoon(this.#paintCrosshair)),
    ];
    this.repaint();
    return () => {
      for (const stop of unsubscribe) stop();
      cancelRepaint(this.#paint);
      cancelRepaint(this.#paintCrosshair);
      this.#source = null;
    };
  }

  repaint(): void {
    this.#stale = true;
    if (this.#inView) repaintSoon(this.#paint);
  }

  /** A chart scrolled out of view draws nothing until it comes back. */
  setInView(inView: boolean): void {
    this.#inView = inView;
    this.repaint();
  }

  setHidden(hidden: ReadonlySet<string>): void {
    this.#hidden = hidden;
    this.repaint();
  }

  /** Called when recharts has laid the plot out; draws at once, before the browser shows it. */
  placeIn(area: PlotArea | null): void {
    this.#area = area;
    if (area !== null && this.#source !== null) this.#paint();
  }

  /** Registers an element that stands at a moment in time and slides with it. */
  addMover(element: SVGElement, atMs: number): () => void {
    this.#movers.set(element, atMs);
    const source = this.#source;
    if (source !== null) this.#placeMover(element, atMs, source.view());
    return () => this.#movers.delete(element);
  }

  /** Series and values in words, for those who cannot see the chart. */
  summary(): string {
    const { title } = this.#options;
    const view = this.#source?.view();
    if (view === undefined || view.buckets.length === 0) return `${title}: no samples yet.`;
    const minutes = Math.round((view.toMs - view.fromMs) / 60_000);
    return `${title}, ${minutes} minutes to ${formatClockWithZone(view.toMs)}. Latest: ${this.#valuesInWords(newestIndex(view))}. Arrow keys read other moments.`;
  }

  /** The values under the crosshair in words. */
  readout(): string {
    const view = this.#source?.view();
    const { atMs } = this.#options.crosshair;
    if (view === undefined || atMs === null) return '';
    this.#table.fill(view, this.#hidden);
    return `${formatClock(atMs)}: ${this.#valuesInWords(bucketIndexAt(view, atMs))}`;
  }

  /** The bucket start at a distance from the plot's left edge; null outside the plot. */
  momentAt(xPx: number): number | null {
    const view = this.#source?.view();
    const area = this.#area;
    if (view === undefined || area === null) return null;
    const x = xPx - area.leftPx;
    if (x < 0 || x > area.widthPx) return null;
    const atMs = view.fromMs + (x / area.widthPx) * (view.toMs - view.fromMs);
    return Math.floor(atMs / view.bucketMs) * view.bucketMs;
  }

  view(): SeriesView | null {
    return this.#source?.view() ?? null;
  }

  #valuesInWords(index: number): string {
    if (index < 0) return 'no sample';
    return this.#table.series
      .map((series) => `${series.definition.label} ${this.#valueText(series, index)}`)
      .join(', ');
  }

  #valueText(series: SeriesColumns, index: number): string {
    const value = index < 0 ? Number.NaN : (series.values[index] as number);
    return Number.isNaN(value) ? noValue : (series.definition.format ?? this.#options.format)(value);
  }

  readonly #paint = (): void => {
    const view = this.#source?.view();
    if (view === undefined || !(view.toMs > view.fromMs)) return;
    const max = this.#table.fill(view, this.#hidden);
    this.#stale = false;
    this.#updateEmpty(view);
    this.#updateLayout(view, max);
    const area = this.#area;
    if (area !== null) {
      this.#lanes.place(view, area.widthPx);
      this.#drawSeries({ top: area.layout.values.top, heightPx: area.heightPx });
      for (const [element, atMs] of this.#movers) this.#placeMover(element, atMs, view);
    }
    this.#paintCrosshair();
  };

  #updateEmpty(view: SeriesView): void {
    const empty = view.buckets.length === 0;
    if (empty === this.#empty) return;
    this.#empty = empty;
    this.#events.emptyChanged(empty);
  }

  #updateLayout(view: SeriesView, max: number): void {
    const before = this.#layout;
    const time = frameFor(before?.time ?? null, view, this.#options.phase);
    const values = nextValueAxis(before?.values ?? null, max, this.#options.axis);
    if (before !== null && time === before.time && values === before.values) return;
    this.#layout = { time, values };
    this.#events.layoutChanged(this.#layout);
  }

  #drawSeries(scale: ValueScale): void {
    for (const series of this.#table.series) {
      const { key, kind } = series.definition;
      const d = this.#hidden.has(key) ? '' : shapeOf[kind](this.#lanes, series.lower, series.upper, scale);
      this.elements.paths.get(key)?.setAttribute('d', d);
      const dots = this.elements.dots.get(key);
      if (dots === undefined) continue;
      const path = this.#hidden.has(key) ? '' : dotsPath(this.#lanes, series.upper, scale);
      if (path !== (dots.getAttribute('d') ?? '')) dots.setAttribute('d', path);
    }
  }

  #placeMover(element: SVGElement, atMs: number, view: SeriesView): void {
    const area = this.#area;
    if (area === null) return;
    const x = ((atMs - view.fromMs) / (view.toMs - view.fromMs)) * area.widthPx;
    const room = element.dataset.label === undefined ? 0 : labelHalfPx;
    element.setAttribute('transform', `translate(${(area.leftPx + x).toFixed(1)} 0)`);
    element.setAttribute('visibility', x >= room && x <= area.widthPx - room ? 'visible' : 'hidden');
  }

  readonly #paintCrosshair = (): void => {
    const view = this.#source?.view();
    // When stale, a whole repaint is about to come and does this too.
    if (view === undefined || !this.#inView || this.#stale) return;
    const { atMs } = this.#options.crosshair;
    const shown = atMs !== null && atMs + view.bucketMs > view.fromMs && atMs < view.toMs;
    const index = shown ? bucketIndexAt(view, atMs) : newestIndex(view);
    for (const series of this.#table.series) {
      setText(this.elements.readouts.get(series.definition.key), this.#valueText(series, index));
    }
    setText(this.elements.clock, shown ? formatClockWithZone(atMs) : '');
    const { line } = this.elements;
    const area = this.#area;
    if (line === null || area === null) return;
    line.hidden = !shown;
    if (shown) {
      const x = ((atMs + view.bucketMs / 2 - view.fromMs) / (view.toMs - view.fromMs)) * area.widthPx;
      line.style.transform = `translateX(${(area.leftPx + x).toFixed(1)}px)`;
    }
  };
}

function setText(element: HTMLElement | null | undefined, text: string): void {
  if (element && element.textContent !== text) element.textContent = text;
}
