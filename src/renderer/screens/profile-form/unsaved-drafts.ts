import { sameSetting } from '#shared/model/profile/labels.ts';
import type { FormValues } from './form-values.ts';

interface Unsaved {
  values: FormValues;
  /** What was saved when it was typed. */
  over: FormValues;
}

/**
 * What was typed but not saved, by profile id or `new`, so that leaving the form and coming back
 * loses nothing. In this window's memory only: it may hold a password.
 */
const drafts = new Map<string, Unsaved>();

/**
 * What was typed, over what is saved now: a box that nobody touched follows a change made elsewhere
 * (a running pool's new size), which saving the form would take back otherwise.
 */
export function unsavedDraft(key: string, saved: FormValues): FormValues | undefined {
  const draft = drafts.get(key);
  if (draft === undefined) return undefined;
  const { values, over } = draft;
  const touched = (Object.keys(values) as (keyof FormValues)[]).filter(
    (name) => !sameSetting(values[name], over[name]),
  );
  return { ...saved, ...Object.fromEntries(touched.map((name) => [name, values[name]])) };
}

export function keepUnsaved(key: string, values: FormValues, over: FormValues): void {
  drafts.set(key, { values, over });
}

export function dropUnsaved(key: string): void {
  drafts.delete(key);
}
