import { type OtherName, otherNames } from '#shared/model/other-names.ts';
import type { SettingName } from '#shared/model/profile/labels.ts';
import { type FormFieldName, fieldGroups } from './field-groups.ts';
import { fieldExplanation, fieldLabel } from './field-texts.ts';

/** "pool_recycle", "poolRecycle" and "pool recycle" are the same to who looks for it. */
const squeezed = (text: string): string => text.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '');

export const otherNamesOf = (name: FormFieldName): OtherName[] => otherNames[name as SettingName] ?? [];

/** What a search found: the fields, each with the names elsewhere that matched. Null without a search. */
export type FoundSettings = ReadonlyMap<FormFieldName, OtherName[]> | null;

/** Looks through labels, explanations and the names that other libraries have. */
export function findSettings(text: string): FoundSettings {
  const wanted = squeezed(text);
  if (wanted === '') return null;
  const found = new Map<FormFieldName, OtherName[]>();
  for (const name of fieldGroups.flatMap(({ fields }) => fields)) {
    const elsewhere = otherNamesOf(name).filter(
      (other) => squeezed(other.name).includes(wanted) || squeezed(other.library).includes(wanted),
    );
    const here = squeezed(fieldLabel(name)).includes(wanted) || squeezed(name).includes(wanted);
    const explained = fieldExplanation(name).toLowerCase().includes(text.trim().toLowerCase());
    if (here || explained || elsewhere.length > 0) found.set(name, elsewhere);
  }
  return found;
}
