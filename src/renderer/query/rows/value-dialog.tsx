import { Button, Modal, Switch } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { queryLimits, type ResultColumn } from '#shared/model/query.ts';
import { request } from '../../bridge/client.ts';
import { formatCount } from '../../charts/formats.ts';
import { payloadOf } from '../../data/errors.ts';
import { formatBytes } from '../../kit/byte-words.ts';
import { copyText } from '../../kit/copy-text.ts';
import { ErrorNote } from '../../kit/error-note.tsx';
import classes from './value-dialog.module.css';

/** One value of a result. */
export interface ValuePlace {
  runId: string;
  row: number;
  /** Of the run's own columns, from 0. */
  index: number;
  column: ResultColumn;
}

/** The whole of one value; very long ones a million characters at a time. */
export function ValueDialog({ place, onClose }: { place: ValuePlace | null; onClose(): void }) {
  return (
    <Modal
      opened={place !== null}
      onClose={onClose}
      title={place === null ? '' : `${place.column.name}, row ${formatCount(place.row + 1)}`}
      size="min(900px, 92vw)"
      attributes={{ header: { role: 'presentation' } }}
      closeButtonProps={{ 'aria-label': 'Close the value' }}
    >
      {place !== null && <Value key={`${place.runId}/${place.row}/${place.index}`} place={place} />}
    </Modal>
  );
}

function Value({ place }: { place: ValuePlace }) {
  const { runId, row, index, column } = place;
  const [indented, setIndented] = useState(column.kind === 'json');
  const value = useInfiniteQuery({
    queryKey: ['query.value', runId, row, index],
    queryFn: ({ pageParam, signal }) =>
      request(
        'query.value',
        { runId, row, column: index, fromChar: pageParam, maxChars: queryLimits.valuePieceChars },
        { signal },
      ),
    initialPageParam: 0,
    getNextPageParam: ({ chars }, _all, fromChar) => {
      const next = fromChar + queryLimits.valuePieceChars;
      return next < chars ? next : undefined;
    },
    gcTime: 0,
  });
  if (value.isError) return <ErrorNote error={payloadOf(value.error)} />;
  const pieces = value.data?.pages;
  const first = pieces?.[0];
  if (pieces === undefined || first === undefined) return <p role="status">Reading the value…</p>;
  if (first.text === null) {
    return <p>null: there is no value here.</p>;
  }
  const text = pieces.map((piece) => piece.text ?? '').join('');
  const whole = !value.hasNextPage;
  const pretty = column.kind === 'json' && whole ? indent(text) : null;
  const bytes = column.kind === 'bytes' ? `, ${formatBytes((first.chars - 2) / 2)}` : '';
  return (
    <div className={classes.value}>
      <div className={classes.head}>
        <p className={classes.facts}>
          {column.typeName}, {first.chars === 1 ? '1 character' : `${formatCount(first.chars)} characters`}
          {bytes}
          {first.chars === 0 && ': the empty text'}
        </p>
        {pretty !== null && (
          <Switch
            label="Indented"
            size="xs"
            checked={indented}
            onChange={(event) => setIndented(event.currentTarget.checked)}
          />
        )}
        <Button variant="default" size="compact-sm" onClick={() => void copyText(text, 'the value')}>
          {whole ? 'Copy' : 'Copy what is shown'}
        </Button>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so keys must reach it. */}
      <pre className={classes.text} tabIndex={0}>
        {indented && pretty !== null ? pretty : text}
      </pre>
      {!whole && (
        <Button
          variant="default"
          loading={value.isFetchingNextPage}
          onClick={() => void value.fetchNextPage()}
        >
          Show the next {formatCount(queryLimits.valuePieceChars)} characters
        </Button>
      )}
    </div>
  );
}

/** JSON as people read it; null where that would change a number that JavaScript cannot hold. */
function indent(json: string): string | null {
  try {
    const parsed: unknown = JSON.parse(json);
    const same = JSON.stringify(parsed).replace(/\s/g, '') === json.replace(/\s/g, '');
    return same ? JSON.stringify(parsed, null, 2) : null;
  } catch {
    return null;
  }
}
