import { formatDay, formatMoment, zoneSuffix } from '../time/clock.ts';
import { startOfDay, type Zone } from '../time/zone.ts';
import { type Range, type Span, spanOf } from './range.ts';

const units = [
  { ms: 86_400_000, name: 'd', fromMs: 2 * 86_400_000 },
  { ms: 3_600_000, name: 'h' },
  { ms: 60_000, name: 'min' },
  { ms: 1000, name: 's' },
] as const;

/** The two largest units of a span, days from two up: "24 h", "2 h 10 min", "1 d 12 h", "40 s". Rounded down. */
export function formatSpan(spanMs: number): string {
  const first = units.findIndex((unit) => spanMs >= ('fromMs' in unit ? unit.fromMs : unit.ms));
  if (first < 0) return '0 s';
  const parts: string[] = [];
  let restMs = spanMs;
  for (const { ms, name } of units.slice(first, first + 2)) {
    const count = Math.floor(restMs / ms);
    if (count > 0) parts.push(`${count} ${name}`);
    restMs -= count * ms;
  }
  return parts.join(' ');
}

/** What "per" is followed by: "second", "15 s", "minute", "3 h". */
export function formatStep(stepMs: number): string {
  const words = { 1000: 'second', 60000: 'minute', 3600000: 'hour', 86400000: 'day' };
  return words[stepMs as keyof typeof words] ?? formatSpan(stepMs);
}

/** A range in a few words: "Last 13 h", "20 Nov 09:00 – 10:30", "20 Nov". */
export function rangeLabel(range: Range, zone: Zone, nowMs: number): string {
  if (range.kind === 'live') return `Last ${formatSpan(spanOf(range))}`;
  return spanLabel(range, zone, nowMs);
}

/** A span, or a moment (both ends the same), in a few words: "20 Nov 09:00 – 10:30". */
export function spanLabel({ fromMs, toMs }: Span, zone: Zone, nowMs: number): string {
  const suffix = zoneSuffix(zone);
  if (startOfDay(fromMs, zone) === fromMs && startOfDay(fromMs, zone, 1) === toMs) {
    return `${formatDay(fromMs, zone, nowMs)}${suffix}`;
  }
  const seconds = fromMs % 60_000 !== 0 || toMs % 60_000 !== 0;
  const from = formatMoment(fromMs, { zone, nowMs, seconds: seconds || fromMs === toMs });
  if (fromMs === toMs) return from + suffix;
  // The end says its day only when it is another one than the start's.
  const sameDay = startOfDay(fromMs, zone) === startOfDay(toMs, zone);
  const to = formatMoment(toMs, { zone, nowMs: sameDay ? toMs : nowMs, seconds });
  const day = sameDay || startOfDay(toMs, zone) !== startOfDay(nowMs, zone);
  return `${from} – ${day ? to : `today ${to}`}${suffix}`;
}
