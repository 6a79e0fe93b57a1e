import { memo, type ReactNode, useCallback, useEffect, useId, useMemo, useRef, useState } from 'react';
import type { HistoryEvent } from '#shared/model/history-event.ts';
import { copyText } from '../kit/copy-text.ts';
import { formatZone } from '../time/clock.ts';
import type { Zone } from '../time/zone.ts';
import type { Overlay } from './chart-data.ts';
import { ChartFrame } from './chart-frame.tsx';
import { ChartHeader } from './chart-header.tsx';
import { ChartLegend } from './chart-legend.tsx';
import { type ChartLayout, ChartPainter } from './chart-painter.ts';
import { ChartTableView } from './chart-table.tsx';
import type { ChartTable } from './chart-table-data.ts';
import { takeChartToShow } from './chart-to-show.ts';
import type { ChartCommands } from './commands.ts';
import type { Crosshair } from './crosshair.ts';
import { EventsContext } from './event-marks.tsx';
import { plotKeys } from './plot-keys.ts';
import type { SeriesDefinition, SeriesSource, Slot } from './series.ts';
import { type ShownChart, stillOf } from './shown-chart.ts';
import type { Threshold } from './thresholds.ts';
import styles from './time-series-chart.module.css';
import { useHiddenSeries } from './use-hidden-series.ts';
import { usePlotPointer } from './use-plot-pointer.ts';
import { usePlotSize } from './use-plot-size.ts';

interface TimeSeriesChartProps {
  title: string;
  /** What one unit of the value axis is, in words: "connections", "per second". */
  unit: string;
  /** Drawn in this order, the later over the earlier; stacks grow upwards. Must not change. */
  series: readonly SeriesDefinition<Slot>[];
  source: SeriesSource<Slot>;
  /** Another range of the same series, drawn behind. */
  overlay: Overlay<Slot> | null;
  /** What happened in the range, oldest first. */
  events: readonly HistoryEvent[];
  thresholds: readonly Threshold[];
  /** Shared by every chart on screen. */
  crosshair: Crosshair;
  commands: ChartCommands;
  zone: Zone;
  format: (value: number) => string;
  formatTick: (value: number) => string;
  /** The unit of the bare values, for what is copied: "ms". */
  valueUnit?: string;
  /** Top of the value axis when there is little or nothing to show. */
  leastTop: number;
  /** Values are counts: the axis has no fractions. */
  wholeNumbers?: boolean;
  /** Room for the widest readout, in characters; nothing shifts as values change. */
  readoutChars: number;
  /** 0 to 1, different for charts on one screen; see `frameFor`. */
  phase: number;
  /** Names the time zone of the axis; once per screen is enough. */
  showsZone?: boolean;
  /** What stands in the plot while there is nothing to draw. */
  emptyText?: ReactNode;
  /**
   * Further buttons for the header; `shown` tells what stands on screen when they are used. A function that
   * stays the same spares the header from being rendered anew with the chart.
   */
  actions?(shown: () => ShownChart<Slot>): ReactNode;
}

const plotHeightPx = 172;

