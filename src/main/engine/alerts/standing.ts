import type { RuleStanding } from '#shared/model/alert.ts';
import { type AlertKind, alertKindInfo } from '#shared/model/alert-kinds.ts';
import { isBeyond } from '#shared/model/alert-rule.ts';
import type { ConnectionWatch } from './rules/connection-watch.ts';
import type { RuleState } from './rules/step-rule.ts';

/** Why a connection tells nothing of a kind, one sentence. */
export function noDataReason(kind: AlertKind, target: 'database' | 'console'): string {
  const { source } = alertKindInfo[kind];
  if (target === 'console' && source !== 'pooler' && source !== 'health') {
    return 'This connection is the console of a pooler, which has no pool of its own.';
  }
  if (kind === 'breakerOpen') return 'This connection has no circuit breaker.';
  switch (source) {
    case 'pool':
      return kind === 'errorRate'
        ? 'Nothing was asked for within the last minute.'
        : 'Nothing was sampled yet.';
    case 'health':
      return 'No health check has ended yet.';
    case 'sessions':
      return 'The sessions of the server are not seen: background sampling is off, the server was not reached, or the role may not see them.';
    case 'certificate':
      return 'The connections of this pool use no TLS, or none is open.';
    case 'pooler':
      return target === 'console'
        ? 'The console did not tell this: it was not reached, or its version does not know it.'
        : 'This connection is not the console of a pooler.';
  }
}

function stateOf(
  kind: AlertKind,
  threshold: number,
  state: RuleState,
  value: number | null,
): RuleStanding['state'] {
  if (state.firing !== null) return 'firing';
  if (value === null) return 'noData';
  if (state.sinceMs === null || !isBeyond(kind, value, threshold)) return 'calm';
  return 'pending';
}

/** How every rule stands for one connection. */
export function standingsOf(
  watch: ConnectionWatch,
  target: 'database' | 'console',
  nowMs: number,
): RuleStanding[] {
  return watch.states().map(({ rule, state }) => {
    const value = watch.figures[rule.kind];
    const standing = stateOf(rule.kind, rule.threshold, state, value);
    const isQuiet = standing === 'pending' && nowMs < state.quietUntilMs;
    return {
      ruleId: rule.ruleId,
      profileId: watch.profileId,
      state: isQuiet ? 'cooldown' : standing,
      value,
      sinceMs: state.firing?.sinceMs ?? state.sinceMs,
      noDataReason: standing === 'noData' ? noDataReason(rule.kind, target) : null,
    };
  });
}
