import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './app-settings.module.css';

interface Props {
  /** What is shown was just saved. */
  saved: boolean;
  unchanged: boolean;
  saving: boolean;
  onDiscard(): void;
  /** Further buttons, before these. */
  children?: ReactNode;
}

/** The end of a section's form. */
export function FormButtons({ saved, unchanged, saving, onDiscard, children }: Props) {
  return (
    <div className={classes.buttons}>
      {children}
      <span role="status" className={classes.saved}>
        {saved && 'Saved.'}
      </span>
      <Button variant="default" disabled={unchanged} onClick={onDiscard}>
        Discard changes
      </Button>
      <Button type="submit" disabled={unchanged} loading={saving}>
        Save
      </Button>
    </div>
  );
}
