import { Button } from '@mantine/core';
import { Eye } from 'lucide-react';
import { copyText } from '../../../kit/copy-text.ts';
import classes from './advice.module.css';

/** Others' sessions are hidden: whoever holds the pool up may be among them. */
export function GrantNote({ sql }: { sql: string }) {
  return (
    <div className={classes.note}>
      <Eye size={16} aria-hidden />
      <p>
        <strong>Limited sight.</strong> Sessions of other roles are hidden from this login, so whoever holds
        this pool up may not be seen. This mends it: <code>{sql}</code>
      </p>
      <Button variant="default" size="compact-sm" onClick={() => void copyText(sql, 'the statement')}>
        Copy
      </Button>
    </div>
  );
}
