import { memo, useId } from 'react';
import type { ChartPainter } from './chart-painter.ts';
import { EventBands, EventLines } from './event-marks.tsx';
import { overlayShapeOf } from './paths.ts';
import type { SeriesDefinition, Slot } from './series.ts';
import type { TimeFrame } from './time-axis.ts';

interface Props {
  painter: ChartPainter;
  series: readonly SeriesDefinition<Slot>[];
  time: TimeFrame;
  leftPx: number;
  topPx: number;
  widthPx: number;
  heightPx: number;
}

/** A line at the very top or foot of the plot shows its whole width. */
const overhangPx = 2;

/**
 * One path per series, cut off at the plot's edges, over those of another range and what happened
 * meanwhile. The painter writes their shapes.
 */
export const SeriesPaths = memo(function SeriesPaths(props: Props) {
  const { painter, series, time, leftPx, topPx, widthPx, heightPx } = props;
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
            {...appearance(definition, `${id}-${definition.key}`)}
          />
          {definition.kind === 'line' && <Dots painter={painter} definition={definition} />}
        </g>
      ))}
      <EventLines painter={painter} time={time} widthPx={widthPx} heightPx={heightPx} />
    </svg>
  );
});

/** A heavy line goes beneath what it would hide. */
function heaviestFirst(series: readonly SeriesDefinition<Slot>[]): SeriesDefinition<Slot>[] {
  return [...series].sort((a, b) => (b.width ?? 0) - (a.width ?? 0));
}

/** Wide enough to be found, and whole when it stands at the very foot of the plot. */
const dotPx = 2 * overhangPx;

/** The values of a line that stand alone. */
function Dots({ painter, definition }: { painter: ChartPainter; definition: SeriesDefinition<Slot> }) {
  return (
    <path
      data-dots={definition.key}
      ref={(element) => {
        if (element !== null) painter.dots.set(definition.key, element);
        return () => void painter.dots.delete(definition.key);
      }}
      fill="none"
      stroke={`var(${definition.color})`}
      strokeWidth={Math.max(dotPx, definition.width ?? 0)}
      strokeLinecap="round"
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

/** How everything of the range behind is drawn; the legend shows it too. */
export const overlayStroke = { strokeWidth: 1.25, strokeOpacity: 0.7, strokeDasharray: '3 3' };

function appearance(definition: SeriesDefinition<Slot>, patternId: string) {
  const color = `var(${definition.color})`;
  switch (definition.kind) {
    case 'area-stack':
      return { ...filled(definition, patternId), stroke: color, strokeWidth: 1 };
    case 'bars':
      return filled(definition, patternId);
    case 'marks':
      return { fill: 'none', stroke: color, strokeWidth: 1.75, strokeLinecap: 'round' as const };
    case 'line':
    case 'step':
      return {
        fill: 'none',
        stroke: color,
        strokeWidth: definition.width ?? 1.5,
        strokeLinejoin: 'round' as const,
        strokeDasharray: definition.dash,
      };
  }
}

/** How the area or bar of a series is filled; `FillPattern` of the same id must stand beside it. */
export function filled({ color, fill = 'solid' }: SeriesDefinition<Slot>, patternId: string) {
  switch (fill) {
    case 'solid':
      return { fill: `var(${color})`, fillOpacity: 0.8 };
    case 'faint':
      return { fill: `var(${color})`, fillOpacity: 0.3, stroke: `var(${color})`, strokeWidth: 1 };
    case 'striped':
    case 'dotted':
      return { fill: `url(#${patternId})` };
  }
}

/** The pattern of a striped or dotted series; nothing for others. */
export function FillPattern({ id, definition }: { id: string; definition: SeriesDefinition<Slot> }) {
  const { fill } = definition;
  if (fill !== 'striped' && fill !== 'dotted') return null;
  const color = `var(${definition.color})`;
  return (
    <pattern id={id} width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
      <rect width="5" height="5" fill={color} fillOpacity="0.25" />
      {fill === 'striped' ? (
        <rect width="2.5" height="5" fill={color} />
      ) : (
        <circle cx="2.5" cy="2.5" r="1.6" fill={color} />
      )}
    </pattern>
  );
}
