import type { ErrorPayload } from '#shared/contract/errors.ts';
import type { ProfileView } from '#shared/contract/profiles.ts';
import type { addressSettings } from '#shared/model/connection-url.ts';
import { type SettingName, sameSetting, settingNames } from '#shared/model/profile/labels.ts';
import {
  keyPassphraseChangeSchema,
  type PasswordChange,
  type ProfileDraft,
  passwordChangeSchema,
  profileDefaults,
  profileDraftSchema,
} from '#shared/model/profile.ts';
import {
  type ChoiceFieldName,
  isNumberField,
  type NumberFieldName,
  type SwitchFieldName,
  type TextFieldName,
} from './form-fields.ts';

/** What stands in the form's boxes: numbers as typed, so that nothing typed is lost or bent. */
export interface FormValues
  extends Record<NumberFieldName | TextFieldName, string>,
    Record<SwitchFieldName, boolean>,
    Pick<ProfileDraft, ChoiceFieldName | 'parameters'> {
  moreHosts: { host: string; port: string }[];
  /** Typed now; empty means "as stored" when there is a stored one. */
  password: string;
  /** The user asked to forget the stored password. */
  forgetPassword: boolean;
  keyPassphrase: string;
  forgetKeyPassphrase: boolean;
  /** What the last address filled in, so that the next one can take it back. */
  filledByUrl: UrlFilled;
}

/** Boxes an address can fill, the name it suggests included. */
export type UrlField = (typeof addressSettings)[number] | 'name' | 'password';
export type UrlFilled = Partial<Pick<FormValues, UrlField>>;

/** One sentence for each field that needs one, by its path ("moreHosts.0.port"); what fits no field stands under `form`. */
export type FieldErrors = Partial<Record<string, string>>;

const secretFields = ['password', 'keyPassphrase'];
const isField = (name: string): boolean => name in profileDefaults || secretFields.includes(name);

/** Settings as the boxes hold them. */
export function valuesOf(settings: Partial<ProfileDraft>): Partial<FormValues> {
  const values = Object.entries(settings).map(([name, value]) => [
    name,
    isNumberField(name) ? String(value) : value,
  ]);
  const boxes: Partial<FormValues> = Object.fromEntries(values);
  if (settings.moreHosts !== undefined)
    boxes.moreHosts = settings.moreHosts.map(({ host, port }) => ({ host, port: String(port) }));
  return boxes;
}

export function valuesOfDraft(draft: ProfileDraft): FormValues {
  const known = Object.fromEntries(settingNames.map((name) => [name, draft[name]])) as ProfileDraft;
  return {
    ...(valuesOf(known) as FormValues),
    password: '',
    forgetPassword: false,
    keyPassphrase: '',
    forgetKeyPassphrase: false,
    filledByUrl: {},
  };
}

export const newConnectionValues = (): FormValues => valuesOfDraft(profileDefaults);

/** Whole numbers as people write them ("30 000", "30,000", "30_000"); anything else is not a number. */
export function parseWholeNumber(text: string): number {
  const ungrouped = /^\s*\d{1,3}(,\d{3})+\s*$/.test(text) ? text.replaceAll(',', '') : text;
  const bare = ungrouped.replace(/[\s_]/g, '');
  return /^[+-]?\d+$/.test(bare) ? Number(bare) : Number.NaN;
}

/** The draft as the boxes stand, unchecked: what is no whole number becomes NaN and fails the schema. */
export function rawDraft(values: FormValues): Record<SettingName, unknown> {
  const draft = Object.fromEntries(
    settingNames.map((name) => {
      const value: unknown = values[name];
      return [name, isNumberField(name) ? parseWholeNumber(String(value)) : value];
    }),
  ) as Record<SettingName, unknown>;
  draft.moreHosts = values.moreHosts.map(({ host, port }) => ({ host, port: parseWholeNumber(port) }));
  return draft;
}

