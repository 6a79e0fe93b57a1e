import { useMemo } from 'react';
import type { AlertChart } from '#shared/model/alert-kinds.ts';
import { useRules } from './alert-queries.ts';
import { noRuleLines, type RuleLines, ruleLines } from './rule-lines.ts';

/** What rules draw on the charts of a tab, as they are now; new only when a rule has changed. */
export function useRuleLines(profileId: string, tab: AlertChart['tab']): RuleLines {
  const rules = useRules().data;
  return useMemo(
    () => (rules === undefined ? noRuleLines : ruleLines(rules, profileId, tab)),
    [rules, profileId, tab],
  );
}
