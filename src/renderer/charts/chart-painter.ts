import type { HistoryEvent } from '#shared/model/history-event.ts';
import { engineNowMs } from '../data/engine-clock.ts';
import type { Zone } from '../time/zone.ts';
import { ChartData, type Overlay } from './chart-data.ts';
import { type ChartTable, tableOf } from './chart-table-data.ts';
import {
  type ChartFormat,
  copyInWords,
  eventsInWords,
  summaryInWords,
  valuesInWords,
} from './chart-words.ts';
import type { Crosshair } from './crosshair.ts';
import { Movers } from './movers.ts';
import { dotsPath, Lanes, overlayShapeOf, shapeOf, type ValueScale } from './paths.ts';
import { ReadoutPainter } from './readout-painter.ts';
import { cancelRepaint, repaintSoon } from './repaint.ts';
import type { SeriesChange, SeriesSource, SeriesView, Slot } from './series.ts';
import { ThresholdPainter } from './threshold-painter.ts';
import { type Threshold, thresholdsInWords } from './thresholds.ts';
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

interface PainterOptions extends ChartFormat {
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

/** What stands on the screen. */
interface Drawn {
  view: SeriesView<Slot>;
  /** When it was drawn or last looked at, by the page's monotonic clock. */
  at: number;
  /** How high each series ends. */
  lastYs: number[];
}

/** Up to this span every second shows; in a longer one a second is less than a pixel or two. */
const everySecondUpToMs = 300_000;
/** In a longer one the newest bucket is looked at this often: has it moved by a pixel up or down? */
const lookAgainMs = 5000;

/**
 * Draws the live part of one chart straight into the document: series, the sliding of times and
 * grid lines, crosshair and readout. A second of live data thus costs a few path strings and no
 * React or recharts work.
 */
export class ChartPainter {
  /** One path per series, and one for each drawn behind it. */
  readonly paths = new Map<string, SVGPathElement>();
  readonly overlayPaths = new Map<string, SVGPathElement>();
  /** Values of a line that stand alone. */
  readonly dots = new Map<string, SVGPathElement>();
  readonly thresholds = new ThresholdPainter();
  readonly readout: ReadoutPainter;
  readonly movers = new Movers();
  readonly #options: PainterOptions;
  readonly #events: PainterEvents;
  readonly #data: ChartData;
  readonly #lanes = new Lanes();
  #stopOverlay: (() => void) | null = null;
  #layout: ChartLayout | null = null;
  #area: PlotArea | null = null;
  #empty = true;
  #inView = true;
  /** A whole repaint is due. */
  #stale = true;
  #drawn: Drawn | null = null;

