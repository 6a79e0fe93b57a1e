import type { ErrorPayload } from '#shared/contract/errors.ts';
import type { ProfileView } from '#shared/contract/profiles.ts';
import type { TlsMode } from '#shared/model/profile/tls.ts';
import {
  type PasswordChange,
  type ProfileDraft,
  passwordChangeSchema,
  profileDefaults,
  profileDraftSchema,
} from '#shared/model/profile.ts';

const numberFields = [
  'port',
  'min',
  'max',
  'waitTimeoutMs',
  'idleTimeoutMs',
  'maxLifetimeMs',
  'healthIntervalMs',
  'healthTimeoutMs',
] as const satisfies readonly (keyof ProfileDraft)[];
const switchFields = ['readOnly', 'queryWrites'] as const satisfies readonly (keyof ProfileDraft)[];
const textFields = ['name', 'host', 'database', 'user', 'applicationName'] as const;

export type NumberFieldName = (typeof numberFields)[number];
export type TextFieldName = (typeof textFields)[number];
export type SwitchFieldName = (typeof switchFields)[number];

/** What stands in the form's boxes: numbers as typed, so that nothing typed is lost or bent. */
export interface FormValues
  extends Record<NumberFieldName | TextFieldName, string>,
    Record<SwitchFieldName, boolean> {
  tlsMode: TlsMode;
  /** Typed now; empty means "as stored" when there is a stored one. */
  password: string;
  /** The user asked to forget the stored password. */
  forgetPassword: boolean;
  /** What the last address filled in, so that the next one can take it back. */
  filledByUrl: UrlFilled;
}

/** Boxes an address can fill, the name it suggests included. */
export const urlFields = [
  'name',
  'host',
  'port',
  'database',
  'user',
  'applicationName',
  'tlsMode',
  'waitTimeoutMs',
  'password',
] as const satisfies readonly (keyof FormValues)[];
export type UrlFilled = Partial<Pick<FormValues, (typeof urlFields)[number]>>;

type FieldName = keyof FormValues;
/** One sentence for each field that needs one; what fits no field stands under `form`. */
export type FieldErrors = Partial<Record<FieldName | 'form', string>>;

const allFields: readonly string[] = [...numberFields, ...textFields, ...switchFields, 'tlsMode', 'password'];
const isField = (name: string): name is FieldName => allFields.includes(name);

export function valuesOfDraft(draft: ProfileDraft): FormValues {
  const values: Partial<FormValues> = {
    tlsMode: draft.tlsMode,
    password: '',
    forgetPassword: false,
    filledByUrl: {},
  };
  for (const field of numberFields) values[field] = String(draft[field]);
  for (const field of textFields) values[field] = draft[field];
  for (const field of switchFields) values[field] = draft[field];
  return values as FormValues;
}

export const newConnectionValues = (): FormValues => valuesOfDraft(profileDefaults);

/** Whole numbers as people write them ("30 000", "30,000", "30_000"); anything else is not a number. */
export function parseWholeNumber(text: string): number {
  const ungrouped = /^\s*\d{1,3}(,\d{3})+\s*$/.test(text) ? text.replaceAll(',', '') : text;
  const bare = ungrouped.replace(/[\s_]/g, '');
  return /^[+-]?\d+$/.test(bare) ? Number(bare) : Number.NaN;
}

/** The draft as the boxes stand, unchecked: what is no whole number becomes NaN and fails the schema. */
function rawDraft(values: FormValues): Record<keyof ProfileDraft, unknown> {
  const draft: Record<string, unknown> = { tlsMode: values.tlsMode };
  for (const field of [...textFields, ...switchFields]) draft[field] = values[field];
  for (const field of numberFields) draft[field] = parseWholeNumber(values[field]);
  return draft as Record<keyof ProfileDraft, unknown>;
}

/** What to do with the password, given what is typed and what the vault already has. */
export function passwordChangeOf(values: FormValues, hasPassword: boolean): PasswordChange {
  if (values.password !== '') return { kind: 'set', value: values.password };
  return hasPassword && !values.forgetPassword ? { kind: 'keep' } : { kind: 'clear' };
}

export type CheckedForm =
  | { ok: true; draft: ProfileDraft; password: PasswordChange }
  | { ok: false; errors: FieldErrors };

/** Checks the boxes with the very schemas the engine uses. The first complaint of a field wins. */
export function checkForm(values: FormValues, hasPassword: boolean): CheckedForm {
  const draft = profileDraftSchema.safeParse(rawDraft(values));
  const password = passwordChangeSchema.safeParse(passwordChangeOf(values, hasPassword));
  if (draft.success && password.success) return { ok: true, draft: draft.data, password: password.data };
  const errors: FieldErrors = {};
  for (const issue of draft.error?.issues ?? []) {
    const field = String(issue.path[0] ?? '');
    errors[isField(field) ? field : 'form'] ??= issue.message;
  }
  const passwordIssue = password.error?.issues[0];
  if (passwordIssue !== undefined) errors.password = passwordIssue.message;
  return { ok: false, errors };
}

/**
 * Puts the engine's complaints (`bad_input`, by dotted path: `draft.port`, `password.value`) beside
 * the fields they are about. Null when the error is about no field.
 */
export function fieldErrorsOf(error: ErrorPayload): FieldErrors | null {
  if (error.code !== 'bad_input' || error.details.fields === undefined) return null;
  const errors: FieldErrors = {};
  for (const [path, sentence] of Object.entries(error.details.fields)) {
    const parts = path.split('.').filter((part) => part !== 'draft');
    const field = parts[0] ?? '';
    errors[isField(field) ? field : 'form'] ??= sentence;
  }
  return Object.keys(errors).length > 0 ? errors : null;
}

/** True when saving would change nothing. */
export function isUnchanged(values: FormValues, profile: ProfileView): boolean {
  if (values.password !== '' || (values.forgetPassword && profile.hasPassword)) return false;
  const checked = checkForm(values, profile.hasPassword);
  if (!checked.ok) return false;
  return [...numberFields, ...textFields, ...switchFields, 'tlsMode' as const].every(
    (field) => checked.draft[field] === profile[field],
  );
}
