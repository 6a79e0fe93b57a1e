const units = ['bytes', 'kB', 'MB', 'GB', 'TB'] as const;

/** A size for reading, in steps of 1000 as file managers show it: "0 bytes", "812 kB", "1.2 GB". */
export function formatBytes(bytes: number): string {
  let value = Math.max(0, bytes);
  let unit = 0;
  // 999.5 would read "1000".
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  if (unit === 0 && Math.round(value) === 1) return '1 byte';
  return `${unit > 0 && value < 9.95 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`;
}
