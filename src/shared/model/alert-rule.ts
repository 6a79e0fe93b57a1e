import * as z from 'zod/mini';
import { alertKindInfo, alertKinds } from './alert-kinds.ts';
import { profileIdSchema } from './profile.ts';

export const alertSeverities = ['warning', 'critical'] as const;
export type AlertSeverity = (typeof alertSeverities)[number];

export const ruleIdSchema = z
  .string()
  .check(z.regex(/^[\w-]{1,64}$/, { error: 'The id of the rule is malformed.' }));

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

const duration = (label: string, maximumMs: number, maximum: string) => {
  const error = `${label} must be a whole number of milliseconds, from 0 to ${maximum}.`;
  return z.int({ error }).check(z.gte(0, { error }), z.lte(maximumMs, { error }));
};

const figure = (label: string) => {
  const error = `${label} must be a number.`;
  return z.number({ error }).check(z.gte(-1e9, { error }), z.lte(1e9, { error }));
};

const scopeSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('all') }),
  z.object({
    kind: z.literal('chosen'),
    profileIds: z
      .array(profileIdSchema)
      .check(z.minLength(1, { error: 'Choose at least one connection.' }), z.maxLength(1000)),
  }),
]);

const ruleShape = z.object({
  /** The caller's own for a new rule (a UUID), so that a deletion can be undone by saving it again. */
  ruleId: ruleIdSchema,
  kind: z.enum(alertKinds, { error: 'Poolscope knows no such kind of rule.' }),
  name: z
    .string({ error: 'Name must be text.' })
    .check(
      z.trim(),
      z.minLength(1, { error: 'Name must not be empty.' }),
      z.maxLength(120, { error: 'Name can be at most 120 characters long.' }),
    ),
  enabled: z.boolean(),
  severity: z.enum(alertSeverities),
  /** In the unit of the kind, compared as the kind says. */
  threshold: figure('Threshold'),
  /**
   * Resolves once the figure is no longer beyond this. Between the two an alert stays as it is, so a
   * figure that trembles around one of them raises no second alert. May be the same as `threshold`.
   */
  clearThreshold: figure('Clear threshold'),
  /** The condition must have held without a break for so long; 0 fires with the first sample. */
  forMs: duration('Duration', 60 * minuteMs, '1 hour'),
  /** After it resolved, the rule stays quiet about that connection for so long. */
  cooldownMs: duration('Cooldown', dayMs, '24 hours'),
  scope: scopeSchema,
});

/** When to raise an alert. Each connection in scope is watched for itself. */
export type AlertRule = z.output<typeof ruleShape>;
export type AlertScope = AlertRule['scope'];

/** A field of a rule that keeps it from working, with what to do about it. */
export interface RuleProblem {
  field: 'threshold' | 'clearThreshold';
  message: string;
}

/** A figure in a sentence: lengths of time in the unit people say them in, others as they are. */
function said(kind: AlertRule['kind'], value: number): string {
  if (alertKindInfo[kind].unit !== 'ms') return value.toLocaleString('en-US');
  const units = [
    [dayMs, 'days'],
    [60 * minuteMs, 'h'],
    [minuteMs, 'min'],
    [1000, 's'],
    [1, 'ms'],
  ] as const;
  const [unitMs, unit] = units.find(([ms]) => Math.abs(value) >= ms) ?? [1, 'ms'];
  return `${Number((value / unitMs).toFixed(1))} ${unit}`;
}

type Figures = Pick<AlertRule, 'kind' | 'threshold' | 'clearThreshold'>;

/** The threshold's own fault: it could never fire, or would at every moment. */
function thresholdProblem({ kind, threshold }: Figures): string | null {
  const { unit, comparison, least, greatest } = alertKindInfo[kind];
  if (unit === 'none') return threshold === 1 ? null : 'This kind of rule has no threshold to choose.';
  const range = `Choose ${said(kind, least)} to ${said(kind, greatest)}.`;
  const given = said(kind, threshold);
  if (threshold < least) {
    return comparison === 'under'
      ? `The rule could never fire: nothing is under ${given}. ${range}`
      : `The rule would always fire with a threshold of ${given}. ${range}`;
  }
  if (threshold > greatest) {
    return comparison === 'under'
      ? `The rule would always fire with a threshold of ${given}. ${range}`
      : `The rule could never fire: nothing reaches ${given}. ${range}`;
  }
  return null;
}

function clearProblem({ kind, threshold, clearThreshold }: Figures): string | null {
  const { unit, comparison, least } = alertKindInfo[kind];
  if (unit === 'none') return clearThreshold === 1 ? null : 'This kind of rule has no threshold to choose.';
  if (comparison === 'under') {
    if (clearThreshold < threshold) {
      return `The clear threshold must be at least the threshold (${said(kind, threshold)}), or an alert would resolve at once.`;
    }
    return unit === 'percent' && clearThreshold > 100
      ? 'An alert could never resolve: nothing is over 100 %.'
      : null;
  }
  if (clearThreshold > threshold) {
    return `The clear threshold must be at most the threshold (${said(kind, threshold)}), or an alert would resolve at once.`;
  }
  const lowest = comparison === 'atLeast' ? Math.min(1, least) : 0;
  return clearThreshold < lowest
    ? `An alert could never resolve: the figure does not fall below ${said(kind, lowest)}.`
    : null;
}

/** Why a rule could never fire, always would, or could never resolve. Empty for one that works. */
export function ruleProblems(rule: Figures): RuleProblem[] {
  const threshold = thresholdProblem(rule);
  if (threshold !== null) return [{ field: 'threshold', message: threshold }];
  const clear = clearProblem(rule);
  return clear === null ? [] : [{ field: 'clearThreshold', message: clear }];
}

export const alertRuleSchema = ruleShape.check(
  z.superRefine((rule, context) => {
    for (const { field, message } of ruleProblems(rule)) {
      context.addIssue({ code: 'custom', path: [field], message });
    }
  }),
);

/** Whether the figure meets the rule's condition. */
export function isBeyond(kind: Figures['kind'], value: number, threshold: number): boolean {
  switch (alertKindInfo[kind].comparison) {
    case 'over':
      return value > threshold;
    case 'atLeast':
      return value >= threshold;
    case 'under':
      return value < threshold;
  }
}

export const isInScope = (scope: AlertScope, profileId: string): boolean =>
  scope.kind === 'all' || scope.profileIds.includes(profileId);
