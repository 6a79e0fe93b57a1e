import type { RuleValues } from './rule-values.ts';

/** Changes not saved yet, by rule: closing a dialog, or looking at a chart, loses nothing. */
const drafts = new Map<string, RuleValues>();

export const draftOf = (ruleId: string): RuleValues | null => drafts.get(ruleId) ?? null;

export function keepDraft(values: RuleValues): void {
  drafts.set(values.ruleId, values);
}

export function dropDraft(ruleId: string): void {
  drafts.delete(ruleId);
}
