import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useRef } from 'react';
import type { NameSearch } from '#shared/model/names.ts';
import { request } from '../../../bridge/client.ts';
import { formatCount } from '../../../charts/formats.ts';
import { engineNowMs } from '../../../data/engine-clock.ts';
import { isCancelled, payloadOf } from '../../../data/errors.ts';
import { RelativeTime } from '../../../kit/relative-time.tsx';
import classes from './names.module.css';
import type { WindowState } from './names-window.ts';

interface Props {
  profileId: string;
  schema: string;
  search: NameSearch | null;
  state: WindowState;
  /** As the table was looked at first; the watch brings newer ones. */
  estimatedRows: number | null;
}

const namesInWords = (count: number) => (count === 1 ? '1 name' : `${formatCount(count)} names`);

/** How many there are: exactly where that is known, else about, and never one for the other. */
export function CountLine({ profileId, schema, search, state, estimatedRows }: Props) {
  const abort = useRef(new AbortController());
  const count = useMutation({
    mutationFn: async () => {
      abort.current = new AbortController();
      const { signal } = abort.current;
      const answer = await request('names.count', { profileId, schema, search }, { signal });
      return { ...answer, atMs: engineNowMs() };
    },
    meta: { shownInPlace: true },
  });
  const { rows, hasBefore, hasAfter, loading, newestId } = state;
  if (loading === 'jump' && rows.length === 0) return <p className={classes.count}>Reading…</p>;
  const present = rows.filter(({ isGone }) => isGone !== true).length;
  if (!hasBefore && !hasAfter) {
    return <p className={classes.count}>{search === null ? namesInWords(present) : matches(present)}</p>;
  }
  const about = search === null ? (state.estimatedRows ?? estimatedRows) : null;
  const failure = count.isError && !isCancelled(count.error) ? payloadOf(count.error).message : null;
  return (
    <div className={classes.count}>
      <span title={count.isSuccess ? undefined : origin}>
        {count.isSuccess ? (
          <>
            {search === null ? namesInWords(count.data.count) : matches(count.data.count)}, counted{' '}
            <RelativeTime atMs={count.data.atMs} />
          </>
        ) : (
          uncounted(present, about, search !== null)
        )}
        {newestId !== null && search === null && ` · newest id ${newestId}`}
      </span>{' '}
      {count.isPending ? (
        <Button variant="subtle" size="compact-xs" onClick={() => abort.current.abort()}>
          Stop counting
        </Button>
      ) : (
        <Button variant="subtle" size="compact-xs" onClick={() => count.mutate()}>
          {count.isSuccess ? 'Count again' : 'Count exactly'}
        </Button>
      )}
      {failure !== null && <span role="alert">{failure}</span>}
    </div>
  );
}

const origin = "The estimate is the server's, from its last ANALYZE and the size of the table.";

const matches = (count: number) => (count === 1 ? '1 match' : `${formatCount(count)} matches`);

function uncounted(atHand: number, about: number | null, isSearch: boolean): string {
  if (isSearch) return `${formatCount(atHand)} matches at hand, and more`;
  if (about !== null && about >= atHand) return `About ${namesInWords(about)}`;
  return `More than ${namesInWords(atHand)}; the server has no estimate yet`;
}
