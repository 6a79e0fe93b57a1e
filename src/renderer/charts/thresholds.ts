import type { AlertSeverity } from '#shared/model/alert-rule.ts';

/** A value that the chart's own are measured against. */
export interface Threshold {
  /** Tells it from the others of its chart. */
  key: string;
  /** As in "Wait timeout 5 s", "Warning: Utilization at least 80 %". */
  label: string;
  /** In the chart's unit; with `shareOf` a share, 0.8 for 80 %. */
  value: number;
  /** Key of the series that `value` is a share of: the line follows that series, step by step. */
  shareOf?: string;
  /** The alert rule that fires beyond it; without, it is a limit of the pool itself. */
  rule?: { name: string; severity: AlertSeverity };
}

/**
 * Whether an axis reaches a threshold. Thresholds never widen an axis (as in Grafana): one far above
 * what happened would squash what did. Those beyond it are named in legend, summary and table all
 * the same. What is 0 is no limit, but a rule may well fire over 0: its line is the foot of the plot.
 */
export const isWithin = (threshold: Threshold, top: number): boolean =>
  !isAbove(threshold, top) && (threshold.value > 0 || threshold.rule !== undefined);

/** Whether a threshold lies above what an axis shows. A share does not: its series is on the axis. */
export const isAbove = ({ value, shareOf }: Threshold, top: number): boolean =>
  shareOf === undefined && value > top;

/** All thresholds in one line, with which of them lie above the axis: "Wait timeout 5 s (above the axis)". */
export const thresholdsInWords = (thresholds: readonly Threshold[], top: number | null): string =>
  thresholds
    .map((threshold) =>
      top !== null && isAbove(threshold, top) ? `${threshold.label} (above the axis)` : threshold.label,
    )
    .join('; ');
