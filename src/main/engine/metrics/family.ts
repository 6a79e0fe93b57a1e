/** A distribution of durations since it was first counted, by the bounds of `bucketBoundsS`. */
export interface Distribution {
  /** One for each bound, and one for what is longer than all; not cumulative. */
  counts: number[];
  count: number;
  sumMs: number;
}

type Labels = Readonly<Record<string, string>>;

interface Point<T> {
  /** Named as OpenTelemetry names attributes. The same object for every point of one pool. */
  labels: Labels;
  /** Further labels, where a family has several points of one pool. */
  more?: Labels;
  /** When it began to count, for counters and distributions. */
  sinceMs: number;
  value: T;
}

interface Named {
  /** As OpenTelemetry names it: "db.client.connection.count". */
  name: string;
  help: string;
  /** In UCUM, as OpenTelemetry writes units: "s", "By", "1", "{connection}". */
  unit: string;
}

/** What goes up and down, and what only grows. */
export interface NumberFamily extends Named {
  kind: 'gauge' | 'counter';
  points: Point<number>[];
}

export interface DistributionFamily extends Named {
  kind: 'histogram';
  points: Point<Distribution>[];
}

/** One metric with its points, before it is written for Prometheus or OpenTelemetry. */
export type MetricFamily = NumberFamily | DistributionFamily;

/** Upper bounds of buckets in seconds: half a millisecond to a minute, 2 to 2.5 times the one before. */
export const bucketBoundsS = [
  0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60,
] as const;
