import { formatClock, formatClockMinute, formatDay } from '../time/clock.ts';
import { startOfDay, type Zone, zoneOffsetMs } from '../time/zone.ts';

const secondMs = 1000;
const minuteMs = 60 * secondMs;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
const stepsMs = [
  ...[1, 2, 5, 15, 30].map((count) => count * secondMs),
  ...[1, 5, 10, 30].map((count) => count * minuteMs),
  ...[1, 2, 4, 6, 12].map((count) => count * hourMs),
  ...[1, 2, 5, 10, 30, 60, 120].map((count) => count * dayMs),
];

/** Distance between labelled times, so that a window shows no more than seven of them. */
export function tickStepMs(windowMs: number): number {
  const years = Math.ceil(windowMs / 7 / (365 * dayMs));
  return stepsMs.find((step) => windowMs / step <= 7) ?? years * 365 * dayMs;
}

/**
 * The round times within [fromMs, toMs]. `offsetAt` is wall time minus UTC at a moment; round means
 * round to the reader, also where the offset is not a whole hour, or changes on the way.
 */
export function tickTimesMs(
  fromMs: number,
  toMs: number,
  stepMs: number,
  offsetAt: (atMs: number) => number,
): number[] {
  const ticks: number[] = [];
  const first = Math.ceil((fromMs + offsetAt(fromMs)) / stepMs) * stepMs;
  for (let wallMs = first; ; wallMs += stepMs) {
    // The offset holds at the moment itself, which is only known from the offset: one correction settles it.
    const guess = wallMs - offsetAt(wallMs - offsetAt(fromMs));
    const tick = wallMs - offsetAt(guess);
    if (tick > toMs) return ticks;
    // An hour skipped or repeated by a clock change must not give two ticks in one place.
    if (tick >= fromMs && tick > (ticks.at(-1) ?? Number.NEGATIVE_INFINITY)) ticks.push(tick);
  }
}

/**
 * The span of time an axis is laid out for: the window shown and one tick step more. The window
 * slides within it, so the axis is laid out anew once per step and not once per second.
 */
export interface TimeFrame {
  fromMs: number;
  toMs: number;
  windowMs: number;
  stepMs: number;
  ticksMs: number[];
  zone: Zone;
}

/**
 * The frame for a window. Returns `previous` itself while the window still lies within it.
 * `phase` (0 to 1) starts a first frame part-way, so that charts side by side do not all lay out
 * their axes in the same second.
 */
export function frameFor(
  previous: TimeFrame | null,
  window: { fromMs: number; toMs: number },
  phase: number,
  zone: Zone,
): TimeFrame {
  const windowMs = window.toMs - window.fromMs;
  const same = previous !== null && previous.windowMs === windowMs && previous.zone === zone;
  if (same && window.fromMs >= previous.fromMs && window.toMs <= previous.toMs) return previous;
  const stepMs = tickStepMs(windowMs);
  const slidOut = same && window.fromMs >= previous.fromMs && window.fromMs <= previous.toMs;
  const fromMs = slidOut ? window.fromMs : window.fromMs - Math.round((stepMs * phase) / 1000) * 1000;
  const toMs = fromMs + windowMs + stepMs;
  const ticksMs = tickTimesMs(fromMs, toMs, stepMs, (atMs) => zoneOffsetMs(atMs, zone));
  return { fromMs, toMs, windowMs, stepMs, ticksMs, zone };
}

/** What stands under a tick: the time of day as fine as the step, or the day at its first moment. */
export function tickLabel(atMs: number, { stepMs, zone, toMs }: TimeFrame): string {
  if (stepMs >= dayMs || startOfDay(atMs, zone) === atMs) return formatDay(atMs, zone, toMs);
  return stepMs < minuteMs ? formatClock(atMs, zone) : formatClockMinute(atMs, zone);
}
