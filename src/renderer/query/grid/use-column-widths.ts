import { useEffect, useRef, useState } from 'react';
import { clampWidth, firstWidth } from './column-widths.ts';
import { type GridSource, textOf } from './grid-source.ts';

/** Rows looked at to guess widths. */
const looked = 60;

function measured(source: GridSource, column: number): number {
  const { name = '', type = '' } = source.columns[column] ?? {};
  const values: (string | null)[] = [];
  for (let index = 0; index < Math.min(looked, source.rowCount); index += 1) {
    const cell = source.row(index)?.[column];
    if (cell !== undefined) values.push(textOf(cell));
  }
  return firstWidth(name, type, values);
}

/**
 * Widths of the columns in pixels: guessed once from the first rows, then only what the user makes
 * of them, so that nothing moves as rows come in. Another set of columns is measured anew.
 */
export function useColumnWidths(source: GridSource) {
  const [set, setSet] = useState<number[]>(() => source.columns.map((_, column) => measured(source, column)));
  const measuredFor = useRef({ columns: source.columns, empty: source.row(0) === undefined });
  useEffect(() => {
    const before = measuredFor.current;
    const empty = source.row(0) === undefined;
    const firstRows = before.empty && !empty;
    if (before.columns === source.columns && !firstRows) return;
    measuredFor.current = { columns: source.columns, empty };
    setSet(source.columns.map((_, column) => measured(source, column)));
  }, [source]);
  // For the one paint between other columns and their measures.
  const widths = set.length === source.columns.length ? set : source.columns.map(() => 120);
  return {
    widths,
    resize: (column: number, width: number) =>
      setSet(widths.map((other, index) => (index === column ? clampWidth(width) : other))),
    fitWidth: (column: number) =>
      setSet(widths.map((other, index) => (index === column ? measured(source, column) : other))),
  };
}
