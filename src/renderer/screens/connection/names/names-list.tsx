import { Button } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { CSSProperties } from 'react';
import type { NameRow } from '#shared/model/names.ts';
import { formatCount } from '../../../charts/formats.ts';
import { payloadOf } from '../../../data/errors.ts';
import { keys } from '../../../data/queries.ts';
import { ErrorNote } from '../../../kit/error-note.tsx';
import { NameRows } from './name-rows.tsx';
import classes from './names.module.css';
import { addedKey, allRows } from './names-pages.ts';
import type { useNamesList } from './use-names-list.ts';

interface Props {
  profileId: string;
  list: ReturnType<typeof useNamesList>;
  estimatedRows: number | null;
}

/** The rows in order of id, a page at a time. */
export function NamesList({ profileId, list, estimatedRows }: Props) {
  const client = useQueryClient();
  // Written by the form that adds; nothing is ever asked for under this key.
  const added = useQuery<NameRow[]>({ queryKey: addedKey(profileId), initialData: [], enabled: false }).data;
  const pages = list.data?.pages ?? [];
  const rows = allRows(pages, added);
  const read = allRows(pages, []).length;

  const idDigits = String(rows.at(-1)?.id ?? '').length;

  const reload = () => {
    client.setQueryData<NameRow[]>(addedKey(profileId), []);
    void client.invalidateQueries({ queryKey: keys.names(profileId) });
  };

  return (
    <section className={classes.list} aria-label="Names">
      <div className={classes.listHead}>
        <p className={classes.count}>
          {list.data !== undefined && countLine(read, rows.length - read, list.hasNextPage, estimatedRows)}
        </p>
        <Button variant="subtle" size="compact-xs" loading={list.isRefetching} onClick={reload}>
          Reload
        </Button>
      </div>
      {list.isError && <ErrorNote error={payloadOf(list.error)} />}
      {rows.length > 0 && (
        <table className={classes.table} style={{ '--id-digits': idDigits } as CSSProperties}>
          <thead>
            <tr>
              <th scope="col" className={classes.idCell}>
                Id
              </th>
              <th scope="col">Name</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <NameRows key={row.id} row={row} />
            ))}
          </tbody>
        </table>
      )}
      {list.isPending && <p role="status">Reading the first names…</p>}
      {list.isSuccess && rows.length === 0 && <p>The table is empty. Add the first name above.</p>}
      {list.hasNextPage && (
        <Button
          className={classes.more}
          variant="default"
          loading={list.isFetchingNextPage}
          onClick={() => void list.fetchNextPage()}
        >
          Load more
        </Button>
      )}
    </section>
  );
}

function countLine(read: number, added: number, hasMore: boolean, estimatedRows: number | null): string {
  const all = read + added;
  if (!hasMore) return all === 1 ? '1 name' : `${formatCount(all)} names`;
  const of = estimatedRows !== null && estimatedRows > all ? ` of about ${formatCount(estimatedRows)}` : '';
  const and = added > 0 ? `, and ${formatCount(added)} added here` : '';
  return `The first ${formatCount(read)} names${of}${and}`;
}
