/** What stands where there is no value. */
export const noValue = '–';

const trimmed = (value: number) => String(Number(value.toPrecision(3)));

/**
 * A duration for reading: "0.04 ms", "0.4 ms", "12 ms", "1.2 s", "2 min 5 s", "1 h 5 min".
 * Two significant digits below 10 of a unit, whole numbers above.
 */
export function formatDuration(ms: number): string {
  if (ms <= 0) return '0 ms';
  if (ms < 0.005) return '<0.01 ms';
  if (ms < 0.095) return `${ms.toFixed(2)} ms`;
  if (ms < 9.95) return `${ms.toFixed(1)} ms`;
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  if (ms < 9_950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return seconds % 60 === 0 ? `${minutes} min` : `${minutes} min ${seconds % 60} s`;
  const hours = Math.floor(minutes / 60);
  return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
}

/** A duration as an axis label: as short as it can be while round values stay exact. */
export function formatDurationTick(ms: number): string {
  if (ms === 0) return '0';
  if (ms < 1000) return `${trimmed(ms)} ms`;
  if (ms < 60_000) return `${trimmed(ms / 1000)} s`;
  return `${trimmed(ms / 60_000)} min`;
}

/** A whole number with thousands apart: "12,345". */
export function formatCount(count: number): string {
  return Math.round(count)
    .toString()
    .replace(/\B(?=(\d{3})+$)/g, ',');
}

/** A count or rate as an axis label: "0", "2.5", "250", "1.2k", "3M". */
export function formatCountTick(count: number): string {
  if (count >= 1_000_000) return `${trimmed(count / 1_000_000)}M`;
  if (count >= 1000) return `${trimmed(count / 1000)}k`;
  return trimmed(count);
}

/** Events per second: "0/s", "0.4/s", "4.2/s", "320/s", "12,345/s". */
export function formatRate(perSecond: number): string {
  if (perSecond <= 0) return '0/s';
  if (perSecond < 9.95) return `${perSecond.toFixed(1)}/s`;
  return `${formatCount(perSecond)}/s`;
}

/** A fraction as a whole percentage: "70 %". Not rounded up to 100 nor down to 0. */
export function formatPercent(fraction: number): string {
  const percent = Math.round(fraction * 100);
  if (fraction < 1 && percent === 100) return '99 %';
  if (fraction > 0 && percent === 0) return '1 %';
  return `${percent} %`;
}
