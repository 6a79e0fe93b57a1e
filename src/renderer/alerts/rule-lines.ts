import { type AlertChart, type AlertKind, alertKindInfo } from '#shared/model/alert-kinds.ts';
import { type AlertRule, isInScope } from '#shared/model/alert-rule.ts';
import type { Threshold } from '../charts/thresholds.ts';
import { beyondWords } from './alert-figures.ts';
import { severityWords } from './alert-words.ts';

interface Place extends AlertChart {
  /** For kinds in percent: the series that is 100 %. */
  shareOf?: string;
}

/**
 * The chart that shows what a kind of rule judges, in the unit it judges it in; no other has its line.
 * None shows shares of requests (`errorRate`), sums over a minute whatever the range (`waitTimeouts`),
 * runs of samples (`queueGrowing`), days, or a plain yes or no; and what a server can still take is
 * not what the stack of sessions leaves free, for it keeps slots back (`serverHeadroom`).
 */
const places: Partial<Record<AlertKind, Place>> = {
  pending: { tab: 'live', title: 'Pending requests' },
  waitP95: { tab: 'live', title: 'Wait time' },
  utilization: { tab: 'live', title: 'Connections by state', shareOf: 'max' },
  longHold: { tab: 'live', title: 'Hold time' },
  idleInTransaction: { tab: 'sessions', title: 'Oldest' },
  blocked: { tab: 'sessions', title: 'Oldest' },
  poolerMaxwait: { tab: 'pooler', title: 'Wait for a server connection' },
};

/** Thresholds by the title of the chart they belong on. */
export type RuleLines = ReadonlyMap<string, readonly Threshold[]>;

export const noRuleLines: RuleLines = new Map();

/**
 * What the rules that watch a connection draw on the charts of a tab, critical ones over the others.
 * A rule that is switched off draws nothing; a snoozed one goes on judging and only is not told of, so it does.
 */
export function ruleLines(
  rules: readonly AlertRule[],
  profileId: string,
  tab: AlertChart['tab'],
): Map<string, Threshold[]> {
  const lines = new Map<string, Threshold[]>();
  const watching = rules.filter(({ enabled, scope }) => enabled && isInScope(scope, profileId));
  for (const severity of ['warning', 'critical'] as const) {
    for (const rule of watching) {
      const place = places[rule.kind];
      if (place === undefined || place.tab !== tab || rule.severity !== severity) continue;
      lines.set(place.title, [...(lines.get(place.title) ?? []), lineOf(rule, place)]);
    }
  }
  return lines;
}

function lineOf(rule: AlertRule, { shareOf }: Place): Threshold {
  const { ruleId, kind, name, severity, threshold } = rule;
  const isPercent = alertKindInfo[kind].unit === 'percent';
  const condition = beyondWords(rule);
  return {
    key: ruleId,
    // Names like "Longest wait over 1 s" say it themselves.
    label: `${severityWords[severity]}: ${name.includes(condition) ? name : `${name} ${condition}`}`,
    value: isPercent ? threshold / 100 : threshold,
    ...(shareOf !== undefined && { shareOf }),
    rule: { name, severity },
  };
}
