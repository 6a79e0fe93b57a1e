import type { ReactNode } from 'react';
import classes from './advice.module.css';

/** Around a table that may be wider than its panel: scrolls, also by keys. */
export function TableScroller({ label, children }: { label: string; children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for a form.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys.
    <div role="group" className={classes.scroller} aria-label={label} tabIndex={0}>
      {children}
    </div>
  );
}
