import { TextInput } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { parseConnectionUrl } from '#shared/model/connection-url.ts';
import { applyUrl, understoodLine } from './apply-url.ts';
import type { ProfileFormState } from './form-state.ts';
import type { FormValues } from './form-values.ts';
import classes from './profile-form.module.css';

interface Props {
  form: ProfileFormState;
  /** The boxes without any address: the saved profile, or the defaults. */
  base: FormValues;
  /** Where the form is for a new connection, an address is what people come with. */
  focusFirst: boolean;
  /** Escape in the empty box: the focus came by itself, so there is nothing to leave but the form. */
  onLeave: (() => void) | undefined;
}

/**
 * Takes a `postgres://` address and fills the fields below. Read when it is pasted, or when a typed one
 * is finished (Enter, or leaving the box): a half-typed address would fill in half-typed parts.
 */
export function ConnectionUrlField({ form, base, focusFirst, onLeave }: Props) {
  const input = useRef<HTMLInputElement>(null);
  const [text, setText] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const [line, setLine] = useState('');
  /** Read already: leaving the box after pasting must not read, and report, a second time. */
  const lastRead = useRef('');
  useEffect(() => {
    if (focusFirst) input.current?.focus();
  }, [focusFirst]);

  /** True when all of it was understood. */
  const read = (url: string): boolean => {
    lastRead.current = url;
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
    const before = form.getValues();
    const next = applyUrl(before, parsed, base);
    form.setValues(next);
    form.clearErrors();
    setProblem(null);
    setLine(understoodLine(parsed, before.password !== '' && next.password === ''));
    return true;
  };

  return (
    <div className={classes.group}>
      <TextInput
        ref={input}
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
          if (event.key === 'Escape' && text === '' && onLeave !== undefined) {
            event.preventDefault();
            onLeave();
          }
          if (event.key !== 'Enter') return;
          event.preventDefault();
          read(text);
        }}
        // The address may hold a password in the clear, so it goes once the fields have its parts.
        onBlur={() => {
          if (text === lastRead.current ? problem === null : read(text)) setText('');
        }}
      />
      <p className={classes.understood} role="status">
        {line || 'Paste an address to fill the fields below, or fill them by hand.'}
      </p>
    </div>
  );
}
