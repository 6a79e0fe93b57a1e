import { useForm } from '@mantine/form';
import { useEffect, useMemo, useState } from 'react';
import type { ErrorPayload } from '#shared/contract/errors.ts';
import type { ProfileView } from '#shared/contract/profiles.ts';
import { type GroupId, groupOfField } from './field-groups.ts';
import { takeFieldToFocus } from './field-to-focus.ts';
import type { ProfileFormState } from './form-state.ts';
import {
  checkForm,
  type FieldErrors,
  type FormValues,
  fieldErrorsOf,
  newConnectionValues,
  nothingStored,
  valuesOfDraft,
} from './form-values.ts';
import { dropUnsaved, keepUnsaved, unsavedDraft } from './unsaved-drafts.ts';

/** The form's state over a profile, or over the defaults for a new one; unsaved typing survives leaving. */
export function useProfileForm(profile: ProfileView | null) {
  const key = profile?.profileId ?? 'new';
  const stored = profile ?? nothingStored;
  const saved = useMemo(() => (profile === null ? newConnectionValues() : valuesOfDraft(profile)), [profile]);
  const [open, setOpen] = useState<ReadonlySet<GroupId>>(new Set());
  const [search, setSearch] = useState('');
  /** Paths of which the first on screen gets the cursor, once its group is there. */
  const [toFocus, setToFocus] = useState<string[]>([]);
  const form: ProfileFormState = useForm<FormValues>({
    initialValues: unsavedDraft(key, saved) ?? saved,
    validate: (values) => {
      const checked = checkForm(values, stored);
      return checked.ok ? {} : checked.errors;
    },
    validateInputOnBlur: true,
    onValuesChange: (values) => keepUnsaved(key, values, saved),
  });

  // Saved elsewhere meanwhile: show what is stored, under what is being typed here.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the form is the same object in effect
  useEffect(() => {
    const typed = unsavedDraft(key, saved);
    form.setValues(typed ?? saved);
    if (typed === undefined) dropUnsaved(key);
    else keepUnsaved(key, typed, saved);
  }, [saved]);

  useEffect(() => {
    const field = takeFieldToFocus(key);
    if (field !== null) document.querySelector<HTMLElement>(`[data-path="${field}"]`)?.focus();
  }, [key]);

  useEffect(() => {
    if (toFocus.length === 0) return;
    const fields = [...document.querySelectorAll<HTMLElement>('[data-path]')];
    fields.find((field) => toFocus.includes(field.dataset.path ?? ''))?.focus();
  }, [toFocus]);

  /** Shows complaints beside their fields, opens the groups they are in, and puts the cursor in the first. */
  const showErrors = (errors: FieldErrors) => {
    form.setErrors(errors);
    const paths = Object.keys(errors);
    const groups = paths.flatMap((path) => groupOfField(path)?.id ?? []);
    setSearch('');
    setOpen((before) => new Set([...before, ...groups]));
    setToFocus(paths);
  };

  return {
    form,
    stored,
    /** The boxes as saved, or the defaults for a new connection. */
    saved,
    open,
    toggle: (id: GroupId) =>
      setOpen(
        (before) => new Set(before.has(id) ? [...before].filter((one) => one !== id) : [...before, id]),
      ),
    search,
    setSearch,
    /** The checked input, or null with the complaints shown. */
    checked: () => {
      const checked = checkForm(form.getValues(), stored);
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
