import { useMemo } from 'react';
import { profileDraftSchema } from '#shared/model/profile.ts';
import type { Translator } from '#shared/model/translate/translation.ts';
import type { ProfileFormState } from '../form-state.ts';
import { rawDraft } from '../form-values.ts';
import classes from './translate-dialog.module.css';
import { TranslationText } from './translation-text.tsx';

/** The settings as they stand in the form, saved or not, as text to take along. */
export function CopyFor({ library, form }: { library: Translator; form: ProfileFormState }) {
  const { values } = form;
  const checked = useMemo(
    // What the connection is called here does not matter there.
    () => profileDraftSchema.safeParse({ ...rawDraft(values), name: values.name.trim() || 'unnamed' }),
    [values],
  );
  if (!checked.success)
    return (
      <p className={classes.problem} role="alert">
        The form has to be mended first: {checked.error.issues[0]?.message}
      </p>
    );
  return <TranslationText library={library} draft={checked.data} />;
}
