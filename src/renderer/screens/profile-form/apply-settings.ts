import { sameSetting } from '#shared/model/profile/labels.ts';
import type { ProfileDraft } from '#shared/model/profile.ts';
import { type FormValues, valuesOf } from './form-values.ts';

const login = ['host', 'port', 'user', 'moreHosts'] as const;

/**
 * What settings would change in the boxes. A typed password does not go along to another host, port
 * or user: it was for the one before.
 */
export function changedBoxes(values: FormValues, settings: Partial<ProfileDraft>): Partial<FormValues> {
  const boxes: Partial<FormValues> = Object.fromEntries(
    Object.entries(valuesOf(settings)).filter(
      ([name, value]) => !sameSetting(values[name as keyof FormValues], value),
    ),
  );
  if (values.password !== '' && login.some((name) => name in boxes)) boxes.password = '';
  return boxes;
}
