import { setImmediate, setTimeout as sleep } from 'node:timers/promises';
import type { LabTraffic } from '#shared/model/lab.ts';
import { gammaDraw } from './random.ts';
import { drawRequests } from './requests.ts';
import { type Asking, ask } from './scratch.ts';

/** One that is late sends no more than these before answers are taken in. */
const mostInOneTurn = 20;

interface Load {
  traffic: LabTraffic;
  /** By the monotonic clock. */
  startMs: number;
  lastsMs: number;
  random: () => number;
  signal: AbortSignal;
}

/** Asks for as long as the load lasts; settles when nothing more is asked. Never rejects. */
export const askFor = (load: Load, asking: Asking): Promise<void> =>
  load.traffic.kind === 'open'
    ? openLoop(load, load.traffic, asking)
    : closedLoop(load, load.traffic, asking);

/** Each request at its moment, whether or not earlier ones are answered. */
async function openLoop(
  { startMs, lastsMs, random, signal }: Load,
  traffic: Extract<LabTraffic, { kind: 'open' }>,
  asking: Asking,
): Promise<void> {
  let inTurn = 0;
  for (const { dueMs, holdMs } of drawRequests(traffic, lastsMs, random)) {
    const request = { dueMs: startMs + dueMs, holdMs };
    const aheadMs = request.dueMs - asking.clock.monotonicMs();
    inTurn = aheadMs > 1 ? 0 : inTurn + 1;
    if (aheadMs > 1) await sleep(aheadMs, undefined, { signal }).catch(() => {});
    else if (inTurn % mostInOneTurn === 0) await setImmediate();
    if (signal.aborted) return;
    void ask(asking, request);
  }
  const leftMs = startMs + lastsMs - asking.clock.monotonicMs();
  if (leftMs > 0) await sleep(leftMs, undefined, { signal }).catch(() => {});
}

/** So many callers, each asking again as soon as it is answered. */
async function closedLoop(
  { startMs, lastsMs, random, signal }: Load,
  traffic: Extract<LabTraffic, { kind: 'callers' }>,
  asking: Asking,
): Promise<void> {
  const { clock } = asking;
  const draw = gammaDraw(traffic.holdCs2, random);
  const call = async () => {
    for (let dueMs = clock.monotonicMs(); dueMs < startMs + lastsMs; dueMs = clock.monotonicMs()) {
      if (signal.aborted) return;
      await ask(asking, { dueMs, holdMs: draw() * traffic.holdMs });
    }
  };
  for (let i = 0; i < traffic.callers; i += 1) void call();
  await sleep(Math.max(0, startMs + lastsMs - clock.monotonicMs()), undefined, { signal }).catch(() => {});
}
