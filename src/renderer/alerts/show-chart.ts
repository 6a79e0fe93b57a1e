import type { AlertChart } from '#shared/model/alert-kinds.ts';
import { showChartOnOpen } from '../charts/chart-to-show.ts';
import { engineNowMs } from '../data/engine-clock.ts';
import { type ConnectionTab, goToConnection } from '../navigation/place.ts';
import type { Span } from '../ranges/range.ts';
import { rangeStore } from '../ranges/range-store.ts';

/** Shown before and after what is looked at, so that it can be seen against the usual. */
const leastMarginMs = 2 * 60_000;

/** The time to show for something that lasted from one moment to another: with a margin on both sides. */
export function spanAround({ fromMs, toMs }: Span): Span {
  const marginMs = Math.max(leastMarginMs, (toMs - fromMs) / 4);
  return { fromMs: Math.max(0, fromMs - marginMs), toMs: toMs + marginMs };
}

const tabs: Record<AlertChart['tab'], ConnectionTab> = {
  live: 'live',
  sessions: 'sessions',
  pooler: 'pools',
};

/** Goes to a chart of a connection, with what happened in its middle. */
export function showChart(profileId: string, chart: AlertChart, around: Span): void {
  rangeStore.zoomTo(spanAround(around));
  showChartOnOpen(chart.title);
  goToConnection(profileId, tabs[chart.tab]);
}

/** What of an alert's time charts should show: from when it began to its end, or to now. */
export const spanOfAlert = (alert: { sinceMs: number; resolvedAtMs: number | null }): Span => ({
  fromMs: alert.sinceMs,
  toMs: alert.resolvedAtMs ?? engineNowMs(),
});