  constructor(options: PainterOptions, events: PainterEvents) {
    this.#options = options;
    this.#events = events;
    this.#data = new ChartData(options.series);
    this.readout = new ReadoutPainter(this.#data, options, options.crosshair, engineNowMs);
  }

  /** Draws what `source` shows until the returned function is called. */
  connect(source: SeriesSource<Slot>): () => void {
    this.#data.source = source;
    const unsubscribe = [
      source.subscribe((change) => this.#hear(change)),
      this.#options.crosshair.subscribe(() => repaintSoon(this.#paintReadout)),
    ];
    this.repaint();
    return () => {
      for (const stop of unsubscribe) stop();
      cancelRepaint(this.#paint);
      cancelRepaint(this.#paintReadout);
      this.#data.source = null;
    };
  }

  /** Draws another range behind this one; null for none. */
  compareWith(overlay: Overlay<Slot> | null): void {
    this.#stopOverlay?.();
    this.#data.overlay = overlay;
    this.#stopOverlay = overlay?.source.subscribe(() => this.repaint()) ?? null;
    this.repaint();
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
    this.#data.hidden = hidden;
    this.repaint();
  }

  setThresholds(thresholds: readonly Threshold[]): void {
    this.thresholds.thresholds = thresholds;
    this.repaint();
  }

  setZone(zone: Zone): void {
    this.readout.zone = zone;
    this.repaint();
  }

  setEvents(events: readonly HistoryEvent[]): void {
    this.readout.events = events;
    repaintSoon(this.#paintReadout);
  }

  /** Whether this chart is the one pointed at or focused. */
  setActive(active: boolean): void {
    this.readout.active = active;
    repaintSoon(this.#paintReadout);
  }

  /** Called when recharts has laid the plot out; draws at once, before the browser shows it. */
  placeIn(area: PlotArea | null): void {
    this.#area = area;
    if (area !== null && this.#data.source !== null) this.#paint();
  }

  /** Series and values in words, for those who cannot see the chart. */
  summary(): string {
    const { zone, events } = this.readout;
    return summaryInWords(this.#data, this.#options, {
      ...{ zone, nowMs: engineNowMs(), events: events.length },
      thresholds: this.#thresholdsInWords(),
    });
  }

  /** What stands under the crosshair, in words. */
  spoken(): string {
    const view = this.#data.view();
    const { atMs } = this.#options.crosshair;
    if (view === null || atMs === null) return '';
    const values = valuesInWords(this.#data.valuesAt(atMs), this.#options);
    const happened = eventsInWords(this.readout.eventsAt(atMs, view, this.#area?.widthPx ?? 1));
    return `${this.readout.moment(atMs, view.bucketMs)}: ${values}${happened === '' ? '' : `. ${happened}`}`;
  }

  /** The values under the crosshair (else the newest) as a line of text. */
  copyText(): string {
    return copyInWords(this.#data, this.#options, this.#options.crosshair.atMs, this.readout.zone);
  }

  /** Every value shown. */
  table(): ChartTable {
    return tableOf(this.#data, this.#options, this.readout.zone, this.#thresholdsInWords());
  }

  #thresholdsInWords(): string {
    return thresholdsInWords(this.thresholds.thresholds, this.#layout?.values.top ?? null);
  }

  /** The bucket start at a distance from the plot's left edge; null outside the plot unless held within. */
  momentAt(xPx: number, heldWithin = false): number | null {
    const view = this.#data.view();
    const area = this.#area;
    if (view === null || area === null) return null;
    const x = heldWithin ? Math.min(area.widthPx - 1, Math.max(0, xPx - area.leftPx)) : xPx - area.leftPx;
    if (x < 0 || x > area.widthPx) return null;
    const atMs = view.fromMs + (x / area.widthPx) * (view.toMs - view.fromMs);
    return Math.floor(atMs / view.bucketMs) * view.bucketMs;
  }

  view(): SeriesView<Slot> | null {
    return this.#data.view();
  }

  #hear(change: SeriesChange): void {
    if (change === 'whole' || this.#drawn === null || this.#area === null || this.#stale) this.repaint();
    else if (this.#inView && this.#hasMoved(this.#drawn, this.#area)) this.repaint();
  }

  /** Whether what was drawn is off by a pixel: rightwards by time, or the newest bucket up or down. */
  #hasMoved(drawn: Drawn, area: PlotArea): boolean {
    const view = this.#data.view();
    if (view === null) return false;
    const spanMs = view.toMs - view.fromMs;
    if (spanMs <= everySecondUpToMs) return true;
    if (((view.toMs - drawn.view.toMs) * area.widthPx) / spanMs >= 1) return true;
    if (performance.now() - drawn.at < lookAgainMs) return false;
    this.#data.fill();
    drawn.at = performance.now();
    return this.#lastYs(view, area).some((y, i) => Math.abs(y - (drawn.lastYs[i] ?? 0)) >= 1);
  }

  #lastYs(view: SeriesView<Slot>, { layout, heightPx }: PlotArea): number[] {
    const last = view.buckets.length - 1;
    return this.#data.table.series.map(({ upper }) => ((upper[last] || 0) / layout.values.top) * heightPx);
  }

  readonly #paint = (): void => {
    const view = this.#data.view();
    if (view === null || !(view.toMs > view.fromMs)) return;
    const max = this.#data.fill();
    this.#stale = false;
    this.#updateEmpty(view);
    this.#updateLayout(view, max);
    const area = this.#area;
    if (area !== null) {
      const scale = { top: area.layout.values.top, heightPx: area.heightPx };
      this.#drawOverlay(area.widthPx, scale);
      this.#lanes.place(view, area.widthPx);
      this.#drawSeries(scale);
      this.thresholds.paint(this.#data.table.series, this.#lanes, scale, area.widthPx);
      this.movers.place(view, area);
      this.#drawn = { view, at: performance.now(), lastYs: this.#lastYs(view, area) };
    }
    this.#paintReadout();
  };

  #updateEmpty(view: SeriesView<Slot>): void {
    const empty = view.buckets.length === 0;
    if (empty === this.#empty) return;
    this.#empty = empty;
    this.#events.emptyChanged(empty);
  }

  #updateLayout(view: SeriesView<Slot>, max: number): void {
    const before = this.#layout;
    const time = frameFor(before?.time ?? null, view, this.#options.phase, this.readout.zone);
    // What another range needed says nothing of this one.
    const sameRange = before?.time.windowMs === time.windowMs;
    const values = nextValueAxis(sameRange ? before.values : null, max, this.#options.axis);
    if (before !== null && time === before.time && values === before.values) return;
    this.#layout = { time, values };
    this.#events.layoutChanged(this.#layout);
  }

  #drawSeries(scale: ValueScale): void {
    for (const { definition, lower, upper } of this.#data.table.series) {
      const { key, kind } = definition;
      const d = this.#data.hidden.has(key) ? '' : shapeOf[kind](this.#lanes, lower, upper, scale);
      this.paths.get(key)?.setAttribute('d', d);
      const dots = this.dots.get(key);
      if (dots === undefined) continue;
      const path = this.#data.hidden.has(key) ? '' : dotsPath(this.#lanes, upper, scale);
      if (path !== (dots.getAttribute('d') ?? '')) dots.setAttribute('d', path);
    }
  }

  #drawOverlay(widthPx: number, scale: ValueScale): void {
    const view = this.#data.overlayView();
    if (view !== null) this.#lanes.place(view, widthPx);
    for (const { definition, lower, upper } of this.#data.overlayTable.series) {
      const path = this.overlayPaths.get(definition.key);
      const shape = overlayShapeOf[definition.kind];
      const drawn = view !== null && shape !== null && !this.#data.hidden.has(definition.key);
      path?.setAttribute('d', drawn ? shape(this.#lanes, lower, upper, scale) : '');
    }
  }

  readonly #paintReadout = (): void => {
    const view = this.#data.view();
    // When stale, a whole repaint is about to come and does this too.
    if (view === null || !this.#inView || this.#stale) return;
    this.readout.paint(view, this.#area);
  };
}
