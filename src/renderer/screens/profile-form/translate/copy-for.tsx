import { Button } from '@mantine/core';
import { Copy } from 'lucide-react';
import { useMemo } from 'react';
import { profileDraftSchema } from '#shared/model/profile.ts';
import type { Translator } from '#shared/model/translate/translation.ts';
import { copyText } from '../../../kit/copy-text.ts';
import { fieldLabel } from '../field-texts.ts';
import type { ProfileFormState } from '../form-state.ts';
import { rawDraft } from '../form-values.ts';
import classes from './translate-dialog.module.css';

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
  const { text, notes } = library.to(checked.data);
  return (
    <>
      <div className={classes.head}>
        <code>{library.fileName}</code>
        <Button
          size="compact-xs"
          variant="default"
          leftSection={<Copy size={12} aria-hidden />}
          onClick={() => void copyText(text, `the settings for ${library.label}`)}
        >
          Copy the text
        </Button>
      </div>
      <section aria-label={`Text for ${library.label}`}>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a text that scrolls needs the keyboard */}
        <pre className={classes.text} tabIndex={0}>
          {text}
        </pre>
      </section>
      <h3 className={classes.title}>What has no equal there, and what happens instead</h3>
      <ul className={classes.notes}>
        {notes.map(({ settings, sentence }) => (
          <li key={sentence + settings.join()}>
            <strong>{settings.map((name) => fieldLabel(name).replace(/ \((ms|%)\)$/, '')).join(', ')}</strong>
            : {sentence}
          </li>
        ))}
      </ul>
    </>
  );
}
