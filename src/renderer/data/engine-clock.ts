let aheadMs = 0;

/**
 * Remembers how far the engine's clock is from this page's: in the web shell the two may be
 * different machines, and "12 s ago" must count from the clock that stamped the time.
 */
export function setEngineClock(engineNowMs: number, pageNowMs: number = Date.now()): void {
  aheadMs = engineNowMs - pageNowMs;
}

/** The engine's wall clock, milliseconds since the epoch. */
export function engineNowMs(): number {
  return Date.now() + aheadMs;
}
