import type { Alert, AlertCounts } from '#shared/model/alert.ts';
import type { AlertSeverity } from '#shared/model/alert-rule.ts';

/** Null where all are wanted. */
export interface AlertFilter {
  profileId: string | null;
  severity: AlertSeverity | null;
}

export const isWanted = (alert: Alert, { profileId, severity }: AlertFilter): boolean =>
  (profileId === null || alert.profileId === profileId) && (severity === null || alert.severity === severity);

const severityRank: Record<AlertSeverity, number> = { critical: 0, warning: 1 };
const stateRank: Record<Alert['state'], number> = { firing: 0, acknowledged: 1, resolved: 2 };

/** Orders open alerts: critical, then firing, then the newest; equals do not change places. */
export function worstFirst(a: Alert, b: Alert): number {
  return (
    severityRank[a.severity] - severityRank[b.severity] ||
    stateRank[a.state] - stateRank[b.state] ||
    b.firedAtMs - a.firedAtMs ||
    a.alertId.localeCompare(b.alertId)
  );
}

/** Open alerts after some of them changed, came or ended. Worst first. */
export function openAfter(open: readonly Alert[], changed: readonly Alert[]): Alert[] {
  const byId = new Map([...open, ...changed].map((alert) => [alert.alertId, alert]));
  return [...byId.values()].filter(({ state }) => state !== 'resolved').sort(worstFirst);
}

/** How many tell of something now: neither acknowledged nor snoozed. */
export const firingCount = ({ critical, warning }: AlertCounts): number => critical + warning;

/** How many are not over, snoozed and acknowledged ones too. */
export const openCount = ({ critical, warning, acknowledged, snoozed }: AlertCounts): number =>
  critical + warning + acknowledged + snoozed;

/** Counts as `alerts.counts` gives them, for some alerts only. */
export function countsOf(open: readonly Alert[]): AlertCounts {
  const counts: AlertCounts = { critical: 0, warning: 0, acknowledged: 0, snoozed: 0 };
  for (const { severity, state, snoozedUntilMs } of open) {
    if (state === 'resolved') continue;
    if (snoozedUntilMs !== null) counts.snoozed += 1;
    else if (state === 'acknowledged') counts.acknowledged += 1;
    else counts[severity] += 1;
  }
  return counts;
}

/** "2 critical, 1 warning, 1 acknowledged, 3 snoozed"; empty when none is open. */
export function countsInWords({ critical, warning, acknowledged, snoozed }: AlertCounts): string {
  const parts = [
    [critical, 'critical'],
    [warning, warning === 1 ? 'warning' : 'warnings'],
    [acknowledged, 'acknowledged'],
    [snoozed, 'snoozed'],
  ] as const;
  return parts.flatMap(([count, word]) => (count === 0 ? [] : [`${count} ${word}`])).join(', ');
}
