import { useCallback, useState } from 'react';
import type { SeriesDefinition, Slot } from './series.ts';

/** Which series of a chart are hidden, and the two ways to change it. */
export function useHiddenSeries(series: readonly SeriesDefinition<Slot>[]) {
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const toggle = useCallback((key: string) => setHidden((before) => toggled(before, key)), []);
  const isolate = useCallback(
    (key: string) => setHidden((before) => isolated(before, key, series)),
    [series],
  );
  return { hidden, toggle, isolate };
}

function toggled(hidden: ReadonlySet<string>, key: string): ReadonlySet<string> {
  const next = new Set(hidden);
  if (!next.delete(key)) next.add(key);
  return next;
}

function isolated(
  hidden: ReadonlySet<string>,
  key: string,
  series: readonly SeriesDefinition<Slot>[],
): ReadonlySet<string> {
  const others = series.map((definition) => definition.key).filter((other) => other !== key);
  const alone = !hidden.has(key) && others.every((other) => hidden.has(other));
  return new Set(alone ? [] : others);
}
