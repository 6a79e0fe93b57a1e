import type { Alert, Snooze } from '#shared/model/alert.ts';
import { startOfDay } from '../time/zone.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

export interface SnoozeLength {
  label: string;
  durationMs: number;
}

/** For how long one can snooze; the last until the next day begins, by the clock of whoever looks. */
export function snoozeLengths(nowMs: number): SnoozeLength[] {
  return [
    { label: '15 min', durationMs: 15 * minuteMs },
    { label: '1 h', durationMs: hourMs },
    { label: '8 h', durationMs: 8 * hourMs },
    // Just before midnight that would be no time at all.
    {
      label: 'Until tomorrow',
      durationMs: Math.max(15 * minuteMs, Math.round(startOfDay(nowMs, 'local', 1) - nowMs)),
    },
  ];
}

export type SnoozeTarget = Pick<Snooze, 'ruleId' | 'profileId'>;

/** What of an alert can be snoozed, the least first. */
export function snoozeTargets(
  alert: Pick<Alert, 'ruleId' | 'ruleName' | 'profileId' | 'connectionName'>,
): { value: string; label: string; target: SnoozeTarget }[] {
  const { ruleId, ruleName, profileId, connectionName } = alert;
  return [
    { value: 'alert', label: `“${ruleName}” of ${connectionName}`, target: { ruleId, profileId } },
    { value: 'rule', label: `“${ruleName}” of every connection`, target: { ruleId, profileId: null } },
    { value: 'connection', label: `Everything of ${connectionName}`, target: { ruleId: null, profileId } },
  ];
}

/** What a snooze keeps quiet, in words. */
export function snoozedWords(
  { ruleId, profileId }: SnoozeTarget,
  nameOfRule: (ruleId: string) => string,
  nameOfConnection: (profileId: string) => string,
): string {
  if (ruleId === null) {
    return profileId === null ? 'Every alert' : `Everything of ${nameOfConnection(profileId)}`;
  }
  const of = profileId === null ? 'every connection' : nameOfConnection(profileId);
  return `“${nameOfRule(ruleId)}” of ${of}`;
}
