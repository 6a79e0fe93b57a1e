import { Button, FileButton, PasswordInput, Select, Textarea } from '@mantine/core';
import { FileUp } from 'lucide-react';
import { useRef, useState } from 'react';
import type { ImportSource } from '#shared/contract/profile-transfer.ts';
import { importTooLarge } from '#shared/model/import-limit.ts';
import { payloadOf } from '../data/errors.ts';
import { ErrorNote } from '../kit/error-note.tsx';
import { readTextFile } from './read-text-file.ts';
import classes from './transfer.module.css';

export interface ImportText {
  source: ImportSource;
  text: string;
  passphrase: string;
}

const sources: { value: ImportSource; label: string }[] = [
  { value: 'auto', label: 'Find out from the text' },
  { value: 'env-file', label: '.env file' },
  { value: 'url', label: 'Address (postgres://…)' },
  { value: 'dsn', label: 'Connection string (host=… dbname=…)' },
  { value: 'pg-service', label: 'pg_service.conf' },
  { value: 'poolscope', label: 'Export of Poolscope' },
  { value: 'environment', label: "Poolscope's own environment" },
];

interface Props {
  given: ImportText;
  error: unknown;
  busy: boolean;
  onChange(given: ImportText): void;
  onRead(): void;
}

/** Where settings come from: pasted, from a file, or the environment. */
export function ImportSourceForm({ given, error, busy, onChange, onRead }: Props) {
  /** Why what was chosen or pasted last did not go into the box, which keeps what it had. */
  const [refused, setRefused] = useState<string | null>(null);
  const forgetFile = useRef<() => void>(null);
  const failure = error === null || error === undefined ? null : payloadOf(error);
  const wrongPassphrase = failure?.details.fields?.passphrase;
  const fromText = given.source !== 'environment';
  const isOurs = given.source === 'poolscope' || given.text.trimStart().startsWith('{');

  const set = (text: string) => {
    const problem = importTooLarge(new Blob([text]).size);
    setRefused(problem);
    if (problem === null) onChange({ ...given, text });
  };
  const choose = async (file: File | null) => {
    if (file === null) return;
    const read = await readTextFile(file);
    // Else the same file, mended, could not be chosen again.
    forgetFile.current?.();
    if (read.ok) set(read.text);
    else setRefused(read.problem);
  };

  return (
    <form
      className={classes.form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        setRefused(null);
        onRead();
      }}
    >
      <Select
        label="What it is"
        data={sources}
        value={given.source}
        allowDeselect={false}
        comboboxProps={{ withinPortal: true }}
        onChange={(source) => onChange({ ...given, source: (source ?? 'auto') as ImportSource })}
      />
      {fromText && (
        <>
          <Textarea
            label="Settings"
            description="A .env file, an address, a connection string, pg_service.conf, or an export of Poolscope."
            data-autofocus
            rows={9}
            spellCheck={false}
            autoComplete="off"
            classNames={{ input: classes.text ?? '' }}
            value={given.text}
            error={refused}
            onChange={(event) => set(event.currentTarget.value)}
          />
          <FileButton
            inputProps={{ 'aria-label': 'File of settings' }}
            resetRef={forgetFile}
            onChange={(file) => void choose(file)}
          >
            {(props) => (
              <Button
                {...props}
                className={classes.file}
                variant="default"
                leftSection={<FileUp size={14} aria-hidden />}
              >
                Choose a file…
              </Button>
            )}
          </FileButton>
        </>
      )}
      {fromText && isOurs && (
        <PasswordInput
          label="Passphrase"
          description="Opens the passwords of an export that holds them. Empty leaves them out."
          autoComplete="off"
          value={given.passphrase}
          error={wrongPassphrase}
          onChange={(event) => onChange({ ...given, passphrase: event.currentTarget.value })}
        />
      )}
      {failure !== null && wrongPassphrase === undefined && <ErrorNote error={failure} />}
      <div className={classes.foot}>
        <Button type="submit" loading={busy}>
          Read
        </Button>
      </div>
    </form>
  );
}
