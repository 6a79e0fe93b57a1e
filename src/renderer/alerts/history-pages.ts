import type { InfiniteData } from '@tanstack/react-query';
import type { Alert } from '#shared/model/alert.ts';
import { request } from '../bridge/client.ts';
import { type AlertFilter, isWanted } from './alert-lists.ts';

export interface HistoryPage {
  alerts: Alert[];
  next: string | null;
}

const pageSize = 50;
/** Of one severity there may be few among many: as much as possible is read at once. */
const largestPage = 200;

/** The next page of alerts that are over. The engine knows no severities, so pages are read until there are enough. */
export async function readHistoryPage(
  filter: AlertFilter,
  before: string | null,
  signal: AbortSignal,
): Promise<HistoryPage> {
  const { profileId, severity } = filter;
  const limit = severity === null ? pageSize : largestPage;
  const alerts: Alert[] = [];
  let next = before;
  do {
    const page: HistoryPage = await request(
      'alerts.list',
      { which: 'history', profileId, limit, before: next },
      { signal },
    );
    alerts.push(...page.alerts.filter((alert) => isWanted(alert, filter)));
    next = page.next;
  } while (next !== null && alerts.length < pageSize);
  return { alerts, next };
}

type Pages = InfiniteData<HistoryPage, string | null>;

/** The pages read so far with what has ended since at their head. The same object when that changes nothing. */
export function withEnded(pages: Pages, changed: readonly Alert[], filter: AlertFilter): Pages {
  const [first, ...others] = pages.pages;
  if (first === undefined) return pages;
  const known = new Set(pages.pages.flatMap(({ alerts }) => alerts.map(({ alertId }) => alertId)));
  const ended = changed.filter(
    (alert) => alert.state === 'resolved' && !known.has(alert.alertId) && isWanted(alert, filter),
  );
  if (ended.length === 0) return pages;
  const alerts = [...ended, ...first.alerts].sort((a, b) => (b.resolvedAtMs ?? 0) - (a.resolvedAtMs ?? 0));
  return { ...pages, pages: [{ ...first, alerts }, ...others] };
}
