import type { ChartPainter } from './chart-painter.ts';
import { ruleLabelStyle, thresholdColor, thresholdStyle } from './series-style.ts';
import { labelInsetPx } from './threshold-lines.ts';
import type { Threshold } from './thresholds.ts';

interface Props {
  painter: ChartPainter;
  thresholds: readonly Threshold[];
  widthPx: number;
}

/** A line for each threshold, and the names of rules; the painter says where. */
export function ThresholdLayer({ painter, thresholds, widthPx }: Props) {
  const { paths, labels } = painter.thresholds;
  return thresholds.map((threshold) => {
    const { key, label, rule } = threshold;
    const color = `var(${thresholdColor(threshold)})`;
    return (
      <g key={key}>
        <path
          data-threshold={label}
          ref={(element) => {
            if (element !== null) paths.set(key, element);
            return () => void paths.delete(key);
          }}
          fill="none"
          stroke={color}
          {...thresholdStyle(threshold)}
        />
        {rule !== undefined && (
          <text
            ref={(element) => {
              if (element !== null) labels.set(key, element);
              return () => void labels.delete(key);
            }}
            x={widthPx - labelInsetPx}
            fill={color}
            {...ruleLabelStyle}
            stroke="var(--surface-panel)"
          />
        )}
      </g>
    );
  });
}
