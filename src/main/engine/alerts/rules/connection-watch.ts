import { type AlertRule, isInScope } from '#shared/model/alert-rule.ts';
import { FigureReader } from './figures.ts';
import { type Figures, noFigures, type Observation } from './observation.ts';
import { afterGap, type Firing, type RuleState, restingState, stepRule } from './step-rule.ts';

/** Beyond what an observation stands for; farther apart, this computer slept or its clock was set. */
const gapMs = 10_000;
const setBackMs = 2000;
/** After a gap networks and servers need a moment; what is wrong then is no news. */
const settlingMs = 15_000;

/** `changed`: still firing, with other figures. */
export interface Transition {
  kind: 'fired' | 'changed' | 'resolved';
  rule: AlertRule;
  /** As it is, or for `resolved` as it last was. */
  firing: Firing;
  atMs: number;
}

/** How far a change of rules lets what was go on: all but words and manners ask for a new start. */
export function isSameCondition(a: AlertRule, b: AlertRule): boolean {
  return (
    a.kind === b.kind &&
    a.enabled === b.enabled &&
    a.threshold === b.threshold &&
    a.clearThreshold === b.clearThreshold &&
    a.forMs === b.forMs
  );
}

/** All rules over one connection. Has no clock: time is what observations say. */
export class ConnectionWatch {
  readonly profileId: string;
  readonly #reader = new FigureReader();
  #entries: { rule: AlertRule; state: RuleState }[] = [];
  #figures: Figures = noFigures();
  #lastAtMs: number | null = null;
  #settledAtMs = Number.NEGATIVE_INFINITY;

  constructor(profileId: string, rules: readonly AlertRule[]) {
    this.profileId = profileId;
    this.setRules(rules);
  }

  /** The last figures read. */
  get figures(): Readonly<Figures> {
    return this.#figures;
  }

  /** Takes the rules that are on and in scope. Answers with those whose open alert ends by that. */
  setRules(rules: readonly AlertRule[]): AlertRule[] {
    const before = this.#entries;
    this.#entries = rules
      .filter(({ enabled, scope }) => enabled && isInScope(scope, this.profileId))
      .map((rule) => {
        const earlier = before.find((entry) => entry.rule.ruleId === rule.ruleId);
        const goesOn = earlier !== undefined && isSameCondition(earlier.rule, rule);
        return { rule, state: goesOn ? earlier.state : restingState };
      });
    const firing = new Set(this.#entries.flatMap(({ rule, state }) => (state.firing ? rule.ruleId : [])));
    return before.flatMap(({ rule, state }) => (state.firing && !firing.has(rule.ruleId) ? rule : []));
  }

  /** How each rule stands now. */
  states(): readonly { rule: AlertRule; state: RuleState }[] {
    return this.#entries;
  }

  /** What one observation brought about; observations come in order of time. */
  observe(seen: Observation): Transition[] {
    this.#mindGap(seen);
    this.#figures = this.#reader.read(seen);
    return this.#step(this.#figures, seen);
  }

  /** As `observe`, for figures worked out elsewhere, which hold all through the span. */
  observeFigures(figures: Figures, time: Pick<Observation, 'atMs' | 'spanMs'>): Transition[] {
    this.#mindGap(time);
    // What looks back over seconds begins anew after a stretch that is known in sum alone.
    this.#reader.reset();
    this.#figures = figures;
    return this.#step(figures, time);
  }

  #step(figures: Figures, { atMs, spanMs }: Pick<Observation, 'atMs' | 'spanMs'>): Transition[] {
    const transitions: Transition[] = [];
    const fromMs = atMs - Math.max(0, spanMs - 1000);
    const isSettling = atMs < this.#settledAtMs;
    for (const entry of this.#entries) {
      const { rule, state } = entry;
      const value = figures[rule.kind];
      if (value === null && state.firing === null && state.sinceMs === null) continue;
      const next = stepRule(rule, state, { fromMs, atMs, value, isSettling });
      if (next === state) continue;
      entry.state = next;
      if (next.firing !== null) {
        transitions.push({
          kind: state.firing === null ? 'fired' : 'changed',
          rule,
          firing: next.firing,
          atMs,
        });
      } else if (state.firing !== null) {
        transitions.push({ kind: 'resolved', rule, firing: state.firing, atMs });
      }
    }
    return transitions;
  }

  #mindGap({ atMs, spanMs }: Pick<Observation, 'atMs' | 'spanMs'>): void {
    const lastAtMs = this.#lastAtMs;
    this.#lastAtMs = atMs;
    if (lastAtMs === null) return;
    const stepMs = atMs - lastAtMs;
    if (stepMs <= spanMs + gapMs && stepMs >= -setBackMs) return;
    this.#reader.reset();
    this.#settledAtMs = atMs + settlingMs;
    for (const entry of this.#entries) entry.state = afterGap(entry.rule, entry.state, atMs);
  }
}
