import { type RefObject, useEffect, useMemo, useSyncExternalStore } from 'react';
import type { NameSearch } from '#shared/model/names.ts';
import { request } from '../../../bridge/client.ts';
import { documentVisibility } from '../../../live/visibility.ts';
import { NamesWindow, type WindowState } from './names-window.ts';

/** The table's rows at hand, from its first page on. */
export function useNamesWindow(
  profileId: string,
  schema: string,
  search: NameSearch | null,
): { window: NamesWindow; state: WindowState } {
  const window = useMemo(() => {
    const of = { profileId, schema, search };
    return new NamesWindow({
      page: (at, limit, signal) => request('names.page', { ...of, at, limit }, { signal }),
      watch: (fromId, limit, signal) => request('names.watch', { ...of, fromId, limit }, { signal }),
    });
  }, [profileId, schema, search]);
  useEffect(() => {
    void window.goTo({ kind: 'first' });
    return () => window.close();
  }, [window]);
  return { window, state: useSyncExternalStore(window.subscribe, window.state) };
}

const watchEveryMs = 2000;
const longestPauseMs = 30_000;
/** A look that is costly for the server, as a search may be, is taken the less often. */
const restsPerLook = 20;

/** The rows in view: the index of the first, and how many. */
export type InView = RefObject<{ from: number; count: number }>;

/** Looks at the rows in view every 2 s or less often, one look at a time; not while nobody can see them. */
export function useWatching(window: NamesWindow, inView: InView): void {
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let pauseMs = watchEveryMs;
    let isLooking = false;
    let isOver = false;
    const look = async () => {
      isLooking = true;
      const { from, count } = inView.current;
      const startedMs = performance.now();
      const seen = await window.watch(from, Math.min(200, count + 20));
      isLooking = false;
      const tookMs = performance.now() - startedMs;
      pauseMs = seen ? Math.max(watchEveryMs, restsPerLook * tookMs) : Math.min(2 * pauseMs, longestPauseMs);
      lookLater();
    };
    const lookLater = () => {
      clearTimeout(timer);
      if (!isOver && !isLooking && !documentVisibility.hidden()) timer = setTimeout(look, pauseMs);
    };
    const stopHearing = documentVisibility.onChange(lookLater);
    lookLater();
    return () => {
      isOver = true;
      clearTimeout(timer);
      stopHearing();
    };
  }, [window, inView]);
}
