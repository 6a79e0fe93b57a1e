import { momentOf, startOfDay, wallOf, type Zone, zoneOffsetMs } from './zone.ts';

const two = (value: number) => (value < 10 ? `0${value}` : `${value}`);

/** Short names of the months, January first. */
export const monthNames = [
  'Jan',
  'Feb',
  'Mar',
  'Apr',
  'May',
  'Jun',
  'Jul',
  'Aug',
  'Sep',
  'Oct',
  'Nov',
  'Dec',
] as const;

/** Time of day to the minute, "14:03": always five characters, so that labels line up. */
export function formatClockMinute(atMs: number, zone: Zone): string {
  const { hour, minute } = wallOf(atMs, zone);
  return `${two(hour)}:${two(minute)}`;
}

/** Time of day to the second, "14:03:21". */
export function formatClock(atMs: number, zone: Zone): string {
  const { hour, minute, second } = wallOf(atMs, zone);
  return `${two(hour)}:${two(minute)}:${two(second)}`;
}

/** "20 Nov"; with the year when it is not this one. */
export function formatDay(atMs: number, zone: Zone, nowMs: number): string {
  const { year, month, day } = wallOf(atMs, zone);
  const name = `${day} ${monthNames[month - 1]}`;
  return year === wallOf(nowMs, zone).year ? name : `${name} ${year}`;
}

/** "14:03:21" today, "20 Nov 14:03:21" on any other day; without seconds where they say nothing. */
export function formatMoment(
  atMs: number,
  { zone, nowMs, seconds = true }: { zone: Zone; nowMs: number; seconds?: boolean },
): string {
  const clock = seconds ? formatClock(atMs, zone) : formatClockMinute(atMs, zone);
  const today = startOfDay(atMs, zone) === startOfDay(nowMs, zone);
  return today ? clock : `${formatDay(atMs, zone, nowMs)} ${clock}`;
}

/** "2026-11-20 14:03:21": the same on every day, sorts as text, and can be typed back. */
export function formatStamp(atMs: number, zone: Zone): string {
  const { year, month, day } = wallOf(atMs, zone);
  return `${year}-${two(month)}-${two(day)} ${formatClock(atMs, zone)}`;
}

/** The value of a `datetime-local` input: "2026-11-20T14:03:21". */
export function toPickerValue(atMs: number, zone: Zone): string {
  return formatStamp(atMs, zone).replace(' ', 'T');
}

/** The moment a `datetime-local` input holds; null while it holds none. */
export function fromPickerValue(value: string, zone: Zone): number | null {
  const match = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)(?::(\d\d)(?:\.\d+)?)?$/.exec(value);
  if (match === null) return null;
  const [year, month, day, hour, minute, second] = match.slice(1).map((part) => Number(part ?? 0));
  if (year === undefined || month === undefined || day === undefined) return null;
  return momentOf({ year, month, day, hour: hour ?? 0, minute: minute ?? 0, second: second ?? 0 }, zone);
}

/** The zone of times around a moment: "UTC", "UTC+2", "UTC−3:30". */
export function formatZone(atMs: number, zone: Zone): string {
  return formatUtcOffset(zoneOffsetMs(atMs, zone) / 60_000);
}

/** Wall time minus UTC, in minutes, as the name of a zone. */
export function formatUtcOffset(minutes: number): string {
  if (minutes === 0) return 'UTC';
  const size = Math.abs(minutes);
  const rest = size % 60 === 0 ? '' : `:${two(size % 60)}`;
  return `UTC${minutes < 0 ? '−' : '+'}${Math.floor(size / 60)}${rest}`;
}

/** "14:03:21 UTC+2". */
export function formatClockWithZone(atMs: number, zone: Zone): string {
  return `${formatClock(atMs, zone)} ${formatZone(atMs, zone)}`;
}

/** "2026-11-20 14:03:21 UTC+1": the whole of a moment, to be read anywhere. */
export function formatStampWithZone(atMs: number, zone: Zone): string {
  return `${formatStamp(atMs, zone)} ${formatZone(atMs, zone)}`;
}

/**
 * "2026-11-20 14:03:21 to 14:08:21 UTC+1": the second day is named when it is another one, the first
 * zone when a clock change comes between.
 */
export function formatSpanWithZone(fromMs: number, toMs: number, zone: Zone): string {
  const sameDay = startOfDay(fromMs, zone) === startOfDay(toMs, zone);
  const sameZone = zoneOffsetMs(fromMs, zone) === zoneOffsetMs(toMs, zone);
  const from = sameZone ? formatStamp(fromMs, zone) : formatStampWithZone(fromMs, zone);
  const to = sameDay ? formatClockWithZone(toMs, zone) : formatStampWithZone(toMs, zone);
  return `${from} to ${to}`;
}

/** What to call a zone behind a time: "UTC", or nothing where local is meant. */
export const zoneSuffix = (zone: Zone): string => (zone === 'utc' ? ' UTC' : '');
