import { memo, useId } from 'react';
import type { ChartPainter } from './chart-painter.ts';
import type { SeriesDefinition } from './series.ts';

interface Props {
  painter: ChartPainter;
  series: readonly SeriesDefinition[];
  leftPx: number;
  topPx: number;
  widthPx: number;
  heightPx: number;
}

/** A line at the very top or foot of the plot shows its whole width. */
const overhangPx = 2;

/** One path per series, cut off at the plot's edges. The painter writes their shapes. */
export const SeriesPaths = memo(function SeriesPaths(props: Props) {
  const { painter, series, leftPx, topPx, widthPx, heightPx } = props;
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
      {series.map((definition) => {
        const hatch = definition.hatched ? `${id}-${definition.key}` : null;
        return (
          <g key={definition.key}>
            {hatch !== null && <Hatch id={hatch} color={definition.color} />}
            <path
              data-series={definition.key}
              ref={(element) => {
                if (element !== null) painter.elements.paths.set(definition.key, element);
                return () => void painter.elements.paths.delete(definition.key);
              }}
              {...appearance(definition, hatch)}
            />
          </g>
        );
      })}
    </svg>
  );
});

function appearance(definition: SeriesDefinition, hatch: string | null) {
  const color = `var(${definition.color})`;
  switch (definition.kind) {
    case 'area-stack':
      // The outline keeps its contrast where the fill is faint.
      return {
        fill: hatch === null ? color : `url(#${hatch})`,
        fillOpacity: definition.faint ? 0.3 : 0.8,
        stroke: color,
        strokeWidth: 1,
      };
    case 'bars':
      return { fill: hatch === null ? color : `url(#${hatch})`, stroke: 'none' };
    case 'marks':
      return { fill: 'none', stroke: color, strokeWidth: 1.75, strokeLinecap: 'round' as const };
    default:
      return {
        fill: 'none',
        stroke: color,
        strokeWidth: 1.5,
        strokeLinejoin: 'round' as const,
        strokeLinecap: 'butt' as const,
        strokeDasharray: definition.dash,
      };
  }
}

/** Diagonal stripes in a colour over a faint ground of it. */
export function Hatch({ id, color }: { id: string; color: string }) {
  return (
    <pattern id={id} width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
      <rect width="5" height="5" fill={`var(${color})`} fillOpacity="0.25" />
      <rect width="2.5" height="5" fill={`var(${color})`} />
    </pattern>
  );
}
