import { Button, FileButton, PasswordInput, Select, Textarea } from '@mantine/core';
import { useState } from 'react';
import type { ImportSource } from '#shared/contract/profile-transfer.ts';
import { readTextFile, textProblem } from './read-text-file.ts';
import { sourceTexts } from './source-texts.ts';
import classes from './transfer.module.css';

export interface SourceValues {
  source: ImportSource;
  text: string;
  passphrase: string;
}

interface Props {
  reading: boolean;
  /** Something changed, so what was read before is no longer what stands here. */
  onChange(): void;
  onRead(values: SourceValues): void;
}

const choices = Object.entries(sourceTexts).map(([value, { label }]) => ({ value, label }));

/** Pasted text, a file, or the environment Poolscope was started in. Nothing is saved from here. */
export function ImportSourceForm({ reading, onChange, onRead }: Props) {
  const [source, setSource] = useState<ImportSource>('auto');
  const [text, setText] = useState('');
  const [passphrase, setPassphrase] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const fromText = source !== 'environment';

  const changeText = (next: string) => {
    setText(next);
    setProblem(textProblem(next));
    onChange();
  };
  const openFile = async (file: File | null) => {
    if (file === null) return;
    const read = await readTextFile(file);
    if (read.ok) return changeText(read.text);
    setProblem(read.problem);
    onChange();
  };
  const mayRead = !fromText || (text.trim() !== '' && problem === null);

  return (
    <form
      className={classes.form}
      aria-label="What to import"
      onSubmit={(event) => {
        event.preventDefault();
        if (mayRead && !reading) onRead({ source, text: fromText ? text : '', passphrase });
      }}
    >
      <Select
        label="From"
        description={sourceTexts[source].explanation}
        inputWrapperOrder={['label', 'input', 'description']}
        data={choices}
        value={source}
        allowDeselect={false}
        onChange={(value) => {
          setSource(value as ImportSource);
          onChange();
        }}
      />
      {fromText && (
        <>
          <Textarea
            label="Settings"
            placeholder={sourceTexts[source].example}
            autosize
            minRows={6}
            maxRows={16}
            spellCheck={false}
            classNames={{ input: classes.code ?? '' }}
            value={text}
            error={problem}
            onChange={(event) => changeText(event.currentTarget.value)}
            onDragOver={(event) => event.preventDefault()}
            onDrop={(event) => {
              const [file] = event.dataTransfer.files;
              if (file === undefined) return;
              event.preventDefault();
              void openFile(file);
            }}
          />
          {(source === 'poolscope' || source === 'auto') && (
            <PasswordInput
              label="Passphrase"
              description="Only for a file of Poolscope that was exported with its passwords."
              inputWrapperOrder={['label', 'input', 'description']}
              autoComplete="off"
              value={passphrase}
              visibilityToggleButtonProps={{ 'aria-label': 'Show the passphrase' }}
              onChange={(event) => {
                setPassphrase(event.currentTarget.value);
                onChange();
              }}
            />
          )}
        </>
      )}
      <div className={classes.buttons}>
        {fromText && (
          <FileButton onChange={(file) => void openFile(file)}>
            {(props) => (
              <Button variant="default" {...props}>
                Open a file…
              </Button>
            )}
          </FileButton>
        )}
        <Button type="submit" loading={reading} disabled={!mayRead}>
          Show what it holds
        </Button>
      </div>
    </form>
  );
}
