import type { FormValues } from './form-values.ts';

/**
 * What was typed but not saved, by profile id or `new`, so that leaving the form and coming back
 * loses nothing. In this window's memory only: it may hold a password.
 */
const drafts = new Map<string, FormValues>();

export const unsavedDraft = (key: string): FormValues | undefined => drafts.get(key);

export function keepUnsaved(key: string, values: FormValues): void {
  drafts.set(key, values);
}

export function dropUnsaved(key: string): void {
  drafts.delete(key);
}
