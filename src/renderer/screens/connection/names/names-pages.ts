import type { QueryClient } from '@tanstack/react-query';
import type { NamesPage } from '#shared/contract/names.ts';
import type { NameRow, NamesTable } from '#shared/model/names.ts';
import { keys } from '../../../data/queries.ts';

export const pageSize = 100;

/** All rows read so far, and those added here since, by id, each once. */
export function allRows(pages: readonly NamesPage[], added: readonly NameRow[]): NameRow[] {
  const byId = new Map<number, NameRow>();
  for (const row of [...pages.flatMap(({ rows }) => rows), ...added]) byId.set(row.id, row);
  return [...byId.values()].sort((a, b) => a.id - b.id);
}

/** Where the next page starts: after the last row read, not after rows added here. */
export function nextAfterId(page: NamesPage): number | undefined {
  return page.hasMore ? page.rows.at(-1)?.id : undefined;
}

export const addedKey = (profileId: string) => [...keys.names(profileId), 'added'];

/** Shows a row that was just added, even where the pages before it are not read yet. */
export function putNewRow(client: QueryClient, profileId: string, row: NameRow): void {
  client.setQueryData<NameRow[]>(addedKey(profileId), (added = []) => [...added, row]);
  client.setQueryData<NamesTable>([...keys.names(profileId), 'table'], (table) =>
    table?.state === 'ready' && table.estimatedRows !== null
      ? { ...table, estimatedRows: table.estimatedRows + 1 }
      : table,
  );
}
