import { type AlertKind, type AlertUnit, alertKindInfo } from '#shared/model/alert-kinds.ts';
import type { AlertRule } from '#shared/model/alert-rule.ts';
import { formatCount, formatDuration } from '../charts/formats.ts';

const nouns: Partial<Record<AlertUnit, [one: string, many: string]>> = {
  requests: ['request', 'requests'],
  samples: ['sample', 'samples'],
  timeouts: ['timeout', 'timeouts'],
  days: ['day', 'days'],
};

const formatNumber = (value: number) =>
  Number.isInteger(value) ? formatCount(value) : String(Number(value.toFixed(2)));

/** A figure of an alert or a rule with its unit: "96 %", "8.2 s", "12 requests"; empty for a plain yes or no. */
export function formatFigure(kind: AlertKind, value: number): string {
  const { unit } = alertKindInfo[kind];
  if (unit === 'none') return '';
  if (unit === 'ms') return formatLength(value);
  if (unit === 'percent') return `${Number(value.toFixed(1))} %`;
  const noun = nouns[unit];
  return `${formatNumber(value)} ${noun?.[value === 1 ? 0 : 1] ?? unit}`;
}

/** A length of time as people set it, without a fraction that says nothing: "0 s", "5 s", "1.5 s", "1 min". */
export const formatLength = (ms: number): string =>
  ms === 0 ? '0 s' : formatDuration(ms).replace('.0 ', ' ');

/** After a label that names what is counted, the number is enough: "Requests waiting over 0". */
function bareFigure(kind: AlertKind, value: number): string {
  const { unit } = alertKindInfo[kind];
  return unit === 'requests' || unit === 'timeouts' ? formatNumber(value) : formatFigure(kind, value);
}

/** What must be the case for a rule to fire, after its label: "over 100 ms", "at least 80 %", "under 20 %". */
export function beyondWords({ kind, threshold }: Pick<AlertRule, 'kind' | 'threshold'>): string {
  const figure = bareFigure(kind, threshold);
  switch (alertKindInfo[kind].comparison) {
    case 'over':
      return `over ${figure}`;
    case 'atLeast':
      return `at least ${figure}`;
    case 'under':
      return `under ${figure}`;
  }
}

/** The condition of a rule in one line: "Utilization at least 80 % for 1 min", "Unhealthy". */
export function conditionWords(rule: Pick<AlertRule, 'kind' | 'threshold' | 'forMs'>): string {
  const { label, unit } = alertKindInfo[rule.kind];
  const condition = unit === 'none' ? label : `${label} ${beyondWords(rule)}`;
  return rule.forMs === 0 ? condition : `${condition} for ${formatLength(rule.forMs)}`;
}

/** When an alert of the rule is over, after "resolves": "below 70 %", "at 100 ms or less"; empty for a plain yes or no. */
export function clearWords({ kind, clearThreshold }: Pick<AlertRule, 'kind' | 'clearThreshold'>): string {
  const { unit, comparison } = alertKindInfo[kind];
  if (unit === 'none') return '';
  const figure = bareFigure(kind, clearThreshold);
  switch (comparison) {
    case 'over':
      return `at ${figure} or less`;
    case 'atLeast':
      return `below ${figure}`;
    case 'under':
      return `at ${figure} or more`;
  }
}
