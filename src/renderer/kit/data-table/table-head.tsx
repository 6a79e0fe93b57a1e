import type { RowData, SortingState } from '@tanstack/react-table';
import { ArrowDown, ArrowUp } from 'lucide-react';
import classes from './data-table.module.css';
import type { TableColumn } from './table-column.ts';

interface Props<Item extends RowData> {
  columns: readonly TableColumn<Item>[];
  template: string;
  sorting: SortingState;
  onSort(key: string, desc: boolean): void;
}

/** The heads of the columns; each sorts by its column, a second time the other way round. */
export function TableHead<Item extends RowData>({ columns, template, sorting, onSort }: Props<Item>) {
  const [sort] = sorting;
  return (
    // biome-ignore lint/a11y/useSemanticElements: part of a grid without table elements
    <div role="rowgroup" className={classes.head}>
      {/* biome-ignore lint/a11y/useSemanticElements lint/a11y/useFocusableInteractive: the grid has the focus */}
      <div role="row" className={classes.headRow} style={{ gridTemplateColumns: template }} aria-rowindex={1}>
        {columns.map(({ key, label, about, align, largestFirst = false }) => {
          const desc = sort?.id === key ? sort.desc : null;
          const Arrow = desc === true ? ArrowDown : ArrowUp;
          return (
            // biome-ignore lint/a11y/useSemanticElements lint/a11y/useFocusableInteractive: its button has the focus
            <div
              key={key}
              role="columnheader"
              className={classes.headCell}
              data-align={align}
              aria-sort={desc === null ? undefined : desc ? 'descending' : 'ascending'}
            >
              <button
                type="button"
                className={classes.sort}
                title={about ?? label}
                onClick={() => onSort(key, desc === null ? largestFirst : !desc)}
              >
                <span className={classes.headLabel}>{label}</span>
                <Arrow
                  className={classes.arrow}
                  data-shown={desc !== null || undefined}
                  size={12}
                  aria-hidden
                />
              </button>
            </div>
          );
        })}
      </div>
    </div>
  );
}
