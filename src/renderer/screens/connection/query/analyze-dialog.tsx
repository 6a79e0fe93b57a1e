import { Button, Modal } from '@mantine/core';
import type { QueryMode } from '#shared/model/query.ts';
import classes from '../../../query/query-layout.module.css';

interface Props {
  opened: boolean;
  mode: QueryMode;
  onClose(): void;
  onConfirm(): void;
}

/** ANALYZE runs the statement: asked first, with what that means. */
export function AnalyzeDialog({ opened, mode, onClose, onConfirm }: Props) {
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title="Measuring runs the statement"
      attributes={{ header: { role: 'presentation' } }}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <div className={classes.dialog}>
        <p>
          The server runs it to the end, with all the load that makes, and then rolls it back. No rows are
          shown.
        </p>
        <p>
          {mode === 'write'
            ? 'It may write while it runs: it takes the locks that it needs, its triggers run, and numbers taken from sequences are not given back.'
            : 'It runs in a READ ONLY transaction: a statement that writes is refused.'}
        </p>
        <div className={classes.buttons}>
          <Button variant="default" onClick={onClose}>
            Not now
          </Button>
          <Button {...(mode === 'write' && { color: 'red' })} onClick={onConfirm} data-autofocus>
            Run and measure
          </Button>
        </div>
      </div>
    </Modal>
  );
}
