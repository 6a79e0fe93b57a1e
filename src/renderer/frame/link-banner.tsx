import { Unplug } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useLink } from '../data/use-link.ts';
import classes from './link-banner.module.css';

/** A blink of the link at start is no news. */
const graceMs = 1500;

const sentences = {
  connecting: 'Reaching Poolscope…',
  lost: 'The link to Poolscope is lost; it may have stopped. What you see is as it last was. Trying again by itself…',
  refused: 'Poolscope was started anew. Open the address it printed. What you see is as it last was.',
} as const;

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
  const sentence = link === 'connected' || (link === 'connecting' && !late) ? null : sentences[link];
  return (
    <div className={classes.place} role="status">
      {sentence !== null && (
        <p className={classes.banner}>
          <Unplug size={16} aria-hidden />
          {sentence}
        </p>
      )}
    </div>
  );
}
