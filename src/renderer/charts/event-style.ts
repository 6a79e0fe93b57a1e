import type { HistoryEventKind } from '#shared/model/history-event.ts';

/** The theme's variable for each kind of event. */
export const eventColors: Record<HistoryEventKind, string> = {
  poolOpened: '--status-healthy',
  poolClosed: '--status-off',
  poolResized: '--chart-axis',
  recordingGap: '--chart-axis',
  clockSetBack: '--status-degraded',
  poolerCommand: '--status-degraded',
  sessionsCancelled: '--status-degraded',
  sessionsTerminated: '--status-unhealthy',
  healthHealthy: '--status-healthy',
  healthDegraded: '--status-degraded',
  healthUnhealthy: '--status-unhealthy',
  alertFired: '--status-unhealthy',
  alertResolved: '--status-healthy',
  note: '--accent',
};

/** A small sign at the head of each line, so that kinds differ without colour. 8 by 8, around 0, 4. */
export const eventHeads: Record<HistoryEventKind, string> = {
  poolOpened: 'M-3 0L4 4L-3 8Z',
  poolClosed: 'M-3.5 0.5h7v7h-7Z',
  poolResized: 'M0 0L4 4L0 8L-4 4Z',
  recordingGap: 'M-4 1h8v2h-8ZM-4 5h8v2h-8Z',
  clockSetBack: 'M3 0L-4 4L3 8Z',
  poolerCommand: 'M-3.5 0h2.5v8h-2.5ZM1 0h2.5v8h-2.5Z',
  sessionsCancelled: 'M-4 0h8v2h-8ZM-1 3h2v5h-2Z',
  sessionsTerminated: 'M-4 1.5L-2.5 0L0 2.5L2.5 0L4 1.5L1.5 4L4 6.5L2.5 8L0 5.5L-2.5 8L-4 6.5L-1.5 4Z',
  healthHealthy: 'M-4 4.5L-2.5 3L-1.5 4L2.5 0L4 1.5L-1.5 7Z',
  healthDegraded: 'M0 0L4 8L-4 8ZM-0.75 3h1.5v2.5h-1.5Z',
  healthUnhealthy: 'M-2 0h4L4 2v4L2 8h-4L-4 6v-4Z',
  alertFired: 'M-1 0h2v5h-2ZM-1 6h2v2h-2Z',
  alertResolved: 'M-4 3h3v-3h2v3h3v2h-8ZM-4 6h8v2h-8Z',
  note: 'M-4 0h8v5.5h-2.5L0 8L-1.5 5.5H-4Z',
};

/** How the line at an event's moment is drawn. */
export const eventLineStroke = { strokeWidth: 1, strokeOpacity: 0.7, strokeDasharray: '2 2' } as const;
/** How strongly a span is tinted behind the series. */
export const eventBandOpacity = 0.12;
