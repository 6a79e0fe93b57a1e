import type { SettingName } from '../profile/labels.ts';
import type { ProfileDraft } from '../profile.ts';
import type { FoundCall } from './calls.ts';
import type { Reader } from './reader.ts';
import type { Settings } from './translation.ts';
import type { Entry, Value } from './values.ts';

/** What one argument means: settings, or why it is left aside. */
export type Rule = (value: Value, entry: Entry) => Settings | string;
export type Rules = Record<string, Rule>;

export const computed = 'Its value is only known where the text runs.';
export const ownPassword = 'Passwords are not taken from a text: type it into the form.';

type FieldOf<T> = { [K in SettingName]: ProfileDraft[K] extends T ? K : never }[SettingName];
type NumberField = FieldOf<number>;
type TextField = Extract<
  SettingName,
  | 'host'
  | 'database'
  | 'user'
  | 'applicationName'
  | 'tlsCaFile'
  | 'tlsCertFile'
  | 'tlsKeyFile'
  | 'timeZone'
  | 'searchPath'
  | 'role'
  | 'connectSql'
>;

export const numberIn = (value: Value): number | null => {
  if (value.kind === 'number') return value.number;
  const written = value.kind === 'text' ? value.text.trim() : '';
  return /^-?\d+(\.\d+)?$/.test(written) ? Number(written) : null;
};
export const textIn = (value: Value): string | null => (value.kind === 'text' ? value.text : null);
export const truthIn = (value: Value): boolean | null => {
  if (value.kind === 'truth') return value.truth;
  if (value.kind === 'number') return value.number !== 0;
  const written = value.kind === 'text' ? value.text.trim().toLowerCase() : '';
  if (/^(true|yes|on|1)$/.test(written)) return true;
  return /^(false|no|off|0)$/.test(written) ? false : null;
};

/** A duration; `None`, and what is at or above `neverFrom`, means that it never ends, which is 0 here. */
const duration =
  (field: NumberField, unitMs: number, neverFrom = Number.POSITIVE_INFINITY): Rule =>
  (value) => {
    if (value.kind === 'nothing') return { [field]: 0 };
    const number = numberIn(value);
    if (number === null) return computed;
    return { [field]: number >= neverFrom ? 0 : Math.round(number * unitMs) };
  };
export const seconds = (field: NumberField, neverFrom?: number): Rule => duration(field, 1000, neverFrom);
export const millis = (field: NumberField, neverFrom?: number): Rule => duration(field, 1, neverFrom);

export const count =
  (field: NumberField, neverFrom = Number.POSITIVE_INFINITY): Rule =>
  (value) => {
    const number = numberIn(value);
    if (number === null) return computed;
    return { [field]: number >= neverFrom ? 0 : number };
  };

export const text =
  (field: TextField): Rule =>
  (value) => {
    const written = textIn(value);
    return written === null ? computed : { [field]: written };
  };

export const flag =
  (field: FieldOf<boolean>): Rule =>
  (value) => {
    const truth = truthIn(value);
    return truth === null ? computed : { [field]: truth };
  };

/** Says why an argument that is known has no place here. */
export const aside =
  (why: string): Rule =>
  () =>
    why;

/** Applies the rules to what was found. What no rule is for is reported, never dropped. */
export function applyRules(
  reader: Reader,
  entries: Entry[],
  rules: Rules,
  resolve: FoundCall['resolve'],
): void {
  for (const entry of entries) {
    const key = entry.key ?? '';
    if (/^(password|passwd|pgpassword)$/i.test(key)) {
      reader.leave(entry.line, `${key}: ••••`, ownPassword);
      continue;
    }
    const rule = Object.hasOwn(rules, key) ? rules[key] : undefined;
    if (rule === undefined) {
      reader.leave(entry.line, entry.source);
      continue;
    }
    const result = rule(resolve(entry.value), entry);
    if (typeof result === 'string') {
      // An empty reason: the rule has reported for itself.
      if (result !== '') reader.leave(entry.line, entry.source, result);
    } else reader.take(entry.line, entry.source, result);
  }
}
