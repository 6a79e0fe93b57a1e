import { Button, FileButton, Textarea } from '@mantine/core';
import { FileUp } from 'lucide-react';
import { type DragEvent, useRef, useState } from 'react';
import classes from './add-many.module.css';
import type { Source } from './add-many-job.ts';

/** A paste of this length is taken at once: a text box would be slow to show it. */
const longPaste = 20_000;

const pasted = (text: string): Source => ({ name: null, blob: new Blob([text]) });
const chosen = (file: File): Source => ({ name: file.name, blob: file });

/** Where the names come from: pasted or typed, a file chosen, or one dropped here. */
export function SourceStep({ onTake }: { onTake(source: Source): void }) {
  const box = useRef<HTMLTextAreaElement>(null);
  const [hasText, setHasText] = useState(false);
  const [isOver, setIsOver] = useState(false);
  const drag = (over: boolean) => (event: DragEvent) => {
    if (!event.dataTransfer.types.includes('Files')) return;
    event.preventDefault();
    setIsOver(over);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: a place to drop files; the button beside it does the same
    <div
      className={classes.source}
      data-over={isOver}
      onDragOver={drag(true)}
      onDragLeave={drag(false)}
      onDrop={(event) => {
        drag(false)(event);
        const [file] = event.dataTransfer.files;
        if (file !== undefined) onTake(chosen(file));
      }}
    >
      <Textarea
        ref={box}
        data-autofocus
        label="Names, one a line"
        description="Paste them, or cells of a spreadsheet."
        rows={8}
        dir="auto"
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => setHasText(event.currentTarget.value !== '')}
        onPaste={(event) => {
          const text = event.clipboardData.getData('text/plain');
          if (text.length < longPaste || box.current?.value !== '') return;
          event.preventDefault();
          onTake(pasted(text));
        }}
      />
      <div className={classes.buttons}>
        <Button disabled={!hasText} onClick={() => onTake(pasted(box.current?.value ?? ''))}>
          Preview
        </Button>
        <FileButton onChange={(file) => file !== null && onTake(chosen(file))} accept=".csv,.tsv,.txt,text/*">
          {(props) => (
            <Button {...props} variant="default" leftSection={<FileUp size={14} aria-hidden />}>
              Choose a CSV or text file…
            </Button>
          )}
        </FileButton>
        <span className={classes.dim}>or drop a file here</span>
      </div>
    </div>
  );
}
