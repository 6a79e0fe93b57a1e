import { createContext, memo, type ReactNode, useContext, useId, useLayoutEffect, useRef } from 'react';
import type { HistoryEvent, HistoryEventKind } from '#shared/model/history-event.ts';
import type { ChartPainter } from './chart-painter.ts';
import { type EventMark, marksOf } from './event-geometry.ts';
import type { TimeFrame } from './time-axis.ts';

/** What happened in the range; past the chart's frame, so that an event costs no work of recharts. */
export const EventsContext = createContext<readonly HistoryEvent[]>([]);

interface Props {
  painter: ChartPainter;
  time: TimeFrame;
  widthPx: number;
  heightPx: number;
}

const colors: Record<HistoryEventKind, string> = {
  poolOpened: 'var(--status-healthy)',
  poolClosed: 'var(--status-off)',
  poolResized: 'var(--chart-axis)',
  recordingGap: 'var(--chart-axis)',
  clockSetBack: 'var(--status-degraded)',
  poolerCommand: 'var(--status-degraded)',
  sessionsCancelled: 'var(--status-degraded)',
  sessionsTerminated: 'var(--status-unhealthy)',
  note: 'var(--accent)',
};

/** A small sign at the head of each line, so that kinds differ without colour. 8 by 8, around 0, 4. */
const heads: Record<HistoryEventKind, string> = {
  poolOpened: 'M-3 0L4 4L-3 8Z',
  poolClosed: 'M-3.5 0.5h7v7h-7Z',
  poolResized: 'M0 0L4 4L0 8L-4 4Z',
  recordingGap: 'M-4 1h8v2h-8ZM-4 5h8v2h-8Z',
  clockSetBack: 'M3 0L-4 4L3 8Z',
  poolerCommand: 'M-3.5 0h2.5v8h-2.5ZM1 0h2.5v8h-2.5Z',
  sessionsCancelled: 'M-4 0h8v2h-8ZM-1 3h2v5h-2Z',
  sessionsTerminated: 'M-4 1.5L-2.5 0L0 2.5L2.5 0L4 1.5L1.5 4L4 6.5L2.5 8L0 5.5L-2.5 8L-4 6.5L-1.5 4Z',
  note: 'M-4 0h8v5.5h-2.5L0 8L-1.5 5.5H-4Z',
};

/** Spans of time in which something was the case, behind everything else. */
export const EventBands = memo(function EventBands({ painter, time, widthPx, heightPx }: Props) {
  const events = useContext(EventsContext);
  const id = useId();
  const bands = marksOf(events, time, widthPx).filter(({ widthPx: width }) => width > 0);
  if (bands.length === 0) return null;
  return (
    <SlidingWithFrame painter={painter} time={time}>
      <pattern id={id} width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
        <rect width="1.5" height="6" fill="var(--chart-axis)" fillOpacity="0.45" />
      </pattern>
      {bands.map(({ event, xPx, widthPx: width }) => (
        <rect
          key={event.eventId}
          data-event={event.kind}
          x={xPx}
          width={width}
          height={heightPx}
          {...(event.kind === 'recordingGap'
            ? { fill: `url(#${id})` }
            : { fill: colors[event.kind], fillOpacity: 0.12 })}
        />
      ))}
    </SlidingWithFrame>
  );
});

/** Moments, and where spans begin, as thin lines with a sign at their head. */
export const EventLines = memo(function EventLines({ painter, time, widthPx, heightPx }: Props) {
  const events = useContext(EventsContext);
  const marks = marksOf(events, time, widthPx);
  if (marks.length === 0) return null;
  return (
    <SlidingWithFrame painter={painter} time={time}>
      {marks.map((mark) => (
        <EventLine key={mark.event.eventId} mark={mark} heightPx={heightPx} />
      ))}
    </SlidingWithFrame>
  );
});

function EventLine({ mark, heightPx }: { mark: EventMark; heightPx: number }) {
  const { event, xPx } = mark;
  const color = colors[event.kind];
  return (
    <g transform={`translate(${xPx} 0)`} data-event={event.kind}>
      <path d={`M0 0V${heightPx}`} stroke={color} strokeWidth="1" strokeOpacity="0.7" strokeDasharray="2 2" />
      <path d={heads[event.kind]} fill={color} stroke="var(--surface-panel)" strokeWidth="0.75" />
    </g>
  );
}

/** The sign of a kind, for lists. */
export function EventSign({ kind }: { kind: HistoryEventKind }) {
  return (
    <svg width="12" height="12" viewBox="-6 -2 12 12" aria-hidden="true">
      <path d={heads[kind]} fill={colors[kind]} />
    </svg>
  );
}

/** One move of the painter's moves all marks: they stand still to each other. */
function SlidingWithFrame(props: { painter: ChartPainter; time: TimeFrame; children: ReactNode }) {
  const { painter, time, children } = props;
  const ref = useRef<SVGGElement>(null);
  useLayoutEffect(
    () => (ref.current === null ? undefined : painter.movers.add(ref.current, time.fromMs)),
    [painter, time.fromMs],
  );
  return (
    <g ref={ref} data-always="">
      {children}
    </g>
  );
}
