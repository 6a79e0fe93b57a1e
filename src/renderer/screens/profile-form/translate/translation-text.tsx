import { Button } from '@mantine/core';
import { Copy } from 'lucide-react';
import type { ProfileDraft } from '#shared/model/profile.ts';
import type { Translator } from '#shared/model/translate/translation.ts';
import { copyText } from '../../../kit/copy-text.ts';
import { fieldLabel } from '../field-texts.ts';
import classes from './translate-dialog.module.css';

/** A pool as another library would have it, to copy, and what that library has no equal for. */
export function TranslationText({ library, draft }: { library: Translator; draft: ProfileDraft }) {
  const { text, notes } = library.to(draft);
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
