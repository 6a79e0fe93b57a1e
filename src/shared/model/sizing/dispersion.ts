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

/**
 * What the counts say of how unevenly requests arrive: 1 where the index of dispersion is no further from
 * it than that of independent callers is by chance in 99 of 100 cases ((n − 1)·D is then distributed as χ²
 * with n − 1 degrees of freedom, so D scatters by √(2/(n − 1)): Fisher's test), else the index itself. Waits
 * grow with it, so a false alarm makes an advice wrong where it would have been right.
 * Null as for `indexOfDispersion`.
 */
export function arrivalVariation(counts: readonly number[]): number | null {
  const dispersion = indexOfDispersion(counts);
  if (dispersion === null) return null;
  const byChance = 2.58 * Math.sqrt(2 / (counts.length - 1));
  return Math.abs(dispersion - 1) <= byChance ? 1 : dispersion;
}
