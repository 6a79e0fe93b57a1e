import * as z from 'zod/mini';
import { parameterTypeSchema } from '#shared/contract/query.ts';
import { queryLimits } from '#shared/model/query.ts';

/**
 * What of a query tab outlives the window: its text and how it is run. Never the parameters' values,
 * which may be anything, and never that writing was switched on.
 */
const draftSchema = z.object({
  text: z.string().check(z.maxLength(queryLimits.textChars)),
  parameterTypes: z.array(parameterTypeSchema).check(z.maxLength(queryLimits.parameters)),
  timeoutMs: z.int().check(z.gte(100), z.lte(86_400_000)),
  rowLimit: z.nullable(z.int().check(z.gte(1))),
});

export type Draft = z.output<typeof draftSchema>;

export const emptyDraft: Draft = {
  text: '',
  parameterTypes: [],
  timeoutMs: queryLimits.defaultTimeoutMs,
  rowLimit: queryLimits.defaultRowLimit,
};

const storageKey = (name: string) => `poolscope.query.draft.${name}`;

/** The draft kept on this machine under a name; the empty one when there is none that can be read. */
export function loadDraft(name: string): Draft {
  try {
    const stored = localStorage.getItem(storageKey(name));
    const parsed = draftSchema.safeParse(stored === null ? null : JSON.parse(stored));
    return parsed.data ?? emptyDraft;
  } catch {
    return emptyDraft;
  }
}

/** Where there is no room or no storage the draft lives as long as the window. */
export function storeDraft(name: string, draft: Draft): void {
  try {
    localStorage.setItem(storageKey(name), JSON.stringify(draft));
  } catch {
    // Said above.
  }
}
