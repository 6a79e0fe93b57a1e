import { defaultAlertRules } from '#shared/model/alert-defaults.ts';
import { type AlertKind, alertKindInfo, alertKinds } from '#shared/model/alert-kinds.ts';
import { type AlertRule, alertRuleSchema } from '#shared/model/alert-rule.ts';
import { formatLength } from '../../../alerts/alert-figures.ts';

const secondMs = 1000;
const minuteMs = 60 * secondMs;
const hourMs = 60 * minuteMs;

/** A number with the unit it is meant in, as its boxes hold it: what was typed may be no number. */
export interface Amount {
  amount: number | string;
  /** 1 where there is no unit to choose. */
  unit: number;
}

/** A rule as its form holds it. */
export interface RuleValues extends Omit<AlertRule, 'threshold' | 'clearThreshold' | 'forMs' | 'cooldownMs'> {
  threshold: Amount;
  clearThreshold: Amount;
  for: Amount;
  cooldown: Amount;
}

export type RuleField = 'name' | 'threshold' | 'clearThreshold' | 'for' | 'cooldown' | 'scope';
export type RuleErrors = Partial<Record<RuleField, string>>;

/** Units of time to choose from, as factors of a millisecond. */
export const lengthUnits = [
  { value: '1', label: 'ms' },
  { value: String(secondMs), label: 's' },
  { value: String(minuteMs), label: 'min' },
  { value: String(hourMs), label: 'h' },
] as const;

/** A length in the largest unit that holds it without a fraction. */
export function lengthOf(ms: number): Amount {
  if (ms === 0) return { amount: 0, unit: secondMs };
  const unit = [hourMs, minuteMs, secondMs].find((unitMs) => ms % unitMs === 0) ?? 1;
  return { amount: ms / unit, unit };
}

/** What is in the boxes as one number, in milliseconds where it is a length; not a number where it is none. */
export function numberOf({ amount, unit }: Amount): number {
  const number = typeof amount === 'string' && amount.trim() === '' ? Number.NaN : Number(amount);
  return unit === 1 ? number : Math.round(number * unit);
}

const figureOf = (kind: AlertKind, value: number): Amount =>
  alertKindInfo[kind].unit === 'ms' ? lengthOf(value) : { amount: value, unit: 1 };

export function valuesOf({ threshold, clearThreshold, forMs, cooldownMs, ...rule }: AlertRule): RuleValues {
  return {
    ...rule,
    threshold: figureOf(rule.kind, threshold),
    clearThreshold: figureOf(rule.kind, clearThreshold),
    for: lengthOf(forMs),
    cooldown: lengthOf(cooldownMs),
  };
}

/** A sentence for what no schema can word: a length in the unit it was typed in. */
function lengthError(label: string, amount: Amount, mostMs: number): string | undefined {
  const ms = numberOf(amount);
  return ms >= 0 && ms <= mostMs
    ? undefined
    : `${label} must be a length from 0 s to ${formatLength(mostMs)}.`;
}

/** The rule that the values stand for, or a sentence for each field that keeps it from being one. */
export function checkedRule(values: RuleValues): { rule: AlertRule } | { errors: RuleErrors } {
  const { threshold, clearThreshold, for: duration, cooldown, ...others } = values;
  const errors: RuleErrors = {};
  const put = (field: RuleField, message: string | undefined) => {
    if (message !== undefined) errors[field] ??= message;
  };
  put('for', lengthError('The duration', duration, hourMs));
  put('cooldown', lengthError('The cooldown', cooldown, 24 * hourMs));
  const parsed = alertRuleSchema.safeParse({
    ...others,
    threshold: numberOf(threshold),
    clearThreshold: numberOf(clearThreshold),
    forMs: numberOf(duration),
    cooldownMs: numberOf(cooldown),
  });
  for (const { path, message } of parsed.error?.issues ?? []) {
    const field = path[0];
    if (field === 'name' || field === 'threshold' || field === 'clearThreshold' || field === 'scope') {
      put(field, message);
    }
  }
  return parsed.success && Object.keys(errors).length === 0 ? { rule: parsed.data } : { errors };
}

const defaultOfKind = (kind: AlertKind) => defaultAlertRules.find((rule) => rule.kind === kind);

/** A rule that watches something, as sensible as one can be without knowing more. */
export function newRule(ruleId: string, kind: AlertKind = alertKinds[0]): AlertRule {
  const { least, label } = alertKindInfo[kind];
  const usual = defaultOfKind(kind);
  return {
    severity: 'warning',
    threshold: least,
    clearThreshold: least,
    forMs: 0,
    cooldownMs: minuteMs,
    ...usual,
    kind,
    ruleId,
    name: usual?.name ?? label,
    enabled: true,
    scope: { kind: 'all' },
  };
}

/** The same rule watching something else: figures of the kind before would mean nothing; a name given to it stays. */
export function withKind(values: RuleValues, kind: AlertKind): RuleValues {
  const before = newRule(values.ruleId, values.kind);
  const usual = valuesOf(newRule(values.ruleId, kind));
  return {
    ...usual,
    severity: values.severity,
    enabled: values.enabled,
    scope: values.scope,
    name: values.name === before.name || values.name.trim() === '' ? usual.name : values.name,
  };
}

/** The rule as a new installation has it; null for one that somebody made. */
export const defaultOf = (ruleId: string): AlertRule | null =>
  defaultAlertRules.find((rule) => rule.ruleId === ruleId) ?? null;

/** Whether two forms hold the same, whatever the order of their fields. */
export function sameValues(a: RuleValues, b: RuleValues): boolean {
  const text = (values: RuleValues) =>
    JSON.stringify(Object.entries(values).sort(([x], [y]) => (x < y ? -1 : 1)));
  return text(a) === text(b);
}

/** Whether a rule of a new installation has been changed. */
export function isChanged(rule: AlertRule): boolean {
  const usual = defaultOf(rule.ruleId);
  return usual !== null && !sameValues(valuesOf({ ...usual, enabled: rule.enabled }), valuesOf(rule));
}
