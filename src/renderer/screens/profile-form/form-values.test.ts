import { describe, expect, it } from 'vitest';
import { profileDefaults } from '#shared/model/profile.ts';
import {
  checkForm,
  type FormValues,
  fieldErrorsOf,
  isUnchanged,
  newConnectionValues,
  nothingStored,
  parseWholeNumber,
  passwordChangeOf,
  tlsFilesOf,
  valuesOfDraft,
} from './form-values.ts';

const filled = (changes: Partial<FormValues> = {}): FormValues => ({
  ...newConnectionValues(),
  name: 'orders',
  ...changes,
});

describe('the connection form', () => {
  it('gives back the draft it was filled from', () => {
    const draft = { ...profileDefaults, name: 'orders', min: 2, tlsMode: 'verify-full' as const };
    expect(checkForm(valuesOfDraft(draft), nothingStored)).toEqual({
      ok: true,
      draft,
      password: { kind: 'clear' },
      keyPassphrase: { kind: 'clear' },
    });
  });

  it('says the range instead of bending a number', () => {
    const checked = checkForm(
      filled({ port: '70000', waitTimeoutMs: '5', healthTimeoutMs: 'soon' }),
      nothingStored,
    );
    expect(checked).toEqual({
      ok: false,
      errors: {
        port: 'Port must be a whole number from 1 to 65535.',
        waitTimeoutMs: 'Wait timeout (ms) must be a whole number from 100 to 600,000.',
        healthTimeoutMs: 'Health check timeout (ms) must be a whole number from 100 to 60,000.',
      },
    });
  });

  it('names every empty field at once', () => {
    const checked = checkForm(filled({ name: ' ', host: '', port: '' }), nothingStored);
    expect(checked.ok ? {} : checked.errors).toEqual({
      name: 'Name must not be empty.',
      host: 'Host must not be empty.',
      port: 'Port must be a whole number from 1 to 65535.',
    });
  });

  it('puts a maximum below the minimum beside the maximum', () => {
    const checked = checkForm(filled({ min: '8', max: '3' }), nothingStored);
    expect(checked.ok ? {} : checked.errors).toEqual({
      max: 'Maximum size must be at least the minimum size.',
    });
  });

  it('says so together with what is wrong elsewhere', () => {
    const checked = checkForm(filled({ name: '', min: '8', max: '3', waitTimeoutMs: '5' }), nothingStored);
    expect(checked.ok ? {} : checked.errors).toEqual({
      name: 'Name must not be empty.',
      max: 'Maximum size must be at least the minimum size.',
      waitTimeoutMs: 'Wait timeout (ms) must be a whole number from 100 to 600,000.',
    });
  });

  it('compares no sizes while one of them is no number', () => {
    const checked = checkForm(filled({ min: '8', max: 'ten' }), nothingStored);
    expect(checked.ok ? {} : checked.errors).toEqual({
      max: 'Maximum size must be a whole number from 1 to 1,000.',
    });
  });

  it('complains of a password that is too long beside the password', () => {
    const checked = checkForm(filled({ password: 'x'.repeat(1025) }), nothingStored);
    expect(checked.ok ? {} : checked.errors).toEqual({
      password: 'Password can be at most 1,024 characters long.',
    });
  });
});

describe('whole numbers', () => {
  it('may be grouped with spaces, commas or underscores', () => {
    expect(parseWholeNumber(' 30 000 ')).toBe(30_000);
    expect(parseWholeNumber('30_000')).toBe(30_000);
    expect(parseWholeNumber('1,234,567')).toBe(1_234_567);
    expect(parseWholeNumber('-1')).toBe(-1);
  });

  it('are not guessed from anything else', () => {
    for (const text of ['', '1.5', '1,5', '12,34,567', '0x10', '1e3', 'ten', '５'])
      expect(parseWholeNumber(text)).toBeNaN();
  });
});

describe('the password', () => {
  it('stays as stored when nothing is typed', () => {
    expect(passwordChangeOf(filled(), true)).toEqual({ kind: 'keep' });
  });

  it('is forgotten when asked, unless a new one is typed', () => {
    expect(passwordChangeOf(filled({ forgetPassword: true }), true)).toEqual({ kind: 'clear' });
    const both = filled({ forgetPassword: true, password: ' p ' });
    expect(passwordChangeOf(both, true)).toEqual({ kind: 'set', value: ' p ' });
  });
});

