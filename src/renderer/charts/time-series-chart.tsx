import {
  type KeyboardEvent,
  memo,
  type PointerEvent,
  type ReactNode,
  useEffect,
  useId,
  useRef,
  useState,
} from 'react';
import { ChartFrame } from './chart-frame.tsx';
import { ChartLegend } from './chart-legend.tsx';
import { type ChartLayout, ChartPainter } from './chart-painter.ts';
import { type Crosshair, crosshairAfterKey } from './crosshair.ts';
import type { SeriesDefinition, SeriesSource } from './series.ts';
import styles from './time-series-chart.module.css';

interface TimeSeriesChartProps {
  title: string;
  /** What one unit of the value axis is, in words: "connections", "per second". */
  unit: string;
  /** Drawn in this order, the later over the earlier; stacks grow upwards. Must not change. */
  series: readonly SeriesDefinition[];
  source: SeriesSource;
  /** Shared by every chart on screen. */
  crosshair: Crosshair;
  format: (value: number) => string;
  formatTick: (value: number) => string;
  /** Top of the value axis when there is little or nothing to show. */
  leastTop: number;
  /** Values are counts: the axis has no fractions. */
  wholeNumbers?: boolean;
  /** Room for the widest readout, in characters; nothing shifts as values change. */
  readoutChars: number;
  /** 0 to 1, different for charts on one screen; see `frameFor`. */
  phase: number;
  emptyText?: string;
  /** Stands at the right end of the header. */
  actions?: ReactNode;
}

const plotHeightPx = 172;

/** One chart of values over time. React renders its frame; live data goes past React, by the painter. */
export const TimeSeriesChart = memo(function TimeSeriesChart(props: TimeSeriesChartProps) {
  const { title, unit, series, source, crosshair, format, formatTick, readoutChars } = props;
  const { emptyText = 'No samples yet' } = props;
  const titleId = useId();
  const [layout, setLayout] = useState<ChartLayout | null>(null);
  const [empty, setEmpty] = useState(true);
  const [widthPx, setWidthPx] = useState(0);
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const card = useRef<HTMLElement>(null);
  const plot = useRef<HTMLDivElement>(null);
  const announcement = useRef<HTMLSpanElement>(null);
  const [painter] = useState(
    () =>
      new ChartPainter(
        {
          title,
          series,
          format,
          axis: { least: props.leastTop, wholeNumbers: props.wholeNumbers ?? false },
          crosshair,
          phase: props.phase,
        },
        { layoutChanged: setLayout, emptyChanged: setEmpty },
      ),
  );

  useEffect(() => painter.connect(source), [painter, source]);
  useEffect(() => painter.setHidden(hidden), [painter, hidden]);
  useEffect(() => {
    const cardElement = card.current;
    const plotElement = plot.current;
    if (cardElement === null || plotElement === null) return;
    const inView = new IntersectionObserver(([entry]) => painter.setInView(entry?.isIntersecting ?? true), {
      rootMargin: '80px',
    });
    inView.observe(cardElement);
    const size = new ResizeObserver(([entry]) => setWidthPx(Math.floor(entry?.contentRect.width ?? 0)));
    size.observe(plotElement);
    return () => {
      inView.disconnect();
      size.disconnect();
    };
  }, [painter]);

  const toggle = (key: string) => setHidden((before) => toggled(before, key));
  const isolate = (key: string) => setHidden((before) => isolated(before, key, series));

  const movePointer = (event: PointerEvent<HTMLDivElement>) => {
    const left = event.currentTarget.getBoundingClientRect().left;
    crosshair.moveTo(painter.momentAt(event.clientX - left));
  };
  const moveByKey = (event: KeyboardEvent<HTMLDivElement>) => {
    const view = painter.view();
    if (view === null || event.altKey || event.ctrlKey || event.metaKey) return;
    const atMs = crosshairAfterKey(event.key, event.shiftKey, crosshair.atMs, view);
    if (atMs === undefined || (atMs === null && crosshair.atMs === null)) return;
    event.preventDefault();
    event.stopPropagation();
    crosshair.moveTo(atMs);
    if (announcement.current !== null) announcement.current.textContent = painter.readout();
  };
  // The summary tells of a moment, so it is written anew with every layout and whenever someone comes to hear it.
  const summarise = () => plot.current?.setAttribute('aria-label', painter.summary());
  useEffect(() => summarise());

  return (
    <section ref={card} className={styles.card} aria-labelledby={titleId}>
      <header className={styles.header}>
        <h3 id={titleId} className={styles.title}>
          {title}
        </h3>
        <span className={styles.unit}>{unit}</span>
        <span
          className={styles.clock}
          ref={(element) => {
            painter.elements.clock = element;
          }}
        />
        {props.actions !== undefined && <span className={styles.actions}>{props.actions}</span>}
      </header>
      <ChartLegend
        painter={painter}
        series={series}
        hidden={hidden}
        onToggle={toggle}
        onIsolate={isolate}
        readoutChars={readoutChars}
      />
      <div
        ref={plot}
        className={styles.plot}
        style={{ height: plotHeightPx }}
        role="img"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: arrow keys move the crosshair over the picture
        tabIndex={0}
        data-chart-plot=""
        onFocus={summarise}
        onKeyDown={moveByKey}
        onPointerMove={movePointer}
        onPointerLeave={() => crosshair.moveTo(null)}
      >
        {layout !== null && widthPx > 0 && !empty && (
          <ChartFrame
            painter={painter}
            layout={layout}
            series={series}
            widthPx={widthPx}
            heightPx={plotHeightPx}
            formatTick={formatTick}
          />
        )}
        <div
          className={styles.crosshair}
          hidden
          ref={(element) => {
            painter.elements.line = element;
          }}
        />
        {empty && <p className={styles.empty}>{emptyText}</p>}
      </div>
      <span ref={announcement} className={styles.announcement} aria-live="polite" />
    </section>
  );
});

function toggled(hidden: ReadonlySet<string>, key: string): ReadonlySet<string> {
  const next = new Set(hidden);
  if (!next.delete(key)) next.add(key);
  return next;
}

function isolated(
  hidden: ReadonlySet<string>,
  key: string,
  series: readonly SeriesDefinition[],
): ReadonlySet<string> {
  const others = series.map((definition) => definition.key).filter((other) => other !== key);
  const alone = !hidden.has(key) && others.every((other) => hidden.has(other));
  return new Set(alone ? [] : others);
}
