/**
 * Index of dispersion of counts, variance over mean: in the long run the squared coefficient of
 * variation of the time between arrivals; 1 for independent callers. Null where there are too few
 * counts or arrivals to say.
 * @param counts arrivals in equal stretches of time, a second each say
 */
export function indexOfDispersion(counts: readonly number[]): number | null {
  if (counts.length < 30) return null;
  const mean = counts.reduce((sum, count) => sum + count, 0) / counts.length;
  if (mean <= 0) return null;
  const squares = counts.reduce((sum, count) => sum + (count - mean) ** 2, 0);
  return squares / (counts.length - 1) / mean;
}
