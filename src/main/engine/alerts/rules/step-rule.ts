import { alertKindInfo } from '#shared/model/alert-kinds.ts';
import { type AlertRule, isBeyond } from '#shared/model/alert-rule.ts';

/** An alert as the rule knows it. Figures are in the unit of the rule's kind. */
export interface Firing {
  sinceMs: number;
  firedAtMs: number;
  value: number;
  worstValue: number;
  lastValue: number;
  /** Since when nothing is known; null while it is. */
  unknownSinceMs: number | null;
}

/** How one rule stands for one connection. Never changed in place. */
export interface RuleState {
  /** Since when the condition holds without a break; null when it does not. */
  sinceMs: number | null;
  /** Not before this does it fire again. */
  quietUntilMs: number;
  firing: Firing | null;
}

export const restingState: RuleState = {
  sinceMs: null,
  quietUntilMs: Number.NEGATIVE_INFINITY,
  firing: null,
};

/** A figure and the stretch of time it holds for. */
export interface Moment {
  fromMs: number;
  atMs: number;
  /** Null when unknown. */
  value: number | null;
  /** Shortly after a gap (sleep, a clock that was set): nothing begins, though an alert may end. */
  isSettling: boolean;
}

type Watched = Pick<AlertRule, 'kind' | 'threshold' | 'clearThreshold' | 'forMs' | 'cooldownMs'>;

/**
 * The rule's next state. Fired where `firing` comes, over where it goes. Pure: the same states and
 * moments give the same answer, so a recorded past can be played again.
 */
export function stepRule(rule: Watched, state: RuleState, moment: Moment): RuleState {
  return state.firing === null
    ? stepQuiet(rule, state, moment)
    : stepFiring(rule, state, state.firing, moment);
}

/** Nothing that was going on lasts over a gap; an open alert stays until a figure clears it. */
export function afterGap(rule: Watched, state: RuleState, atMs: number): RuleState {
  // A clock that was set back must not keep the rule quiet for longer than it asks for.
  const quietUntilMs = Math.min(state.quietUntilMs, atMs + rule.cooldownMs);
  return { ...state, sinceMs: null, quietUntilMs };
}

function stepQuiet(rule: Watched, state: RuleState, { fromMs, atMs, value, isSettling }: Moment): RuleState {
  if (value === null || isSettling || !isBeyond(rule.kind, value, rule.threshold)) {
    return state.sinceMs === null ? state : { ...state, sinceMs: null };
  }
  const sinceMs = state.sinceMs ?? fromMs;
  if (atMs - sinceMs >= rule.forMs && atMs >= state.quietUntilMs) {
    const figures = { value, worstValue: value, lastValue: value };
    return { ...state, sinceMs, firing: { sinceMs, firedAtMs: atMs, ...figures, unknownSinceMs: null } };
  }
  return state.sinceMs === null ? { ...state, sinceMs } : state;
}

function stepFiring(rule: Watched, state: RuleState, firing: Firing, { atMs, value }: Moment): RuleState {
  if (value === null) {
    if (firing.unknownSinceMs !== null) return state;
    return { ...state, firing: { ...firing, unknownSinceMs: atMs } };
  }
  if (!isBeyond(rule.kind, value, rule.clearThreshold)) {
    return { sinceMs: null, quietUntilMs: atMs + rule.cooldownMs, firing: null };
  }
  if (value === firing.lastValue && firing.unknownSinceMs === null) return state;
  const worse = alertKindInfo[rule.kind].comparison === 'under' ? Math.min : Math.max;
  return {
    ...state,
    firing: {
      ...firing,
      lastValue: value,
      worstValue: worse(firing.worstValue, value),
      unknownSinceMs: null,
    },
  };
}
