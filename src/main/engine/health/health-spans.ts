import type { HealthSpan, HealthState } from '#shared/model/health.ts';
import type { HistoryEvent, HistoryEventKind } from '#shared/model/history-event.ts';

const stateAfter: Partial<Record<HistoryEventKind, HealthState | 'closed'>> = {
  // The check that opening ends with passed; when it did not, an event of the same moment says so.
  poolOpened: 'healthy',
  poolClosed: 'closed',
  healthHealthy: 'healthy',
  healthDegraded: 'degraded',
  healthUnhealthy: 'unhealthy',
};

type Open = Omit<HealthSpan, 'toMs'>;

/**
 * Folds recorded events into the states each pool was in. A stretch in which nothing was recorded
 * is `closed`, and what was before it goes on after it, unless an event says otherwise.
 */
export function healthSpans(
  events: readonly HistoryEvent[],
  { fromMs, toMs }: { fromMs: number; toMs: number },
): HealthSpan[] {
  const open = new Map<string, Open>();
  const spans: HealthSpan[] = [];
  const end = (span: Open, atMs: number) => {
    const cut = { ...span, fromMs: Math.max(span.fromMs, fromMs), toMs: Math.min(atMs, toMs) };
    if (cut.toMs > cut.fromMs) spans.push(cut);
  };
  const become = (next: Open) => {
    const before = open.get(next.profileId);
    if (before?.state === next.state) return;
    if (before !== undefined) end(before, next.fromMs);
    open.set(next.profileId, next);
  };
  const openedFirst = ({ kind }: HistoryEvent) => (kind === 'poolOpened' ? 0 : 1);
  const inOrder = [...events].sort((a, b) => a.fromMs - b.fromMs || openedFirst(a) - openedFirst(b));
  for (const event of inOrder) {
    const { profileId, kind, text } = event;
    if (kind === 'recordingGap' && profileId === null) {
      for (const before of [...open.values()]) {
        become({ profileId: before.profileId, state: 'closed', fromMs: event.fromMs, text });
        become({ ...before, fromMs: event.toMs });
      }
    }
    const state = stateAfter[kind];
    if (profileId !== null && state !== undefined) {
      become({ profileId, state, fromMs: event.fromMs, text: kind === 'poolOpened' ? '' : text });
    }
  }
  for (const span of open.values()) end(span, toMs);
  return spans.sort((a, b) => a.fromMs - b.fromMs);
}