/** One chart of values over time. React renders its frame; live data goes past React, by the painter. */
export const TimeSeriesChart = memo(function TimeSeriesChart(props: TimeSeriesChartProps) {
  const { title, series, source, overlay, events, thresholds, crosshair, commands, zone } = props;
  const { format, formatTick, readoutChars, emptyText = 'No samples yet', showsZone = false } = props;
  const { actions } = props;
  const titleId = useId();
  const [layout, setLayout] = useState<ChartLayout | null>(null);
  const [empty, setEmpty] = useState(true);
  const [table, setTable] = useState<ChartTable | null>(null);
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
          valueUnit: props.valueUnit ?? '',
          axis: { least: props.leastTop, wholeNumbers: props.wholeNumbers ?? false },
          crosshair,
          phase: props.phase,
        },
        { layoutChanged: setLayout, emptyChanged: setEmpty },
      ),
  );
  const { hidden, toggle, isolate } = useHiddenSeries(series);
  const widthPx = usePlotSize(painter, card, plot, table === null);

  useEffect(() => painter.setZone(zone), [painter, zone]);
  useEffect(() => painter.compareWith(overlay), [painter, overlay]);
  useEffect(() => painter.setEvents(events), [painter, events]);
  useEffect(() => painter.setHidden(hidden), [painter, hidden]);
  useEffect(() => painter.setThresholds(thresholds), [painter, thresholds]);
  useEffect(() => painter.connect(source), [painter, source]);

  const readTable = useCallback(() => setTable(painter.table()), [painter]);
  const asTable = table !== null;
  // Another range, or the other zone: a table of the one before would mislead.
  useEffect(() => {
    if (asTable) return source.subscribe((change) => change === 'whole' && readTable());
  }, [asTable, source, readTable]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: read anew when one of these changes
  useEffect(() => {
    if (asTable) readTable();
  }, [asTable, readTable, zone, source, thresholds]);
  const switchTable = useCallback(
    () => setTable((before) => (before === null ? painter.table() : null)),
    [painter],
  );
  const copyValues = useCallback(
    () => void copyText(painter.copyText(), `values of ${title}`),
    [painter, title],
  );

  const shownNow = useRef<() => ShownChart<Slot>>(null);
  useEffect(() => {
    shownNow.current = () => ({
      view: stillOf(source.view()),
      overlay: overlay && { ...overlay, view: stillOf(overlay.source.view()) },
      ...{ hidden, events, thresholds, zone, widthPx: card.current?.getBoundingClientRect().width ?? 0 },
    });
  });
  const actionNodes = useMemo(
    () => actions?.(() => (shownNow.current as () => ShownChart<Slot>)()),
    [actions],
  );
  const pointer = usePlotPointer(painter, crosshair, commands);
  const onKeyDown = useMemo(
    () => plotKeys({ painter, crosshair, commands, announcement, onCopy: copyValues, onTable: switchTable }),
    [painter, crosshair, commands, copyValues, switchTable],
  );
  useEffect(() => {
    if (!takeChartToShow(title)) return;
    card.current?.scrollIntoView({ block: 'center' });
    plot.current?.focus({ preventScroll: true });
  }, [title]);
  // The summary tells of a moment, so it is written anew with every layout and whenever someone comes to hear it.
  const summarise = () => plot.current?.setAttribute('aria-label', painter.summary());
  useEffect(() => summarise());

  return (
    <section ref={card} className={styles.card} aria-labelledby={titleId}>
      <ChartHeader
        titleId={titleId}
        title={title}
        unit={props.unit}
        painter={painter}
        asTable={asTable}
        onTable={switchTable}
        onCopy={copyValues}
        actions={actionNodes}
      />
      <ChartLegend
        painter={painter}
        series={series}
        hidden={hidden}
        onToggle={toggle}
        onIsolate={isolate}
        readoutChars={readoutChars}
        overlayLabel={overlay?.label ?? null}
        thresholds={thresholds}
        top={layout?.values.top ?? null}
      />
      {table !== null ? (
        <ChartTableView
          title={title}
          table={table}
          onRefresh={readTable}
          onCopy={() => void copyText(table.text, `table of ${title}`)}
        />
      ) : (
        <div
          ref={plot}
          className={styles.plot}
          style={{ height: plotHeightPx }}
          role="img"
          // biome-ignore lint/a11y/noNoninteractiveTabindex: arrow keys move the crosshair over the picture
          tabIndex={0}
          data-chart-plot=""
          onFocus={() => {
            painter.setActive(true);
            summarise();
          }}
          onBlur={() => painter.setActive(false)}
          onKeyDown={onKeyDown}
          {...pointer}
        >
          {layout !== null && widthPx > 0 && !empty && (
            <EventsContext value={events}>
              <ChartFrame
                painter={painter}
                layout={layout}
                series={series}
                thresholds={thresholds}
                widthPx={widthPx}
                heightPx={plotHeightPx}
                formatTick={formatTick}
              />
            </EventsContext>
          )}
          {showsZone && layout !== null && !empty && (
            <span className={styles.zone}>{formatZone(layout.time.toMs, zone)}</span>
          )}
          <PlotMarks painter={painter} />
          {empty && <p className={styles.empty}>{emptyText}</p>}
        </div>
      )}
      <span ref={announcement} className={styles.announcement} aria-live="polite" />
    </section>
  );
});

/** The crosshair and what goes with it; the painter moves and fills them. */
const PlotMarks = memo(function PlotMarks({ painter }: { painter: ChartPainter }) {
  const { elements } = painter.readout;
  return (
    <>
      <div
        className={styles.selection}
        hidden
        ref={(element) => {
          elements.selection = element;
        }}
      />
      <div
        className={styles.crosshair}
        hidden
        ref={(element) => {
          elements.line = element;
        }}
      />
      <div
        className={styles.tag}
        hidden
        ref={(element) => {
          elements.tag = element;
        }}
      />
    </>
  );
});
