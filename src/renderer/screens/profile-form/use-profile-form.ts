import { useForm } from '@mantine/form';
import { useEffect, useMemo } from 'react';
import type { ErrorPayload } from '#shared/contract/errors.ts';
import type { ProfileView } from '#shared/contract/profiles.ts';
import { takeFieldToFocus } from './field-to-focus.ts';
import {
  checkForm,
  type FieldErrors,
  type FormValues,
  fieldErrorsOf,
  newConnectionValues,
  valuesOfDraft,
} from './form-values.ts';
import type { ProfileFormState } from './profile-fields.tsx';
import { dropUnsaved, keepUnsaved, unsavedDraft } from './unsaved-drafts.ts';

/** The form's state over a profile, or over the defaults for a new one; unsaved typing survives leaving. */
export function useProfileForm(profile: ProfileView | null) {
  const key = profile?.profileId ?? 'new';
  const hasPassword = profile?.hasPassword ?? false;
  const saved = useMemo(() => (profile === null ? newConnectionValues() : valuesOfDraft(profile)), [profile]);
  const form: ProfileFormState = useForm<FormValues>({
    initialValues: unsavedDraft(key) ?? saved,
    validate: (values) => {
      const checked = checkForm(values, hasPassword);
      return checked.ok ? {} : checked.errors;
    },
    validateInputOnBlur: true,
    onValuesChange: (values) => keepUnsaved(key, values),
  });

  // Saved elsewhere meanwhile: show what is stored, unless something is being typed here.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the form is the same object in effect
  useEffect(() => {
    if (unsavedDraft(key) !== undefined) return;
    form.setValues(saved);
    dropUnsaved(key);
  }, [saved]);

  useEffect(() => {
    const field = takeFieldToFocus(key);
    if (field !== null) document.querySelector<HTMLElement>(`[data-path="${field}"]`)?.focus();
  }, [key]);

  /** Shows complaints beside their fields and puts the cursor in the first. */
  const showErrors = (errors: FieldErrors) => {
    form.setErrors(errors);
    const fields = [...document.querySelectorAll<HTMLElement>('[data-path]')];
    fields.find((field) => Object.hasOwn(errors, field.dataset.path ?? ''))?.focus();
  };

  return {
    form,
    hasPassword,
    /** The boxes as saved, or the defaults for a new connection. */
    saved,
    /** The checked input, or null with the complaints shown. */
    checked: () => {
      const checked = checkForm(form.getValues(), hasPassword);
      if (checked.ok) return checked;
      showErrors(checked.errors);
      return null;
    },
    /** True when the engine's complaint could be put beside a field. */
    showEngineError: (error: ErrorPayload): boolean => {
      const errors = fieldErrorsOf(error);
      if (errors === null) return false;
      showErrors(errors);
      return true;
    },
    /** Back to what is saved; drops what was typed. */
    revert: (to: ProfileView | null = profile) => {
      form.setValues(to === null ? newConnectionValues() : valuesOfDraft(to));
      form.clearErrors();
      dropUnsaved(key);
    },
  };
}
