import { OctagonX } from 'lucide-react';
import type { ReactNode } from 'react';
import type { ErrorPayload } from '#shared/contract/errors.ts';
import classes from './error-note.module.css';

/** What happened, what to do next, and the server's SQLSTATE in small print when there is one. */
export function ErrorNote({ error, children }: { error: ErrorPayload; children?: ReactNode }) {
  const { remedy, sqlState } = error.details;
  return (
    <div className={classes.note} role="alert">
      <OctagonX className={classes.icon} size={16} aria-hidden />
      <div className={classes.words}>
        <p className={classes.message}>{error.message}</p>
        {remedy !== undefined && <p>{remedy}</p>}
        {sqlState !== undefined && <p className={classes.code}>SQLSTATE {sqlState}</p>}
        {children}
      </div>
    </div>
  );
}