describe("the engine's complaints", () => {
  it('stand beside the fields they are about', () => {
    const fields = { 'draft.port': 'Bad port.', 'password.value': 'Too long.', elsewhere: 'Odd.' };
    expect(fieldErrorsOf({ code: 'bad_input', message: 'Bad port.', details: { fields } })).toEqual({
      port: 'Bad port.',
      password: 'Too long.',
      form: 'Odd.',
    });
  });

  it('are left alone when they are about no field', () => {
    expect(fieldErrorsOf({ code: 'storage_failed', message: 'Disk full.', details: {} })).toBeNull();
    expect(fieldErrorsOf({ code: 'bad_input', message: 'Malformed.', details: { fields: {} } })).toBeNull();
  });
});

describe('unchanged settings', () => {
  const profile = {
    ...profileDefaults,
    name: 'orders',
    profileId: 'p1',
    kind: 'user' as const,
    hasPassword: true,
    hasKeyPassphrase: false,
  };

  it('are recognised through white space and grouping', () => {
    expect(
      isUnchanged({ ...valuesOfDraft(profile), name: ' orders ', waitTimeoutMs: '30 000' }, profile),
    ).toBe(true);
  });

  it('are not unchanged once a password is typed or cleared, or a field differs or is wrong', () => {
    const values = valuesOfDraft(profile);
    expect(isUnchanged({ ...values, password: 'x' }, profile)).toBe(false);
    expect(isUnchanged({ ...values, forgetPassword: true }, profile)).toBe(false);
    expect(isUnchanged({ ...values, max: '11' }, profile)).toBe(false);
    expect(isUnchanged({ ...values, max: '' }, profile)).toBe(false);
  });
});

describe('lists of the form', () => {
  it('come back as they were, and complain row by row', () => {
    const lists = {
      moreHosts: [{ host: 'h2', port: 5433 }],
      parameters: [{ name: 'work_mem', value: '64MB' }],
    };
    const draft = { ...profileDefaults, name: 'orders', ...lists };
    expect(checkForm(valuesOfDraft(draft), nothingStored)).toMatchObject({ ok: true, draft: lists });
    const wrong = filled({
      moreHosts: [
        { host: 'h2', port: '5432' },
        { host: '', port: 'x' },
      ],
      parameters: [{ name: '1 2', value: '' }],
    });
    const checked = checkForm(wrong, nothingStored);
    expect(checked.ok ? {} : checked.errors).toEqual({
      'moreHosts.1.host': 'Each further host must not be empty.',
      'moreHosts.1.port': 'The port of a further host must be a whole number from 1 to 65535.',
      'parameters.0.name': 'The name of a session parameter must be letters, digits, "_" and dots.',
    });
  });

  it('stand beside the row that the engine complains of', () => {
    const fields = { 'draft.moreHosts.0.port': 'Bad port.' };
    expect(fieldErrorsOf({ code: 'bad_input', message: 'Bad.', details: { fields } })).toEqual({
      'moreHosts.0.port': 'Bad port.',
    });
  });
});

describe('the TLS files of the form', () => {
  const files = { tlsMode: 'verify-full', tlsCertFile: '/a.crt', tlsKeyFile: '/a.key' } as const;

  it('are looked at with the passphrase as it will be saved, whatever else is wrong', () => {
    expect(tlsFilesOf(filled({ ...files, port: 'x', name: '' }), true)).toMatchObject({
      draft: files,
      keyPassphrase: { kind: 'keep' },
    });
    expect(tlsFilesOf(filled({ ...files, keyPassphrase: 'open' }), true)).toMatchObject({
      keyPassphrase: { kind: 'set', value: 'open' },
    });
    expect(tlsFilesOf(filled({ ...files, forgetKeyPassphrase: true }), true)).toMatchObject({
      keyPassphrase: { kind: 'clear' },
    });
  });

  it('are left alone without TLS, without a name, and while one of the pair is missing', () => {
    expect(tlsFilesOf(filled({ ...files, tlsMode: 'disable' }), false)).toBeNull();
    expect(tlsFilesOf(filled(), false)).toBeNull();
    expect(tlsFilesOf(filled({ ...files, tlsKeyFile: '' }), false)).toBeNull();
  });
});
