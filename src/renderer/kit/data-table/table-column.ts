import {
  type ColumnDef,
  columnVisibilityFeature,
  createSortedRowModel,
  type Row,
  type RowData,
  rowSortingFeature,
  tableFeatures,
} from '@tanstack/react-table';
import type { ReactNode } from 'react';

/** What a cell holds: what sorts, searches and shows. Null: nobody knows. */
export type CellValue = string | number | boolean | null;

/** One column of a `DataTable`. Must not change from render to render. */
export interface TableColumn<Item extends RowData> {
  key: string;
  label: string;
  /** What the column is about, where the label does not say it all. */
  about?: string;
  value(item: Item): CellValue;
  /** What shows; the value itself unless told. */
  cell?(item: Item): ReactNode;
  widthPx: number;
  /** Takes what width is left. */
  grows?: boolean;
  align?: 'end';
  /** Not shown until chosen. */
  startsHidden?: boolean;
  /** The largest first when it is sorted by. */
  largestFirst?: boolean;
}

export const features = tableFeatures({
  columnVisibilityFeature,
  rowSortingFeature,
  sortedRowModel: createSortedRowModel(),
});

export type Features = typeof features;

const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

/** Numbers by size, everything else as text, with figures in it by size. Ascending. */
export function compareValues(a: CellValue | undefined, b: CellValue | undefined): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  if (a === b) return 0;
  return collator.compare(String(a), String(b));
}

/** The column as TanStack Table knows it. Unknown values stand last in either direction. */
export function columnDefOf<Item extends RowData>(column: TableColumn<Item>): ColumnDef<Features, Item> {
  return {
    id: column.key,
    accessorFn: (item) => column.value(item) ?? undefined,
    header: column.label,
    sortUndefined: 'last',
    sortDescFirst: column.largestFirst ?? false,
    sortFn: (a: Row<Features, Item>, b: Row<Features, Item>, id: string) =>
      compareValues(a.getValue<CellValue | undefined>(id), b.getValue<CellValue | undefined>(id)),
  };
}
