import { bucketStepMs } from '#shared/model/bucket-steps.ts';

const dayMs = 24 * 60 * 60_000;
const minuteMs = 60_000;
const mostTicks = 8;

/** A labelled moment of a picture's time axis. */
interface TimeTick {
  atMs: number;
  label: string;
}

/**
 * Round UTC times across a range, labelled as finely as they stand apart: "12:03:20", "12:05",
 * "10-04" for whole days; midnights say their day where a range holds one.
 */
export function timeTicks(fromMs: number, toMs: number): TimeTick[] {
  const stepMs = bucketStepMs(toMs - fromMs, mostTicks);
  const ticks: TimeTick[] = [];
  for (let atMs = Math.ceil(fromMs / stepMs) * stepMs; atMs <= toMs; atMs += stepMs) {
    const iso = new Date(atMs).toISOString();
    const whole = stepMs >= dayMs || (atMs % dayMs === 0 && toMs - fromMs > minuteMs);
    const label = whole ? iso.slice(5, 10) : iso.slice(11, stepMs < minuteMs ? 19 : 16);
    ticks.push({ atMs, label });
  }
  return ticks;
}
