const secondMs = 1000;
const minuteMs = 60 * secondMs;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** Lengths a person can read off an axis; from a minute up each holds whole minutes, from an hour up whole hours. */
const steps = [
  ...[1, 2, 5, 10, 15, 30].map((count) => count * secondMs),
  ...[1, 2, 5, 10, 15, 30].map((count) => count * minuteMs),
  ...[1, 2, 3, 6, 12].map((count) => count * hourMs),
  ...[1, 2, 7, 30].map((count) => count * dayMs),
];

/**
 * The shortest of the usual bucket lengths that folds a span into at most `points` buckets. Ranges
 * asked for in these lengths are read from rollups as far as that is exact.
 */
export function bucketStepMs(spanMs: number, points: number): number {
  const wanted = spanMs / points;
  return steps.find((step) => step >= wanted) ?? Math.ceil(wanted / dayMs) * dayMs;
}
