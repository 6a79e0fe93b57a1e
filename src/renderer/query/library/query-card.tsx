import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './library.module.css';

export type Take = (text: string, types: readonly (string | null)[], how: 'replace' | 'insert') => void;

interface Props {
  /** A name above the text; none for what has none. */
  title?: ReactNode;
  text: string;
  parameterTypes?: readonly (string | null)[];
  facts: ReactNode;
  onTake: Take;
  /** Further buttons. */
  children?: ReactNode;
}

/** One statement of a list: its text, what is known of it, and the ways to use it. */
export function QueryCard({ title, text, parameterTypes = [], facts, onTake, children }: Props) {
  return (
    <li className={classes.card}>
      {title}
      <pre className={classes.text}>{text}</pre>
      <div className={classes.foot}>
        <span className={classes.facts}>{facts}</span>
        <Button variant="subtle" size="compact-xs" onClick={() => onTake(text, parameterTypes, 'replace')}>
          Use
        </Button>
        <Button variant="subtle" size="compact-xs" onClick={() => onTake(text, parameterTypes, 'insert')}>
          Insert
        </Button>
        {children}
      </div>
    </li>
  );
}
