import { memo, useId } from 'react';
import type { ChartPainter } from './chart-painter.ts';
import { EventBands, EventLines } from './event-marks.tsx';
import { overlayShapeOf } from './paths.ts';
import type { SeriesDefinition, Slot } from './series.ts';
import { dotsStyle, hasPattern, heaviestFirst, overhangPx, overlayStroke, styleOf } from './series-style.ts';
import { ThresholdLayer } from './threshold-layer.tsx';
import type { Threshold } from './thresholds.ts';
import type { TimeFrame } from './time-axis.ts';

interface Props {
  painter: ChartPainter;
  series: readonly SeriesDefinition<Slot>[];
  thresholds: readonly Threshold[];
  time: TimeFrame;
  leftPx: number;
  topPx: number;
  widthPx: number;
  heightPx: number;
}

/**
 * One path per series, cut off at the plot's edges, over those of another range and what happened
 * meanwhile. The painter writes their shapes.
 */
export const SeriesPaths = memo(function SeriesPaths(props: Props) {
  const { painter, series, thresholds, time, leftPx, topPx, widthPx, heightPx } = props;
  const id = useId();
  return (
    <svg
      x={leftPx}
      y={topPx - overhangPx}
      width={widthPx}
      height={heightPx + 2 * overhangPx}
      viewBox={`0 ${-overhangPx} ${widthPx} ${heightPx + 2 * overhangPx}`}
      aria-hidden="true"
    >
      <EventBands painter={painter} time={time} widthPx={widthPx} heightPx={heightPx} />
      {series.map((definition) => (
        <OverlayPath key={definition.key} painter={painter} definition={definition} />
      ))}
      {heaviestFirst(series).map((definition) => (
        <g key={definition.key}>
          <FillPattern id={`${id}-${definition.key}`} definition={definition} />
          <path
            data-series={definition.key}
            ref={(element) => {
              if (element !== null) painter.paths.set(definition.key, element);
              return () => void painter.paths.delete(definition.key);
            }}
            {...styleOf(definition, `var(${definition.color})`, `${id}-${definition.key}`)}
          />
          {definition.kind === 'line' && <Dots painter={painter} definition={definition} />}
        </g>
      ))}
      <ThresholdLayer painter={painter} thresholds={thresholds} widthPx={widthPx} />
      <EventLines painter={painter} time={time} widthPx={widthPx} heightPx={heightPx} />
    </svg>
  );
});

/** The values of a line that stand alone. */
function Dots({ painter, definition }: { painter: ChartPainter; definition: SeriesDefinition<Slot> }) {
  return (
    <path
      data-dots={definition.key}
      ref={(element) => {
        if (element !== null) painter.dots.set(definition.key, element);
        return () => void painter.dots.delete(definition.key);
      }}
      {...dotsStyle(definition, `var(${definition.color})`)}
    />
  );
}

/** The same series in another range: an outline, fainter, in short dashes. */
function OverlayPath({ painter, definition }: { painter: ChartPainter; definition: SeriesDefinition<Slot> }) {
  const { key, color, kind, overlaid = true } = definition;
  if (!overlaid || overlayShapeOf[kind] === null) return null;
  return (
    <path
      data-overlay={key}
      ref={(element) => {
        if (element !== null) painter.overlayPaths.set(key, element);
        return () => void painter.overlayPaths.delete(key);
      }}
      fill="none"
      stroke={`var(${color})`}
      {...overlayStroke}
    />
  );
}

/** The pattern of a striped or dotted series; nothing for others. */
export function FillPattern({ id, definition }: { id: string; definition: SeriesDefinition<Slot> }) {
  if (!hasPattern(definition)) return null;
  const color = `var(${definition.color})`;
  return (
    <pattern id={id} width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
      <rect width="5" height="5" fill={color} fillOpacity="0.25" />
      {definition.fill === 'striped' ? (
        <rect width="2.5" height="5" fill={color} />
      ) : (
        <circle cx="2.5" cy="2.5" r="1.6" fill={color} />
      )}
    </pattern>
  );
}
