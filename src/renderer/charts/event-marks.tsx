import { createContext, memo, type ReactNode, useContext, useId, useLayoutEffect, useRef } from 'react';
import type { HistoryEvent, HistoryEventKind } from '#shared/model/history-event.ts';
import type { ChartPainter } from './chart-painter.ts';
import { type EventMark, marksOf } from './event-geometry.ts';
import { eventBandOpacity, eventColors, eventHeads, eventLineStroke } from './event-style.ts';
import type { TimeFrame } from './time-axis.ts';

/** What happened in the range; past the chart's frame, so that an event costs no work of recharts. */
export const EventsContext = createContext<readonly HistoryEvent[]>([]);

interface Props {
  painter: ChartPainter;
  time: TimeFrame;
  widthPx: number;
  heightPx: number;
}

const colorOf = (kind: HistoryEventKind) => `var(${eventColors[kind]})`;

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
            : { fill: colorOf(event.kind), fillOpacity: eventBandOpacity })}
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
  const color = colorOf(event.kind);
  return (
    <g transform={`translate(${xPx} 0)`} data-event={event.kind}>
      <path d={`M0 0V${heightPx}`} stroke={color} {...eventLineStroke} />
      <path d={eventHeads[event.kind]} fill={color} stroke="var(--surface-panel)" strokeWidth="0.75" />
    </g>
  );
}

/** The sign of a kind, for lists. */
export function EventSign({ kind }: { kind: HistoryEventKind }) {
  return (
    <svg width="12" height="12" viewBox="-6 -2 12 12" aria-hidden="true">
      <path d={eventHeads[kind]} fill={colorOf(kind)} />
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
