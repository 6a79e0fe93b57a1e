import type { RuleValues } from './rule-values.ts';

/** Changes not saved yet, by rule: closing a dialog, or looking at a chart, loses nothing. */
const drafts = new Map<string, RuleValues>();

/** Ids of those never saved at all. */
const neverSaved = new Set<string>();

export const draftOf = (ruleId: string): RuleValues | null => drafts.get(ruleId) ?? null;

export function keepDraft(values: RuleValues, isNew: boolean): void {
  drafts.set(values.ruleId, values);
  if (isNew) neverSaved.add(values.ruleId);
}

export function dropDraft(ruleId: string): void {
  drafts.delete(ruleId);
  neverSaved.delete(ruleId);
}

/** The id of a new rule that was begun and neither saved nor discarded; null when there is none. */
export const begunRuleId = (): string | null => [...neverSaved].at(-1) ?? null;
