import { Unplug } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useLink } from '../data/use-link.ts';
import classes from './link-banner.module.css';

/** A blink of the link at start is no news. */
const graceMs = 1500;

/** Says in words that the engine cannot be reached and that what is shown is old. */
export function LinkBanner() {
  const link = useLink();
  const [late, setLate] = useState(false);
  useEffect(() => {
    setLate(false);
    if (link !== 'connecting') return;
    const timer = setTimeout(() => setLate(true), graceMs);
    return () => clearTimeout(timer);
  }, [link]);
  const shown = link === 'lost' || (link === 'connecting' && late);
  return (
    <div className={classes.place} role="status">
      {shown && (
        <p className={classes.banner}>
          <Unplug size={16} aria-hidden />
          {link === 'lost'
            ? 'The link to Poolscope is lost; it may have stopped. What you see is as it last was. Trying again by itself…'
            : 'Reaching Poolscope…'}
        </p>
      )}
    </div>
  );
}
