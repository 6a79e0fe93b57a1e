import { ActionIcon, Button } from '@mantine/core';
import { StickyNote, Trash2 } from 'lucide-react';
import { memo, useId } from 'react';
import type { HistoryEvent, HistoryEventKind } from '#shared/model/history-event.ts';
import { EventSign } from '../../../charts/event-marks.tsx';
import { engineNowMs } from '../../../data/engine-clock.ts';
import { payloadOf } from '../../../data/errors.ts';
import { ErrorNote } from '../../../kit/error-note.tsx';
import type { HistoryEvents } from '../../../live/history-events-store.ts';
import { spanLabel } from '../../../ranges/range-words.ts';
import type { Zone } from '../../../time/zone.ts';
import classes from './event-list.module.css';
import { useDeleteNote } from './use-delete-note.tsx';

interface Props {
  store: HistoryEvents;
  events: readonly HistoryEvent[];
  error: unknown;
  zone: Zone;
  /** Brings the crosshair to a moment. */
  onShow(atMs: number): void;
  onAddNote(): void;
}

const kindNames: Record<HistoryEventKind, string> = {
  poolOpened: 'Pool opened',
  poolClosed: 'Pool closed',
  poolResized: 'Pool resized',
  recordingGap: 'Nothing recorded',
  clockSetBack: 'Clock set back',
  poolerCommand: 'Pooler command',
  sessionsCancelled: 'Statements cancelled',
  sessionsTerminated: 'Sessions terminated',
  healthHealthy: 'Healthy again',
  healthDegraded: 'Degraded',
  healthUnhealthy: 'Unhealthy',
  alertFired: 'Alert',
  alertResolved: 'Alert over',
  note: 'Note',
};
/** More would be no list to read; a shorter range shows the others. */
const mostShown = 200;

/** What happened in the range, the newest first; a click brings the crosshair there. */
export const EventList = memo(function EventList({ store, events, error, zone, onShow, onAddNote }: Props) {
  const titleId = useId();
  const deleteNote = useDeleteNote(store);
  const nowMs = engineNowMs();
  const shown = events.slice(-mostShown).reverse();
  return (
    <section className={classes.card} aria-labelledby={titleId}>
      <header className={classes.header}>
        <h3 id={titleId} className={classes.title}>
          Events
        </h3>
        <span className={classes.count}>
          {events.length > mostShown
            ? `the newest ${mostShown} of ${events.length}; zoom in to see the others`
            : events.length === 0
              ? 'none in this range'
              : `${events.length} in this range`}
        </span>
        <Button
          className={classes.add}
          variant="default"
          size="compact-xs"
          leftSection={<StickyNote size={12} aria-hidden />}
          title="At the crosshair or over the selection; click a chart to place it (N on a chart)"
          onClick={onAddNote}
        >
          Add note
        </Button>
      </header>
      {error !== null && (
        <ErrorNote error={payloadOf(error)}>
          <p>What happened in this range could not be read.</p>
          <Button variant="default" onClick={() => void store.load()}>
            Try again
          </Button>
        </ErrorNote>
      )}
      {shown.length > 0 && (
        <ol className={classes.list}>
          {shown.map((event) => (
            <li key={event.eventId} className={classes.row}>
              <button type="button" className={classes.event} onClick={() => onShow(event.fromMs)}>
                <EventSign kind={event.kind} />
                <span className={classes.when}>{spanLabel(event, zone, nowMs)}</span>
                <span className={classes.kind}>{kindNames[event.kind]}</span>
                <bdi className={classes.text}>{event.text}</bdi>
              </button>
              {event.kind === 'note' && (
                <ActionIcon
                  size="sm"
                  aria-label={`Delete the note “${event.text}”`}
                  onClick={() => deleteNote.mutate(event.eventId)}
                >
                  <Trash2 size={13} aria-hidden />
                </ActionIcon>
              )}
            </li>
          ))}
        </ol>
      )}
    </section>
  );
});
