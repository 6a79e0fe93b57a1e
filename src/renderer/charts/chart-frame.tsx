import { createContext, memo, type ReactNode, useContext, useLayoutEffect, useRef } from 'react';
import {
  CartesianGrid,
  ComposedChart,
  usePlotArea,
  XAxis,
  YAxis,
  type YAxisTickContentProps,
} from 'recharts';
import type { ChartLayout, ChartPainter } from './chart-painter.ts';
import type { SeriesDefinition, Slot } from './series.ts';
import { SeriesPaths } from './series-paths.tsx';
import type { Threshold } from './thresholds.ts';
import { type TimeFrame, tickLabel } from './time-axis.ts';
import styles from './time-series-chart.module.css';

const PainterContext = createContext<ChartPainter | null>(null);
const FrameContext = createContext<TimeFrame | null>(null);

const axisWidthPx = 52;
const axisHeightPx = 20;
const margin = { top: 6, right: 0, bottom: 0, left: 0 };

interface Props {
  painter: ChartPainter;
  layout: ChartLayout;
  series: readonly SeriesDefinition<Slot>[];
  thresholds: readonly Threshold[];
  widthPx: number;
  heightPx: number;
  formatTick: (value: number) => string;
}

/**
 * Axes, grid and scales by recharts; the series by the painter. The chart is laid out one tick step
 * wider than what shows, and what lies beyond the right edge slides into view: recharts works once
 * per tick step instead of once per second (measured: 109 ms per second for six charts).
 */
export const ChartFrame = memo(function ChartFrame(props: Props) {
  const { painter, layout, series, thresholds, widthPx, heightPx, formatTick } = props;
  const { time, values } = layout;
  const plotWidthPx = Math.max(1, widthPx - axisWidthPx);
  const laidOutWidthPx = axisWidthPx + (plotWidthPx * (time.toMs - time.fromMs)) / time.windowMs;
  return (
    <PainterContext value={painter}>
      <FrameContext value={time}>
        <ComposedChart
          width={laidOutWidthPx}
          height={heightPx}
          margin={margin}
          data={noData}
          accessibilityLayer={false}
          className={styles.frame as string}
        >
          <CartesianGrid stroke="var(--chart-grid)" vertical={verticalGridLine} syncWithTicks />
          <XAxis
            type="number"
            dataKey="atMs"
            domain={[time.fromMs, time.toMs]}
            ticks={time.ticksMs as number[]}
            niceTicks="none"
            interval={0}
            height={axisHeightPx}
            tick={timeTick}
            tickLine={false}
            axisLine={axisLine}
            allowDataOverflow
          />
          <YAxis
            type="number"
            domain={[0, values.top]}
            ticks={values.ticks}
            niceTicks="none"
            interval={0}
            width={axisWidthPx}
            tick={valueTick}
            tickFormatter={formatTick}
            tickLine={false}
            axisLine={false}
            allowDataOverflow
          />
          <SeriesLayer
            painter={painter}
            layout={layout}
            widthPx={plotWidthPx}
            series={series}
            thresholds={thresholds}
          />
        </ComposedChart>
      </FrameContext>
    </PainterContext>
  );
});

/** Recharts is given no points: it would walk and render every one of them on every change. */
const noData: never[] = [];
const axisLine = { stroke: 'var(--chart-axis)', strokeOpacity: 0.5 };

function valueTick({ x, y, payload, tickFormatter }: YAxisTickContentProps) {
  return (
    <text x={x} y={y} dy="0.32em" textAnchor="end" fontSize={11} fill="var(--chart-axis)">
      {tickFormatter?.(payload.value, payload.index) ?? payload.value}
    </text>
  );
}

function verticalGridLine({ index, y1, y2 }: { index: number; y1: number; y2: number }) {
  return <TimeGridLine index={index} y1={y1} y2={y2} />;
}

function TimeGridLine({ index, y1, y2 }: { index: number; y1: number; y2: number }) {
  const atMs = useContext(FrameContext)?.ticksMs[index];
  if (atMs === undefined) return null;
  return (
    <Sliding atMs={atMs}>
      <line x1={0} x2={0} y1={y1} y2={y2} stroke="var(--chart-grid)" />
    </Sliding>
  );
}

function timeTick({ y, payload }: { y: number | string; payload: { value: number } }) {
  return <TimeLabel atMs={payload.value} yPx={Number(y) + 11} />;
}

function TimeLabel({ atMs, yPx }: { atMs: number; yPx: number }) {
  const frame = useContext(FrameContext);
  if (frame === null) return null;
  const label = tickLabel(atMs, frame);
  return (
    <Sliding atMs={atMs} labelChars={label.length}>
      <text y={yPx} textAnchor="middle" fontSize={11} fill="var(--chart-axis)">
        {label}
      </text>
    </Sliding>
  );
}

/** Stands at a moment; the painter moves it as time goes on. */
function Sliding(props: { atMs: number; labelChars?: number; children: ReactNode }) {
  const { atMs, labelChars, children } = props;
  const painter = useContext(PainterContext);
  const ref = useRef<SVGGElement>(null);
  useLayoutEffect(
    () => (ref.current && painter ? painter.movers.add(ref.current, atMs) : undefined),
    [painter, atMs],
  );
  return (
    <g ref={ref} data-label={labelChars}>
      {children}
    </g>
  );
}

/** Takes the plot's place from recharts and hands it to the painter. */
function SeriesLayer(props: {
  painter: ChartPainter;
  layout: ChartLayout;
  widthPx: number;
  series: readonly SeriesDefinition<Slot>[];
  thresholds: readonly Threshold[];
}) {
  const { painter, layout, widthPx, series, thresholds } = props;
  const plot = usePlotArea();
  const leftPx = plot?.x ?? 0;
  const topPx = plot?.y ?? 0;
  const heightPx = plot?.height ?? 0;
  useLayoutEffect(() => {
    if (heightPx <= 0) return;
    painter.placeIn({ leftPx, widthPx, heightPx, layout });
    return () => painter.placeIn(null);
  }, [painter, leftPx, widthPx, heightPx, layout]);
  if (heightPx <= 0) return null;
  return (
    <SeriesPaths
      painter={painter}
      series={series}
      thresholds={thresholds}
      time={layout.time}
      leftPx={leftPx}
      topPx={topPx}
      widthPx={widthPx}
      heightPx={heightPx}
    />
  );
}
