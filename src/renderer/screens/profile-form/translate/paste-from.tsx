import { Button, Checkbox, Textarea } from '@mantine/core';
import { type ReactNode, useDeferredValue, useMemo, useState } from 'react';
import type { ProfileDraft } from '#shared/model/profile.ts';
import type { Translator, UnderstoodPart } from '#shared/model/translate/translation.ts';
import classes from './translate-dialog.module.css';

interface Props {
  library: Translator;
  text: string;
  onText: (text: string) => void;
  onApply: (settings: Partial<ProfileDraft>) => void;
}

function Part({ title, count, children }: { title: string; count: number; children: ReactNode }) {
  if (count === 0) return null;
  return (
    <section>
      <h3 className={classes.title}>
        {title} ({count})
      </h3>
      <ul className={classes.notes}>{children}</ul>
    </section>
  );
}

const understoodItem = ({ line, from, to }: UnderstoodPart) => (
  <li key={`${line} ${from} ${to}`}>
    {line > 0 && <span className={classes.line}>line {line} </span>}
    <code>{from}</code> → {to}
  </li>
);

/** Reads another library's text and shows what was made of it, before any of it goes into the form. */
export function PasteFrom({ library, text, onText, onApply }: Props) {
  const [withDefaults, setWithDefaults] = useState(true);
  const settled = useDeferredValue(text);
  const reading = useMemo(() => (settled.trim() === '' ? null : library.from(settled)), [library, settled]);
  const implied = reading?.implied.understood ?? [];
  const settings = { ...(withDefaults ? reading?.implied.settings : {}), ...reading?.settings };
  const usable = reading !== null && Object.keys(reading.settings).length > 0;
  return (
    <>
      <Textarea
        label={`Text of ${library.label}`}
        description="The call or the file as it is; the part about the pool is enough. Nothing of it is run."
        classNames={{ input: classes.pasted ?? '' }}
        autosize
        minRows={6}
        maxRows={14}
        spellCheck={false}
        value={text}
        onChange={(event) => onText(event.currentTarget.value)}
      />
      {reading !== null && (
        <div className={classes.reading} role="status">
          <Part title="Problems" count={reading.problems.length}>
            {reading.problems.map(({ line, message }) => (
              <li key={`${line} ${message}`} className={classes.problem}>
                Line {line}: {message}
              </li>
            ))}
          </Part>
          <Part title="Understood" count={reading.understood.length}>
            {reading.understood.map(understoodItem)}
          </Part>
          <Part title="Not understood" count={reading.notUnderstood.length}>
            {reading.notUnderstood.map(({ line, from, why }) => (
              <li key={`${line} ${from} ${why}`}>
                <span className={classes.line}>line {line} </span>
                <code>{from}</code> {why}
              </li>
            ))}
          </Part>
          {usable && withDefaults && (
            <Part title={`Left out there, and so as ${library.label} has it`} count={implied.length}>
              {implied.map(understoodItem)}
            </Part>
          )}
        </div>
      )}
      <div className={classes.foot}>
        <Checkbox
          label={`Also take what ${library.label} does by default where the text is silent`}
          checked={withDefaults}
          onChange={(event) => setWithDefaults(event.currentTarget.checked)}
        />
        <Button disabled={!usable} onClick={() => onApply(settings)}>
          Put into the form
        </Button>
      </div>
    </>
  );
}
