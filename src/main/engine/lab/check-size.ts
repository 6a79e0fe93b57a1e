import { setTimeout as sleep } from 'node:timers/promises';
import { type LabEnd, type LabResult, type LabTraffic, labLeadMs, labPrediction } from '#shared/model/lab.ts';
import { scatterOf } from '#shared/model/sizing/scatter.ts';
import type { Clock } from '../base/clock.ts';
import type { InstrumentedPool, ScratchPool } from '../pools/index.ts';
import { askFor } from './load.ts';
import { QueueWatch } from './queue-watch.ts';
import { RunMeter } from './run-meter.ts';
import { warmUp } from './scratch.ts';

const lookMs = 100;
/** Who waits when the time is over is served for so long yet, and counts with the wait so far after. */
const drainMs = 5000;
/** How long the pool may take to close; what sleeps on the server then wakes within a slice (`scratch.ts`). */
const endDeadlineMs = 1200;

interface SizeCheck {
  size: number;
  traffic: LabTraffic;
  seconds: number;
  /** The same for each size: they are compared under the same requests. */
  random: () => number;
  clock: Clock;
  openPool(size: number): ScratchPool;
  onLook(state: { requests: number; waiting: number; leftMs: number }): void;
  signal: AbortSignal;
}

export interface SizeOutcome {
  /** Null when it ended before anything was measured. */
  result: LabResult | null;
  /** What the server or the way to it failed with; null when nothing did. */
  failure: unknown;
}

/** One size: opens a pool of its own, loads it, measures, and closes it whatever happens. Never rejects. */
export async function checkSize(check: SizeCheck): Promise<SizeOutcome> {
  const { size, clock, signal } = check;
  const { pool, obeyTimeouts } = check.openPool(size);
  // Also while connections open: those that are on their way are given up at once.
  const closeAtOnce = () => void pool.end(endDeadlineMs);
  signal.addEventListener('abort', closeAtOnce, { once: true });
  try {
    if (signal.aborted) return { result: null, failure: null };
    const extraMs = await warmUp(pool, size, clock);
    if (signal.aborted) return { result: null, failure: null };
    obeyTimeouts();
    return await measured(check, pool, extraMs);
  } catch (failure) {
    return { result: null, failure: signal.aborted ? null : failure };
  } finally {
    signal.removeEventListener('abort', closeAtOnce);
    await pool.end(endDeadlineMs);
  }
}

async function measured(check: SizeCheck, pool: InstrumentedPool, extraMs: number): Promise<SizeOutcome> {
  const { size, traffic, seconds, clock, signal } = check;
  const leadMs = labLeadMs(seconds, traffic.holdMs);
  const startMs = clock.monotonicMs();
  const fromMs = startMs + leadMs;
  const meter = new RunMeter(fromMs);
  const over = new AbortController();
  let end = 'complete' as LabEnd;
  let failure: unknown = null;
  const stop = (how: LabEnd) => {
    if (over.signal.aborted) return;
    end = how;
    over.abort();
  };
  const onFailure = (error: unknown) => {
    // What fails because the pool is closed, or after the first failure, says nothing.
    if (signal.aborted || over.signal.aborted) return;
    failure = error;
    stop('cutShort');
  };
  const cut = () => stop('cutShort');
  signal.addEventListener('abort', cut, { once: true });
  const watch = new QueueWatch(size);
  const look = setInterval(() => {
    const nowMs = clock.monotonicMs();
    const leftMs = Math.max(0, fromMs + seconds * 1000 - nowMs);
    check.onLook({ requests: meter.requests, waiting: meter.waiting, leftMs });
    const grew = watch.onlyGrew(meter.waiting, nowMs);
    if (grew && loadSoFar(traffic, meter) >= size && nowMs > fromMs) stop('queueGrew');
  }, lookMs);
  try {
    const load = { traffic, startMs, lastsMs: leadMs + seconds * 1000, random: check.random };
    await askFor({ ...load, signal: over.signal }, { pool, meter, clock, extraMs, onFailure });
    const endMs = clock.monotonicMs();
    meter.closeAt(endMs);
    while (!over.signal.aborted && meter.unserved > 0 && clock.monotonicMs() < endMs + drainMs)
      await sleep(lookMs / 5, undefined, { signal: over.signal }).catch(() => {});
    const lastedMs = Math.max(0, endMs - fromMs);
    if (meter.requests === 0 && end === 'cutShort') return { result: null, failure };
    const predicted = labPrediction(traffic, size);
    const scatterShare =
      traffic.kind === 'open' && end === 'complete' ? scatterOf(predicted, traffic, meter.requests) : null;
    const figures = meter.result(size, clock.monotonicMs());
    return { result: { size, end, lastedMs, ...figures, predicted, scatterShare }, failure };
  } finally {
    // Whoever still holds or waits is of no more interest.
    over.abort();
    clearInterval(look);
    signal.removeEventListener('abort', cut);
  }
}

/** Connections that would be busy at once if there were enough; by holds as they turn out, if they tell. */
function loadSoFar(traffic: LabTraffic, meter: RunMeter): number {
  // Callers that wait ask no more: their queue cannot grow without end.
  if (traffic.kind === 'callers') return 0;
  return (traffic.arrivalsPerS * (meter.holdSoFarMs ?? traffic.holdMs)) / 1000;
}
