import { Button } from '@mantine/core';
import { maxEventsPerRange } from '#shared/contract/history.ts';
import type { BundledProfile, OpenBundle } from '#shared/contract/history-bundle.ts';
import type { HistoryEvent } from '#shared/model/history-event.ts';
import { formatCount, formatDuration } from '../../charts/formats.ts';
import { payloadOf } from '../../data/errors.ts';
import { ErrorNote } from '../../kit/error-note.tsx';
import { Panel } from '../../kit/panel.tsx';
import { exactTime } from '../../kit/time-words.ts';
import { formatStampWithZone } from '../../time/clock.ts';
import { useZone } from '../../time/use-zone.ts';
import classes from './bundle-screen.module.css';
import { useBundleEvents } from './use-bundle-events.ts';

/** What happened to a connection of a bundle, in order of time. */
export function BundleEvents({ bundle, profile }: { bundle: OpenBundle; profile: BundledProfile }) {
  const events = useBundleEvents(bundle, profile);
  return (
    <Panel title="Events">
      {events.isError && (
        <ErrorNote error={payloadOf(events.error)}>
          <Button variant="default" loading={events.isFetching} onClick={() => void events.refetch()}>
            Try again
          </Button>
        </ErrorNote>
      )}
      {events.isPending && <p role="status">Reading the bundle’s events…</p>}
      {events.data?.length === 0 && <p>None were recorded in this range.</p>}
      {events.data !== undefined && events.data.length > 0 && <EventList events={events.data} />}
      {events.data?.length === maxEventsPerRange && (
        <p>There may be more; the newest {formatCount(maxEventsPerRange)} are listed.</p>
      )}
    </Panel>
  );
}

function EventList({ events }: { events: readonly HistoryEvent[] }) {
  const zone = useZone();
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a part that scrolls must be reachable by keyboard
    <section className={classes.scroller} aria-label="List of events" tabIndex={0}>
      <ol className={classes.events}>
        {events.map(({ eventId, fromMs, toMs, text, kind }) => (
          <li key={eventId}>
            <time dateTime={new Date(fromMs).toISOString()} title={formatStampWithZone(fromMs, 'utc')}>
              {exactTime(fromMs, zone)}
              {toMs > fromMs && `, for ${formatDuration(toMs - fromMs)}`}
            </time>
            <span>
              {kind === 'note' && <strong>Note: </strong>}
              <bdi>{text}</bdi>
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}
