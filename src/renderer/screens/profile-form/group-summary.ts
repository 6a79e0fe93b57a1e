import { type SettingName, sameSetting, settingWords } from '#shared/model/profile/labels.ts';
import type { FieldGroup } from './field-groups.ts';
import { durationHint, fieldLabel } from './field-texts.ts';
import { isNumberField } from './form-fields.ts';
import { type FormValues, newConnectionValues, parseWholeNumber } from './form-values.ts';

const defaults = newConnectionValues();

/** How a box that is not at its default reads: "Maximum size 20", "Wait timeout 5 s". */
function words(name: SettingName, values: FormValues): string {
  const value = values[name];
  const label = fieldLabel(name).replace(/ \((ms|%)\)$/, '');
  if (Array.isArray(value)) return `${label} ${value.length}`;
  if (!isNumberField(name)) {
    const text = settingWords(name, value);
    return `${label} ${text.length > 24 ? `${text.slice(0, 23)}…` : text}`;
  }
  const number = parseWholeNumber(values[name]);
  const unit = name.endsWith('Ms') ? durationHint(number) : '';
  return `${label} ${unit || values[name]}`;
}

/** One line on what differs from the defaults; a few of it, and how many more. */
export function groupSummary(group: FieldGroup, values: FormValues): string {
  const names = group.fields.filter(
    (name): name is SettingName => name in defaults && name !== 'password' && name !== 'keyPassphrase',
  );
  const changed = names.filter((name) => !sameSetting(values[name], defaults[name]));
  if (changed.length === 0) return 'As by default';
  const shown = changed.slice(0, 3).map((name) => words(name, values));
  return shown.join(' · ') + (changed.length > 3 ? ` · ${changed.length - 3} more` : '');
}
