import { monthNames } from '../time/clock.ts';
import { isDay, momentOf, startOfDay, wallOf, type Zone } from '../time/zone.ts';
import { parseLength } from './parse-length.ts';

/** Why a text is no range, as a sentence for the person who typed it. */
export class RangeProblem extends Error {}

export interface ParseContext {
  nowMs: number;
  zone: Zone;
}

interface TimeOfDay {
  hour: number;
  minute: number;
  second: number;
}

/** What was said of a moment: exactly when, or a day, a time of day, or both. */
export type Moment =
  | { kind: 'exact'; atMs: number }
  | { kind: 'wall'; day: { startMs: number } | null; time: TimeOfDay | null; zone: Zone; aheadMs: number };

const zonePattern = /(?<=\d\s?)(z|utc|gmt|([+-])(\d\d):?(\d\d))$/;
const timePattern = /(?<![\d-])(\d{1,2})(?::(\d\d)(?::(\d\d)(?:\.\d+)?)?)?\s*(am|pm)?(?![\d\w:-])/g;
const weekdays = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];

/** Reads a moment such as "now-2h", "yesterday 9:00", "2026-11-20 09:00", "20 Nov 9am" or "10:30". */
export function parseMoment(text: string, context: ParseContext): Moment {
  const exactMs = relativeMoment(text, context.nowMs);
  if (exactMs !== null) return { kind: 'exact', atMs: exactMs };

  // "2026-11-20T09:00" is the same as with a space.
  let rest = text.replace(/(\d)t(\d)/, '$1 $2');
  let { zone } = context;
  let aheadMs = 0;
  const zoned = zonePattern.exec(rest);
  if (zoned !== null) {
    zone = 'utc';
    if (zoned[2] !== undefined) {
      aheadMs = (Number(zoned[3]) * 60 + Number(zoned[4])) * (zoned[2] === '-' ? -60_000 : 60_000);
    }
    rest = rest.slice(0, zoned.index).trim();
  }
  const { time, before } = takeTime(rest);
  const dayText = before
    .replace(/\bat\b|,/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  const startMs = dayText === '' ? null : parseDay(dayText, { ...context, zone });
  if (startMs === undefined || (startMs === null && time === null)) throw unknown(text);
  return { kind: 'wall', day: startMs === null ? null : { startMs }, time, zone, aheadMs };
}

/** When a moment is, in milliseconds; `edge` decides what a day alone means. */
export function resolveMoment(
  moment: Moment,
  edge: 'start' | 'end',
  dayOfOther: number | null,
  nowMs: number,
): number {
  if (moment.kind === 'exact') return moment.atMs;
  const { zone, time } = moment;
  const dayMs = moment.day?.startMs ?? startOfDay(dayOfOther ?? nowMs, zone);
  if (time === null) return startOfDay(dayMs, zone, edge === 'end' ? 1 : 0);
  return momentOf({ ...wallOf(dayMs, zone), ...time }, zone) - moment.aheadMs;
}

const unknown = (text: string) =>
  new RangeProblem(
    `“${text}” is not a time. Try “13h”, “yesterday 9:00 to 10:30” or “2026-11-20 09:00 to 10:30”.`,
  );

function relativeMoment(text: string, nowMs: number): number | null {
  const match = /^now\s*(?:-\s*(.+))?$/.exec(text) ?? /^(.+?)\s+ago$/.exec(text);
  if (match === null) return null;
  if (match[1] === undefined) return nowMs;
  const lengthMs = parseLength(match[1]);
  return lengthMs === null ? null : nowMs - lengthMs;
}

/** Takes the time of day out of a text; what is left names the day. */
function takeTime(text: string): { time: TimeOfDay | null; before: string } {
  const named = /\b(noon|midnight)\b/.exec(text);
  if (named !== null) {
    const hour = named[1] === 'noon' ? 12 : 0;
    return { time: { hour, minute: 0, second: 0 }, before: text.replace(named[0], '') };
  }
  for (const match of text.matchAll(timePattern)) {
    const [whole, hours, minutes, seconds, half] = match;
    if (minutes === undefined && half === undefined) continue;
    const time = { hour: Number(hours), minute: Number(minutes ?? 0), second: Number(seconds ?? 0) };
    const wrong = half === undefined ? time.hour > 24 : time.hour < 1 || time.hour > 12;
    const beyond = time.hour === 24 && time.minute + time.second > 0;
    if (wrong || beyond || time.minute > 59 || time.second > 59) {
      throw new RangeProblem(`“${whole.trim()}” is not a time of day.`);
    }
    if (half !== undefined) time.hour = (time.hour % 12) + (half === 'pm' ? 12 : 0);
    return { time, before: text.replace(whole, ' ') };
  }
  return { time: null, before: text };
}

/** The first moment of the day a text names; undefined when it names none. */
function parseDay(text: string, { nowMs, zone }: ParseContext): number | undefined {
  if (text === 'today') return startOfDay(nowMs, zone);
  if (text === 'yesterday') return startOfDay(nowMs, zone, -1);
  const ago = /^(\d{1,4}) days? ago$/.exec(text);
  if (ago !== null) return startOfDay(nowMs, zone, -Number(ago[1]));
  return weekday(text, nowMs, zone) ?? isoDay(text, zone) ?? namedDay(text, nowMs, zone);
}

/** "monday": the latest one, today included; "last monday": before today. */
function weekday(text: string, nowMs: number, zone: Zone): number | undefined {
  const match = /^(last |on )?([a-z]{3,9})$/.exec(text);
  const wanted = weekdays.findIndex((name) => name === match?.[2] || name.slice(0, 3) === match?.[2]);
  if (match === null || wanted < 0) return undefined;
  const { year, month, day } = wallOf(nowMs, zone);
  const today = new Date(Date.UTC(year, month - 1, day)).getUTCDay();
  const days = (today - wanted + 7) % 7;
  return startOfDay(nowMs, zone, -(days === 0 && match[1] === 'last ' ? 7 : days));
}

function isoDay(text: string, zone: Zone): number | undefined {
  const match = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(text);
  if (match !== null) return dayStart(text, Number(match[1]), Number(match[2]), Number(match[3]), zone);
  if (/^\d{1,2}[./]\d{1,2}([./]\d{2,4})?$/.test(text)) {
    throw new RangeProblem(`“${text}” could be read two ways. Write the day as 2026-11-20 or 20 Nov.`);
  }
  return undefined;
}

/** "20 Nov", "November 20", "20 Nov 2025"; without a year the latest that is not in the future. */
function namedDay(text: string, nowMs: number, zone: Zone): number | undefined {
  const match =
    /^(?<day>\d{1,2})(?:st|nd|rd|th)? (?<month>[a-z]{3,9})(?: (?<year>\d{4}))?$/.exec(text) ??
    /^(?<month>[a-z]{3,9}) (?<day>\d{1,2})(?:st|nd|rd|th)?(?: (?<year>\d{4}))?$/.exec(text);
  const { day = '', month = '', year } = match?.groups ?? {};
  const index = monthNames.findIndex((name) => name.toLowerCase() === month.slice(0, 3));
  if (match === null || index < 0) return undefined;
  const thisYear = wallOf(nowMs, zone).year;
  if (year !== undefined) return dayStart(text, Number(year), index + 1, Number(day), zone);
  const startMs = dayStart(text, thisYear, index + 1, Number(day), zone);
  return startMs <= nowMs ? startMs : dayStart(text, thisYear - 1, index + 1, Number(day), zone);
}

function dayStart(text: string, year: number, month: number, day: number, zone: Zone): number {
  if (!isDay(year, month, day)) throw new RangeProblem(`The calendar has no ${text}.`);
  return momentOf({ year, month, day, hour: 0, minute: 0, second: 0 }, zone);
}
