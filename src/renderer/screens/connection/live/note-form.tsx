import { Button, Group, Modal, Textarea } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { request } from '../../../bridge/client.ts';
import { engineNowMs } from '../../../data/engine-clock.ts';
import { payloadOf } from '../../../data/errors.ts';
import { ErrorNote } from '../../../kit/error-note.tsx';
import type { HistoryEvents } from '../../../live/history-events-store.ts';
import { spanLabel } from '../../../ranges/range-words.ts';
import type { Zone } from '../../../time/zone.ts';
import type { NoteSpan } from './note-span.ts';

interface Props {
  profileId: string;
  span: NoteSpan;
  zone: Zone;
  store: HistoryEvents;
  onClose(): void;
}

const longest = 500;

/** Writes a note at a moment or over a span. What was typed stays until it is kept. */
export function NoteForm({ profileId, span, zone, store, onClose }: Props) {
  const [text, setText] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const add = useMutation({
    mutationFn: () => request('history.addNote', { profileId, ...span, text: text.trim() }),
    onSuccess: (event) => {
      store.put(event);
      onClose();
    },
    meta: { shownInPlace: true },
  });

  const submit = () => {
    const empty = text.trim() === '';
    setProblem(empty ? 'Write what happened.' : null);
    if (!empty) add.mutate();
  };

  return (
    <Modal
      opened
      onClose={onClose}
      title="Add a note"
      attributes={{ header: { role: 'presentation' } }}
      closeButtonProps={{ 'aria-label': 'Close without adding a note' }}
    >
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <Textarea
          data-autofocus
          label="Note"
          description={spanLabel(span, zone, engineNowMs())}
          dir="auto"
          autosize
          minRows={2}
          maxRows={8}
          maxLength={longest}
          value={text}
          error={problem}
          onChange={(event) => {
            setText(event.currentTarget.value);
            setProblem(null);
          }}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
            event.preventDefault();
            submit();
          }}
        />
        {add.error !== null && <ErrorNote error={payloadOf(add.error)} />}
        <Group mt="sm" justify="flex-end" align="center">
          <span style={{ marginInlineEnd: 'auto', color: 'var(--text-dim)', fontSize: '0.75rem' }}>
            {text.length} of {longest} characters
          </span>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={add.isPending}>
            Add note
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
