/** A value that the chart's own are measured against, in the chart's unit. */
export interface Threshold {
  /** As in "Wait timeout 5 s". */
  label: string;
  value: number;
}

/** Those that lie within an axis; one far above what happened would squash what did. */
export const thresholdsWithin = (thresholds: readonly Threshold[], top: number): Threshold[] =>
  thresholds.filter(({ value }) => value > 0 && value <= top);
