import { Button } from '@mantine/core';
import { useCallback, useMemo, useState, useSyncExternalStore } from 'react';
import type { ResultColumn } from '#shared/model/query.ts';
import { formatCount } from '../../charts/formats.ts';
import { ErrorNote } from '../../kit/error-note.tsx';
import type { CopyFormat } from '../grid/copy-cells.ts';
import { copyRange, type ReadWhole } from '../grid/copy-range.ts';
import type { CellPlace, CellRange } from '../grid/grid-selection.ts';
import type { GridColumn, GridSource } from '../grid/grid-source.ts';
import { ResultGrid } from '../grid/result-grid.tsx';
import type { ResultRows } from './result-rows.ts';
import classes from './result-view.module.css';
import { ValueDialog, type ValuePlace } from './value-dialog.tsx';

const atEnd: ReadonlySet<ResultColumn['kind']> = new Set(['integer', 'decimal', 'float']);

interface Props {
  label: string;
  columns: readonly ResultColumn[];
  rowCount: number;
  rows: ResultRows;
  readWhole: ReadWhole;
  /** Where the whole of a value is to be had. */
  placeOf(cell: CellPlace): ValuePlace | null;
}

/** The rows of a result in a grid, with copying and whole values. */
export function ResultTable({ label, columns, rowCount, rows, readWhole, placeOf }: Props) {
  const version = useSyncExternalStore(rows.subscribe, rows.version);
  const error = useSyncExternalStore(rows.subscribe, rows.error);
  const [opened, setOpened] = useState<ValuePlace | null>(null);
  const [range, setRange] = useState<CellRange>({ firstRow: 0, lastRow: 0, firstColumn: 0, lastColumn: 0 });
  const copy = (wanted: CellRange, format: CopyFormat) => void copyRange(wanted, columns, format, readWhole);
  const gridColumns = useMemo<GridColumn[]>(
    () =>
      columns.map(({ name, typeName, kind }) => ({
        name,
        type: shortType(typeName),
        atEnd: atEnd.has(kind),
      })),
    [columns],
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: another version has other rows.
  const source = useMemo<GridSource>(
    () => ({ columns: gridColumns, rowCount, row: (index) => rows.row(index) }),
    [gridColumns, rowCount, rows, version],
  );
  const onShown = useCallback((first: number, end: number) => rows.want(first, end), [rows]);
  return (
    <div className={classes.table}>
      {error !== null && <ErrorNote error={error} />}
      <div className={classes.grid}>
        <ResultGrid
          label={label}
          source={source}
          onShown={onShown}
          onOpen={(cell) => setOpened(placeOf(cell))}
          onCopy={copy}
          onSelect={setRange}
        />
      </div>
      {rowCount > 0 && (
        <div className={classes.foot}>
          <span className={classes.selected}>{selectionInWords(range, columns)}</span>
          <Button
            variant="subtle"
            size="compact-xs"
            onClick={() => setOpened(placeOf({ row: range.firstRow, column: range.firstColumn }))}
          >
            Show the value
          </Button>
          <Button variant="subtle" size="compact-xs" onClick={() => copy(range, 'tsv')}>
            Copy
          </Button>
          <Button variant="subtle" size="compact-xs" onClick={() => copy(range, 'csv')}>
            Copy as CSV
          </Button>
        </div>
      )}
      <ValueDialog place={opened} onClose={() => setOpened(null)} />
    </div>
  );
}

function selectionInWords(range: CellRange, columns: readonly ResultColumn[]): string {
  const rowCount = range.lastRow - range.firstRow + 1;
  const columnCount = range.lastColumn - range.firstColumn + 1;
  if (rowCount * columnCount > 1) {
    const of = columnCount === 1 ? '1 column' : `${columnCount} columns`;
    return `${rowCount === 1 ? '1 row' : `${formatCount(rowCount)} rows`} of ${of} selected`;
  }
  return `Row ${formatCount(range.firstRow + 1)}, ${columns[range.firstColumn]?.name ?? ''}`;
}

const shortNames: Record<string, string> = {
  'timestamp with time zone': 'timestamptz',
  'timestamp without time zone': 'timestamp',
  'time with time zone': 'timetz',
  'time without time zone': 'time',
  'character varying': 'varchar',
  'double precision': 'float8',
};

/** A type as people write it: `timestamptz`, `varchar(20)[]`. */
function shortType(typeName: string): string {
  for (const [long, short] of Object.entries(shortNames)) {
    if (typeName.startsWith(long)) return typeName.replace(long, short);
  }
  return typeName;
}
