import { memo, useId } from 'react';
import type { ChartPainter } from './chart-painter.ts';
import type { SeriesDefinition, Slot } from './series.ts';
import { FillPattern } from './series-paths.tsx';
import { fillOf, overlayStroke, thresholdColor, thresholdStyle } from './series-style.ts';
import { isAbove, type Threshold } from './thresholds.ts';
import styles from './time-series-chart.module.css';

interface Props {
  painter: ChartPainter;
  series: readonly SeriesDefinition<Slot>[];
  hidden: ReadonlySet<string>;
  onToggle(key: string): void;
  /** Shows this series alone; shows all when it already stands alone. */
  onIsolate(key: string): void;
  /** Room for the widest readout, in characters. */
  readoutChars: number;
  /** What is drawn behind, if anything is. */
  overlayLabel: string | null;
  thresholds: readonly Threshold[];
  /** Top of the value axis; null before there is one. */
  top: number | null;
}

/** Names every series, shows its value under the crosshair (or now), and hides or isolates it. */
export const ChartLegend = memo(function ChartLegend(props: Props) {
  const { painter, series, hidden, onToggle, onIsolate, readoutChars, overlayLabel } = props;
  const { thresholds, top } = props;
  return (
    <ul className={styles.legend}>
      {series.map((definition) => {
        const { key, label } = definition;
        return (
          <li key={key}>
            <button
              type="button"
              className={styles.legendEntry}
              aria-pressed={!hidden.has(key)}
              title={`${label}: click hides or shows it, Shift and click shows it alone`}
              onClick={(event) => (event.shiftKey ? onIsolate(key) : onToggle(key))}
            >
              <Swatch definition={definition} />
              <span className={styles.legendLabel}>{label}</span>
              <span
                className={styles.readout}
                style={{ minWidth: `${readoutChars}ch` }}
                data-readout={key}
                ref={(element) => {
                  if (element !== null) painter.readout.elements.readouts.set(key, element);
                  return () => void painter.readout.elements.readouts.delete(key);
                }}
              />
              {overlayLabel !== null && (
                <span
                  className={styles.earlier}
                  // Both values, the sign, and the words around them.
                  style={{ minWidth: `${2 * readoutChars + 6}ch` }}
                  ref={(element) => {
                    if (element !== null) painter.readout.elements.earlier.set(key, element);
                    return () => void painter.readout.elements.earlier.delete(key);
                  }}
                />
              )}
            </button>
          </li>
        );
      })}
      {overlayLabel !== null && (
        <li className={styles.overlayEntry}>
          <svg className={styles.swatch} width="18" height="10" viewBox="0 0 18 10" aria-hidden="true">
            <path d="M0 5h18" stroke="currentColor" {...overlayStroke} />
          </svg>
          {overlayLabel}
        </li>
      )}
      {thresholds.map((threshold) => (
        <ThresholdEntry
          key={threshold.key}
          threshold={threshold}
          above={top !== null && isAbove(threshold, top)}
        />
      ))}
    </ul>
  );
});

/** Names a threshold; an arrow tells that it lies above what the axis shows. */
function ThresholdEntry({ threshold, above }: { threshold: Threshold; above: boolean }) {
  const { label, rule } = threshold;
  const kind = rule === undefined ? 'A limit of the pool' : 'An alert rule';
  return (
    <li className={styles.thresholdEntry} title={`${kind}${above ? ', above what the axis shows now' : ''}`}>
      <svg className={styles.swatch} width="18" height="10" viewBox="0 0 18 10" aria-hidden="true">
        <path
          d={rule === undefined ? 'M1 5h16' : 'M0 5h18'}
          stroke={`var(${thresholdColor(threshold)})`}
          {...thresholdStyle(threshold)}
          strokeWidth="1.5"
        />
      </svg>
      {label}
      <span className={styles.beyond} aria-hidden>
        {above ? '↑' : ''}
      </span>
    </li>
  );
}

/** A small picture of how the series is drawn. */
function Swatch({ definition }: { definition: SeriesDefinition<Slot> }) {
  const id = useId();
  const color = `var(${definition.color})`;
  const area = definition.kind === 'area-stack' || definition.kind === 'bars';
  return (
    <svg className={styles.swatch} width="18" height="10" viewBox="0 0 18 10" aria-hidden="true">
      {area && (
        <>
          <FillPattern id={id} definition={definition} />
          <rect
            x="3.5"
            y="0.5"
            width="11"
            height="9"
            rx="1.5"
            {...fillOf(definition, color, id)}
            stroke={color}
          />
        </>
      )}
      {definition.kind === 'marks' && (
        <path d="M5.5 1.5l7 7m0-7l-7 7" stroke={color} strokeWidth="1.75" strokeLinecap="round" />
      )}
      {(definition.kind === 'line' || definition.kind === 'step') && (
        <path
          d="M0 5h18"
          stroke={color}
          strokeWidth={(definition.width ?? 1.5) + 0.5}
          strokeDasharray={definition.dash}
        />
      )}
    </svg>
  );
}
