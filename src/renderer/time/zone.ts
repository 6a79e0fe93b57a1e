/** Whose clock the user reads: this machine's, or UTC. */
export type Zone = 'local' | 'utc';

/** A moment as clock and calendar show it. */
export interface Wall {
  year: number;
  /** 1 to 12. */
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
}

/** What clock and calendar of a zone show at a moment. */
export function wallOf(atMs: number, zone: Zone): Wall {
  const date = new Date(atMs);
  return zone === 'utc'
    ? {
        year: date.getUTCFullYear(),
        month: date.getUTCMonth() + 1,
        day: date.getUTCDate(),
        hour: date.getUTCHours(),
        minute: date.getUTCMinutes(),
        second: date.getUTCSeconds(),
      }
    : {
        year: date.getFullYear(),
        month: date.getMonth() + 1,
        day: date.getDate(),
        hour: date.getHours(),
        minute: date.getMinutes(),
        second: date.getSeconds(),
      };
}

/** The moment at which clock and calendar show this. A time that a clock change skips is the one after it. */
export function momentOf(wall: Wall, zone: Zone): number {
  const { year, month, day, hour, minute, second } = wall;
  return zone === 'utc'
    ? Date.UTC(year, month - 1, day, hour, minute, second)
    : new Date(year, month - 1, day, hour, minute, second).getTime();
}

/** The first moment of the day that holds `atMs`, or of one `days` later (earlier when negative). */
export function startOfDay(atMs: number, zone: Zone, days = 0): number {
  const wall = wallOf(atMs, zone);
  return momentOf({ ...wall, day: wall.day + days, hour: 0, minute: 0, second: 0 }, zone);
}

/** The same time of day some days later or earlier; not always a multiple of 24 hours. */
export function daysLater(atMs: number, zone: Zone, days: number): number {
  const wall = wallOf(atMs, zone);
  return momentOf({ ...wall, day: wall.day + days }, zone) + (atMs - Math.floor(atMs / 1000) * 1000);
}

/** Wall time minus UTC at a moment, in milliseconds. */
export function zoneOffsetMs(atMs: number, zone: Zone): number {
  return zone === 'utc' ? 0 : -new Date(atMs).getTimezoneOffset() * 60_000;
}

/** Whether a day of the calendar exists: 30 February does not. */
export function isDay(year: number, month: number, day: number): boolean {
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}