const changeOf = (typed: string, stored: boolean, forget: boolean): PasswordChange => {
  if (typed !== '') return { kind: 'set', value: typed };
  return stored && !forget ? { kind: 'keep' } : { kind: 'clear' };
};

/** Which secrets the vault has already. */
export type Stored = Pick<ProfileView, 'hasPassword' | 'hasKeyPassphrase'>;
export const nothingStored: Stored = { hasPassword: false, hasKeyPassphrase: false };

/** What to do with the password, given what is typed and what the vault already has. */
export const passwordChangeOf = (values: FormValues, hasPassword: boolean): PasswordChange =>
  changeOf(values.password, hasPassword, values.forgetPassword);

type TlsFileValues = Pick<
  FormValues,
  'tlsMode' | 'tlsCaFile' | 'tlsCertFile' | 'tlsKeyFile' | 'keyPassphrase' | 'forgetKeyPassphrase'
>;

/** The TLS files to be looked at, whatever else the form holds; null when none is used, or they are not complete. */
export function tlsFilesOf(
  { tlsMode, tlsCaFile, tlsCertFile, tlsKeyFile, keyPassphrase, forgetKeyPassphrase }: TlsFileValues,
  hasKeyPassphrase: boolean,
): Pick<FormInput, 'draft' | 'keyPassphrase'> | null {
  const files = { tlsMode, tlsCaFile, tlsCertFile, tlsKeyFile };
  if (tlsMode === 'disable' || tlsCaFile + tlsCertFile + tlsKeyFile === '') return null;
  const draft = profileDraftSchema.safeParse({ ...profileDefaults, name: 'files', ...files });
  const change = keyPassphraseChangeSchema.safeParse(
    changeOf(keyPassphrase, hasKeyPassphrase, forgetKeyPassphrase),
  );
  return draft.success && change.success ? { draft: draft.data, keyPassphrase: change.data } : null;
}

export interface FormInput {
  draft: ProfileDraft;
  password: PasswordChange;
  keyPassphrase: PasswordChange;
}
export type CheckedForm = ({ ok: true } & FormInput) | { ok: false; errors: FieldErrors };

/** Checks the boxes with the very schemas the engine uses. The first complaint of a field wins. */
export function checkForm(values: FormValues, stored: Stored): CheckedForm {
  const draft = profileDraftSchema.safeParse(rawDraft(values));
  const password = passwordChangeSchema.safeParse(passwordChangeOf(values, stored.hasPassword));
  const keyPassphrase = keyPassphraseChangeSchema.safeParse(
    changeOf(values.keyPassphrase, stored.hasKeyPassphrase, values.forgetKeyPassphrase),
  );
  if (draft.success && password.success && keyPassphrase.success)
    return { ok: true, draft: draft.data, password: password.data, keyPassphrase: keyPassphrase.data };
  const errors: FieldErrors = {};
  for (const issue of draft.error?.issues ?? []) {
    const field = String(issue.path[0] ?? '');
    errors[isField(field) ? issue.path.join('.') : 'form'] ??= issue.message;
  }
  const passwordIssue = password.error?.issues[0];
  if (passwordIssue !== undefined) errors.password = passwordIssue.message;
  const passphraseIssue = keyPassphrase.error?.issues[0];
  if (passphraseIssue !== undefined) errors.keyPassphrase = passphraseIssue.message;
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
    const parts = path.split('.').filter((part) => part !== 'draft' && part !== 'value');
    errors[isField(parts[0] ?? '') ? parts.join('.') : 'form'] ??= sentence;
  }
  return Object.keys(errors).length > 0 ? errors : null;
}

/** True when saving would change nothing. */
export function isUnchanged(values: FormValues, profile: ProfileView): boolean {
  if (values.password !== '' || (values.forgetPassword && profile.hasPassword)) return false;
  if (values.keyPassphrase !== '' || (values.forgetKeyPassphrase && profile.hasKeyPassphrase)) return false;
  const checked = checkForm(values, profile);
  if (!checked.ok) return false;
  return settingNames.every((field) => sameSetting(checked.draft[field], profile[field]));
}
