import { Checkbox, CloseButton, Select, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { Search } from 'lucide-react';
import { useState } from 'react';
import { type NameSearch, nameSearchSchema } from '#shared/model/names.ts';
import classes from './names.module.css';

interface Props {
  disabled: boolean;
  onSearch(search: NameSearch | null): void;
}

const modes = [
  { value: 'prefix', label: 'begins with' },
  { value: 'contains', label: 'contains' },
  { value: 'exact', label: 'is exactly' },
] as const;

/** Long enough that a word is typed in one go and asked for once. */
const restMs = 300;

/** Looks for names as they are typed; each new search ends the one before on the server. */
export function SearchNames({ disabled, onSearch }: Props) {
  const [values, setValues] = useState<NameSearch>({ mode: 'prefix', text: '', ignoreCase: true });
  const [problem, setProblem] = useState<string | null>(null);
  const searchSoon = useDebouncedCallback(onSearch, restMs);

  const change = (part: Partial<NameSearch>, isTyping = false) => {
    const next = { ...values, ...part };
    setValues(next);
    if (next.text === '') {
      setProblem(null);
      searchSoon.cancel();
      onSearch(null);
      return;
    }
    const search = nameSearchSchema.safeParse(next);
    setProblem(search.success ? null : (search.error.issues[0]?.message ?? null));
    if (!search.success) return;
    searchSoon(search.data);
    if (!isTyping) searchSoon.flush();
  };

  return (
    <search className={classes.search}>
      <Select
        aria-label="How to look for names"
        className={classes.mode}
        data={modes}
        value={values.mode}
        allowDeselect={false}
        disabled={disabled}
        onChange={(mode) => mode !== null && change({ mode: mode as NameSearch['mode'] })}
      />
      <TextInput
        aria-label="Search names"
        className={classes.grow}
        placeholder="Search names"
        leftSection={<Search size={14} aria-hidden />}
        rightSection={
          values.text !== '' && (
            <CloseButton size="sm" aria-label="Clear the search" onClick={() => change({ text: '' })} />
          )
        }
        autoComplete="off"
        spellCheck={false}
        dir="auto"
        disabled={disabled}
        value={values.text}
        error={problem}
        onChange={(event) => change({ text: event.currentTarget.value }, true)}
        onKeyDown={(event) => event.key === 'Enter' && searchSoon.flush()}
      />
      <Checkbox
        size="xs"
        label="Ignore case"
        checked={values.ignoreCase}
        disabled={disabled}
        onChange={(event) => change({ ignoreCase: event.currentTarget.checked })}
      />
    </search>
  );
}
