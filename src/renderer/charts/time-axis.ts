const minuteMs = 60_000;
const stepsMs = [1000, 5000, 15_000, 30_000, 1, 5, 10, 30, 60, 180, 360].map((step, i) =>
  i < 4 ? step : step * minuteMs,
);

/** Distance between labelled times, so that a window shows five to seven of them. */
export function tickStepMs(windowMs: number): number {
  return stepsMs.find((step) => windowMs / step <= 7) ?? 24 * 60 * minuteMs;
}

/**
 * The round local times within [fromMs, toMs]. `offsetMs` is local time minus UTC; round means
 * round to the reader, also where the offset is not a whole hour.
 */
export function tickTimesMs(fromMs: number, toMs: number, stepMs: number, offsetMs: number): number[] {
  const ticks: number[] = [];
  const first = Math.ceil((fromMs + offsetMs) / stepMs) * stepMs - offsetMs;
  for (let tick = first; tick <= toMs; tick += stepMs) ticks.push(tick);
  return ticks;
}

/** Local time minus UTC at a moment. */
function localOffsetMs(atMs: number): number {
  return -new Date(atMs).getTimezoneOffset() * minuteMs;
}

/**
 * The span of time an axis is laid out for: the window shown and one tick step more. The window
 * slides within it, so the axis is laid out anew once per step and not once per second.
 */
export interface TimeFrame {
  fromMs: number;
  toMs: number;
  windowMs: number;
  ticksMs: number[];
}

/**
 * The frame for a window. Returns `previous` itself while the window still lies within it.
 * `phase` (0 to 1) starts a first frame part-way, so that charts side by side do not all lay out
 * their axes in the same second.
 */
export function frameFor(
  previous: TimeFrame | null,
  window: { fromMs: number; toMs: number },
  phase: number,
): TimeFrame {
  const windowMs = window.toMs - window.fromMs;
  const sameWindow = previous !== null && previous.windowMs === windowMs;
  if (sameWindow && window.fromMs >= previous.fromMs && window.toMs <= previous.toMs) return previous;
  const stepMs = tickStepMs(windowMs);
  const slidOut = sameWindow && window.fromMs >= previous.fromMs && window.fromMs <= previous.toMs;
  const fromMs = slidOut ? window.fromMs : window.fromMs - Math.round((stepMs * phase) / 1000) * 1000;
  const toMs = fromMs + windowMs + stepMs;
  return { fromMs, toMs, windowMs, ticksMs: tickTimesMs(fromMs, toMs, stepMs, localOffsetMs(toMs)) };
}
