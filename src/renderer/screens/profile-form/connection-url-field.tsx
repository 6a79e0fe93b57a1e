import { TextInput } from '@mantine/core';
import { useState } from 'react';
import { parseConnectionUrl } from '#shared/model/connection-url.ts';
import { applyUrl, understoodLine } from './apply-url.ts';
import type { ProfileFormState } from './profile-fields.tsx';
import classes from './profile-form.module.css';

/**
 * Takes a `postgres://` address and fills the fields below. Read when it is pasted, or when a typed one
 * is finished (Enter, or leaving the box): a half-typed address would fill in half-typed parts.
 */
export function ConnectionUrlField({ form }: { form: ProfileFormState }) {
  const [text, setText] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const [line, setLine] = useState('');

  /** True when all of it was understood. */
  const read = (url: string): boolean => {
    if (url.trim() === '') {
      setProblem(null);
      return true;
    }
    const parsed = parseConnectionUrl(url);
    if (!parsed.ok) {
      setLine('');
      setProblem(parsed.problems.map(({ message }) => message).join(' '));
      return false;
    }
    form.setValues(applyUrl(form.getValues(), parsed));
    form.clearErrors();
    setProblem(null);
    setLine(understoodLine(parsed));
    return true;
  };

  return (
    <div className={classes.group}>
      <TextInput
        mt="sm"
        label="Connection URL"
        placeholder="postgres://user:password@host:5432/database"
        value={text}
        error={problem}
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => {
          const url = event.currentTarget.value;
          const pasted = Math.abs(url.length - text.length) > 1;
          setText(url);
          if (pasted) read(url);
          else setProblem(null);
        }}
        onKeyDown={(event) => {
          if (event.key !== 'Enter') return;
          event.preventDefault();
          read(text);
        }}
        // The address may hold a password in the clear, so it goes once the fields have its parts.
        onBlur={() => {
          if (read(text)) setText('');
        }}
      />
      <p className={classes.understood} role="status">
        {line || 'Paste an address to fill the fields below, or fill them by hand.'}
      </p>
    </div>
  );
}
