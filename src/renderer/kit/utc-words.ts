const parts = (atMs: number) => {
  const iso = new Date(atMs).toISOString();
  const [day = '', time = ''] = iso.split('T');
  return { day, time: time.slice(0, 8) };
};

/** "2026-10-04 12:03:00 UTC": the same on every machine, for what leaves this one. */
export function utcTime(atMs: number): string {
  const { day, time } = parts(atMs);
  return `${day} ${time} UTC`;
}

/** "2026-10-04 12:03:00 to 12:08:00 UTC"; the second day is named when it is another one. */
export function utcRange(fromMs: number, toMs: number): string {
  const from = parts(fromMs);
  const to = parts(toMs);
  return `${from.day} ${from.time} to ${from.day === to.day ? '' : `${to.day} `}${to.time} UTC`;
}
