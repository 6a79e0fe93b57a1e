import { ActionIcon, Tooltip } from '@mantine/core';
import { ChartLine, Copy, Table2 } from 'lucide-react';
import { memo, type ReactNode } from 'react';
import type { ChartPainter } from './chart-painter.ts';
import styles from './time-series-chart.module.css';

interface Props {
  titleId: string;
  title: string;
  unit: string;
  painter: ChartPainter;
  asTable: boolean;
  onTable(): void;
  onCopy(): void;
  actions: ReactNode;
}

/** Title, unit, the time under the crosshair, and what can be done with this one chart. */
export const ChartHeader = memo(function ChartHeader(props: Props) {
  const { titleId, title, unit, painter, asTable, onTable, onCopy, actions } = props;
  return (
    <header className={styles.header}>
      <h3 id={titleId} className={styles.title}>
        {title}
      </h3>
      <span className={styles.unit}>{unit}</span>
      <span
        className={styles.clock}
        ref={(element) => {
          painter.readout.elements.clock = element;
        }}
      />
      <span className={styles.actions}>
        {actions}
        <Tooltip label="Copy the values at the crosshair, or the newest (Ctrl+C)">
          <ActionIcon size="sm" aria-label={`Copy the values of ${title}`} onClick={onCopy}>
            <Copy size={13} aria-hidden />
          </ActionIcon>
        </Tooltip>
        <Tooltip label={asTable ? 'Show the chart (T)' : 'Show as a table (T)'}>
          <ActionIcon size="sm" aria-label={`${title} as a table`} aria-pressed={asTable} onClick={onTable}>
            {asTable ? <ChartLine size={13} aria-hidden /> : <Table2 size={13} aria-hidden />}
          </ActionIcon>
        </Tooltip>
      </span>
    </header>
  );
});
