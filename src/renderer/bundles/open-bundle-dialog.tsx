import { Button, FileButton, Loader, Modal } from '@mantine/core';
import { FileUp } from 'lucide-react';
import { type DragEvent, useState } from 'react';
import { formatBytes } from '../kit/byte-words.ts';
import { ErrorNote } from '../kit/error-note.tsx';
import type { OpenerState } from './bundle-opener.ts';
import classes from './open-bundle-dialog.module.css';
import { bundleOpener, useBundleOpener } from './open-bundles.ts';

/** Asks for a bundle where the shell does not, and says how opening it goes. */
export function OpenBundleDialog() {
  const state = useBundleOpener();
  return (
    <Modal
      opened={state.kind !== 'closed'}
      onClose={() => bundleOpener.cancel()}
      title="Open an incident bundle"
      transitionProps={{ duration: 0 }}
      // A dialog's header is no banner of the page.
      attributes={{ header: { role: 'presentation' } }}
      closeButtonProps={{ 'aria-label': 'Close without opening a bundle' }}
    >
      <div className={classes.body}>
        <Step state={state} />
      </div>
    </Modal>
  );
}

function Step({ state }: { state: OpenerState }) {
  switch (state.kind) {
    case 'closed':
      return null;
    case 'asking':
      return (
        <p className={classes.waiting} role="status">
          <Loader size="xs" aria-hidden />
          Waiting for a file…
        </p>
      );
    case 'choose':
      return (
        <>
          {state.error !== null && <ErrorNote error={state.error} />}
          <ChooseFile maxBytes={state.maxBytes} />
        </>
      );
    case 'sending':
      return (
        <p className={classes.waiting} role="status">
          <Loader size="xs" aria-hidden />
          <span>
            Reading <bdi>{state.fileName}</bdi> ({formatBytes(state.bytes)})…
          </span>
        </p>
      );
    case 'failed':
      return (
        <>
          <ErrorNote error={state.error} />
          <div>
            <Button onClick={() => void bundleOpener.start()}>Choose another file</Button>
          </div>
        </>
      );
  }
}

function ChooseFile({ maxBytes }: { maxBytes: number }) {
  const [over, setOver] = useState(false);
  const drag = (event: DragEvent, inside: boolean) => {
    event.preventDefault();
    setOver(inside);
  };
  return (
    // Dropping is a second way for the mouse; the button is the way for everyone.
    <section
      className={classes.drop}
      aria-label="Bundle file"
      data-over={over || undefined}
      onDragOver={(event) => drag(event, true)}
      onDragLeave={(event) => drag(event, false)}
      onDrop={(event) => {
        drag(event, false);
        const [file] = event.dataTransfer.files;
        if (file !== undefined) void bundleOpener.choose(file);
      }}
    >
      <FileUp size={20} aria-hidden />
      <FileButton
        inputProps={{ 'aria-label': 'Incident bundle' }}
        onChange={(file) => {
          if (file !== null) void bundleOpener.choose(file);
        }}
      >
        {(props) => (
          <Button data-autofocus {...props}>
            Choose a file…
          </Button>
        )}
      </FileButton>
      <p>Or drop it here. It is read as it is, up to {formatBytes(maxBytes)}, and never changed.</p>
    </section>
  );
}
