import type { ReactNode } from 'react';
import classes from './empty-state.module.css';

interface Props {
  title: string;
  /** 1 where it is the whole screen. */
  level?: 1 | 2;
  children?: ReactNode;
}

/** A calm place with one sentence and what can be done from here. */
export function EmptyState({ title, level = 2, children }: Props) {
  const Heading = level === 1 ? 'h1' : 'h2';
  return (
    <section className={classes.empty}>
      <Heading className={classes.title}>{title}</Heading>
      {children}
    </section>
  );
}
