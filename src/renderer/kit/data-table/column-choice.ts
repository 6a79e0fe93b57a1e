import { useCallback, useState } from 'react';
import * as z from 'zod/mini';
import type { TableColumn } from './table-column.ts';

/** Which columns show, by key; what is not named shows. */
export type ColumnChoice = Record<string, boolean>;

const storedSchema = z.record(z.string(), z.boolean());

/** The columns as they start, changed by what was chosen before. */
export function choiceOf(
  columns: readonly Pick<TableColumn<never>, 'key' | 'startsHidden'>[],
  stored: string | null,
): ColumnChoice {
  const start = Object.fromEntries(columns.map(({ key, startsHidden = false }) => [key, !startsHidden]));
  try {
    const chosen = storedSchema.safeParse(JSON.parse(stored ?? '{}'));
    return chosen.success ? { ...start, ...chosen.data } : start;
  } catch {
    return start;
  }
}

/** The chosen columns of a table, remembered on this machine under the table's name. */
export function useColumnChoice(tableName: string, columns: readonly TableColumn<never>[]) {
  const storageKey = `poolscope.columns.${tableName}`;
  const [choice, setChoice] = useState(() => choiceOf(columns, read(storageKey)));
  const choose = useCallback(
    (key: string, shown: boolean) =>
      setChoice((before) => {
        const next = { ...before, [key]: shown };
        write(storageKey, JSON.stringify(next));
        return next;
      }),
    [storageKey],
  );
  return { choice, choose };
}

/** A page without storage starts afresh and works. */
function read(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function write(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // The choice holds until the page is closed.
  }
}
