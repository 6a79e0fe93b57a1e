import { type ReactNode, useId } from 'react';
import classes from './panel.module.css';

interface Props {
  title: string;
  /** Stands at the right end of the title's line. */
  actions?: ReactNode;
  children: ReactNode;
}

/** A titled part of a screen. */
export function Panel({ title, actions, children }: Props) {
  const id = useId();
  return (
    <section className={classes.panel} aria-labelledby={id}>
      <div className={classes.head}>
        <h2 id={id} className={classes.title}>
          {title}
        </h2>
        {actions}
      </div>
      {children}
    </section>
  );
}
