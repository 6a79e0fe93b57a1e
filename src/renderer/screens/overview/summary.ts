import type { OverviewRow } from './worst-first.ts';

/**
 * "5 connections · 1 unhealthy · 4 requests waiting"; says "all healthy" only when all are. "up to 4"
 * when fewer wait now than did at the peaks of the last ten seconds, which need not have met.
 */
export function summaryOf(rows: readonly OverviewRow[]): string {
  const count = (view: OverviewRow['view']) => rows.filter((row) => row.view === view).length;
  const waitingNow = rows.reduce((sum, row) => sum + (row.sample?.pending ?? 0), 0);
  const waiting = rows.reduce((sum, row) => sum + (row.sample?.recentPeak.pending ?? 0), 0);
  const parts = [rows.length === 1 ? '1 connection' : `${rows.length} connections`];
  const add = (number: number, word: string) => {
    if (number > 0) parts.push(`${number} ${word}`);
  };
  add(count('unhealthy'), 'unhealthy');
  add(count('failed'), 'failed');
  add(count('degraded'), 'degraded');
  const healthy = count('healthy');
  if (healthy < rows.length) add(healthy, 'healthy');
  add(count('closed'), 'closed');
  if (rows.length > 0 && healthy === rows.length) parts.push('all healthy');
  if (waiting > 0) {
    const upTo = waiting > waitingNow ? 'up to ' : '';
    parts.push(`${upTo}${waiting === 1 ? '1 request' : `${waiting} requests`} waiting`);
  }
  return parts.join(' · ');
}
