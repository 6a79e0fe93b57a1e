import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ErrorPayload } from '#shared/contract/errors.ts';
import {
  type LabProgress,
  type LabReport,
  type LabResult,
  type LabTraffic,
  labLeadMs,
} from '#shared/model/lab.ts';
import { seededRandom } from '#shared/model/seeded-random.ts';
import type { Clock } from '../base/clock.ts';
import { EngineError } from '../base/errors.ts';
import { errorPayloadOf } from '../base/pg-error-payload.ts';
import type { ScratchPool } from '../pools/index.ts';
import { checkSize } from './check-size.ts';
import { sliceMs } from './scratch.ts';

/** Opening and closing a pool, for the estimate of how long a run takes. */
const aroundMs = 1000;
const tellEveryMs = 500;

export interface LabRun {
  runId: string;
  traffic: LabTraffic;
  sizes: readonly number[];
  seconds: number;
  openPool(size: number): ScratchPool;
  /** Before each size but the first. @throws when the server has no room for it */
  requireRoom(size: number): Promise<void>;
  onProgress(progress: LabProgress): void;
  clock: Clock;
  /** Its reason, an EngineError, is the trouble of the run. */
  signal: AbortSignal;
}

/** Checks sizes one after the other. Ends at the first trouble, with what was measured until then. Never rejects. */
export async function runLab(run: LabRun): Promise<LabReport> {
  const { runId, traffic, sizes, seconds, clock, signal } = run;
  const seed = randomInt(2 ** 31);
  const results: LabResult[] = [];
  const sizeMs = seconds * 1000 + labLeadMs(seconds, traffic.holdMs) + aroundMs;
  let toldAtMs = Number.NEGATIVE_INFINITY;
  for (const [i, size] of sizes.entries()) {
    const tell = (state: { requests: number; waiting: number; leftMs: number }, isFirst = false) => {
      const nowMs = clock.monotonicMs();
      if (!isFirst && nowMs - toldAtMs < tellEveryMs) return;
      toldAtMs = nowMs;
      const leftMs = state.leftMs + (sizes.length - i - 1) * sizeMs;
      run.onProgress({
        runId,
        size,
        place: i + 1,
        sizes: sizes.length,
        ...state,
        leftMs,
        results: [...results],
      });
    };
    tell({ requests: 0, waiting: 0, leftMs: sizeMs }, true);
    const noRoom = i === 0 ? null : await roomTrouble(run, size);
    if (noRoom !== null) return { results, trouble: noRoom };
    const { result, failure } = await checkSize({
      ...{ size, traffic, seconds, clock, signal },
      random: seededRandom(seed),
      openPool: run.openPool,
      onLook: tell,
    });
    if (result !== null) results.push(result);
    const trouble = signal.aborted ? reasonOf(signal) : failure === null ? null : errorPayloadOf(failure);
    if (trouble !== null) return { results, trouble };
  }
  return { results, trouble: null };
}

/** The connections of the size before may still be going: they get a moment. */
async function roomTrouble({ requireRoom, signal }: LabRun, size: number): Promise<ErrorPayload | null> {
  await sleep(sliceMs, undefined, { signal }).catch(() => {});
  if (signal.aborted) return reasonOf(signal);
  return await requireRoom(size).then(
    () => null,
    (error) => (signal.aborted ? reasonOf(signal) : errorPayloadOf(error)),
  );
}

function reasonOf({ reason }: AbortSignal): ErrorPayload {
  return reason instanceof EngineError
    ? reason.toPayload()
    : new EngineError('cancelled', 'Cancelled.').toPayload();
}
