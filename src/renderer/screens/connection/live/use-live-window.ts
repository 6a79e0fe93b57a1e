import { useState } from 'react';
import type { LiveWindow } from '../../../live/pool-series.ts';

let chosen: LiveWindow = '5m';

/** The window of the Live tab; the choice holds for every connection until the page is closed. */
export function useLiveWindow(): [LiveWindow, (window: LiveWindow) => void] {
  const [window, setWindow] = useState(chosen);
  return [
    window,
    (next) => {
      chosen = next;
      setWindow(next);
    },
  ];
}
