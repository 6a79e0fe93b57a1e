import type { RuleStanding } from '#shared/model/alert.ts';
import type { AlertRule, AlertScope } from '#shared/model/alert-rule.ts';
import { clearWords, conditionWords, formatLength } from '../../../alerts/alert-figures.ts';

/** What a rule does, in one or two sentences. */
export function ruleSentence(rule: AlertRule): string {
  const clear = clearWords(rule);
  const quiet =
    rule.cooldownMs === 0
      ? ''
      : ` Then it is quiet about that connection for ${formatLength(rule.cooldownMs)}.`;
  const resolves = clear === '' ? 'Resolves once that is over.' : `Resolves ${clear}.`;
  return `Fires on: ${conditionWords(rule)}. ${resolves}${quiet}`;
}

/** The same for a list, in parts: "Utilization at least 80 % for 1 min", "resolves below 70 %", "cooldown 1 min". */
export function ruleParts(rule: AlertRule): string[] {
  const clear = clearWords(rule);
  return [
    conditionWords(rule),
    ...(clear === '' ? [] : [`resolves ${clear}`]),
    ...(rule.cooldownMs === 0 ? [] : [`cooldown ${formatLength(rule.cooldownMs)}`]),
  ];
}

/** "all connections", "1 connection", "3 connections". */
export function scopeWords(scope: AlertScope): string {
  if (scope.kind === 'all') return 'All connections';
  return scope.profileIds.length === 1 ? '1 connection' : `${scope.profileIds.length} connections`;
}

const stateWords: Record<RuleStanding['state'], string> = {
  firing: 'firing',
  pending: 'about to fire',
  cooldown: 'quiet after an alert',
  calm: 'calm',
  noData: 'without data',
};
const order = ['firing', 'pending', 'cooldown', 'calm', 'noData'] as const;

/** How a rule stands over all open connections: "1 firing, 2 calm, 1 without data". */
export function standingWords(standings: readonly RuleStanding[]): string {
  if (standings.length === 0) return 'Nothing to watch';
  return order
    .flatMap((state) => {
      const count = standings.filter((standing) => standing.state === state).length;
      return count === 0 ? [] : [`${count} ${stateWords[state]}`];
    })
    .join(', ');
}

/** One standing's word, for its line. */
export const standingWord = (state: RuleStanding['state']): string => stateWords[state];
