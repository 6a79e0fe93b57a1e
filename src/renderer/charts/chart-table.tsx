import { Button } from '@mantine/core';
import { Copy, RotateCw } from 'lucide-react';
import styles from './chart-table.module.css';
import type { ChartTable } from './chart-table-data.ts';

interface Props {
  title: string;
  table: ChartTable;
  /** Reads the values anew; the table does not move by itself under those who read it. */
  onRefresh(): void;
  onCopy(): void;
}

/** What a chart shows as figures, for reading, for screen readers, and to be copied. */
export function ChartTableView({ title, table, onRefresh, onCopy }: Props) {
  const { columns, rows, caption } = table;
  return (
    <div className={styles.area}>
      <div className={styles.tools}>
        <p className={styles.caption}>{caption}</p>
        <Button
          variant="default"
          size="compact-xs"
          leftSection={<RotateCw size={12} aria-hidden />}
          onClick={onRefresh}
        >
          Refresh
        </Button>
        <Button
          variant="default"
          size="compact-xs"
          leftSection={<Copy size={12} aria-hidden />}
          onClick={onCopy}
        >
          Copy table
        </Button>
      </div>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for inputs */}
      <div
        className={styles.scroller}
        role="group"
        aria-label={`${title}, table`}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        tabIndex={0}
      >
        <table className={styles.table}>
          <thead>
            <tr>
              {columns.map((column) => (
                <th key={column} scope="col">
                  {column}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(({ startMs, time, values }) => (
              <tr key={startMs}>
                <th scope="row">{time}</th>
                {values.map((value, i) => (
                  <td key={columns[i + 1]}>{value}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}
