import { randomUUID } from 'node:crypto';
import type { PoolState, PoolStatus } from '#shared/contract/pools.ts';
import type { HistoryEvent } from '#shared/model/history-event.ts';
import type { PoolSample } from '#shared/model/pool-sample.ts';
import type { EventBus } from '../base/event-bus.ts';

/** Samples come every second; farther apart than this the machine slept or the clock was set. */
const gapMs = 10_000;
/** Clocks are adjusted by moments all the time; only more than this is worth telling. */
const setBackMs = 2000;

interface TimelineDeps {
  events: EventBus;
  nowMs(): number;
  /** The newest sample of the run before; 0 when there was none. */
  lastRunEndedMs(): Promise<number>;
  add(event: HistoryEvent): void;
}

/** The size settings of a pool as last sampled. */
type Size = Pick<PoolSample, 'min' | 'max'>;

/** Turns what happens to the pools into events of the timeline. Returns the function that stops it. */
export function recordTimeline({ events, nowMs, lastRunEndedMs, add }: TimelineDeps): () => void {
  const states = new Map<string, PoolState>();
  /** When each pool that is still open was sampled last. */
  const sampledAtMs = new Map<string, number>();
  /** Outlast a close: most changes of size reopen the pool. */
  const sizes = new Map<string, Size>();
  let isFirstTick = true;

  const tell = (
    kind: HistoryEvent['kind'],
    profileId: string | null,
    fromMs: number,
    toMs: number,
    text: string,
  ) =>
    add({ eventId: randomUUID(), kind, profileId, fromMs: Math.round(fromMs), toMs: Math.round(toMs), text });

  function onPool({ profileId, state, error }: PoolStatus): void {
    const was = states.get(profileId) ?? 'closed';
    states.set(profileId, state);
    const atMs = nowMs();
    if (state === 'open' && was !== 'open') tell('poolOpened', profileId, atMs, atMs, 'The pool was opened.');
    if (state !== 'closed') return;
    sampledAtMs.delete(profileId);
    if (was !== 'open' && was !== 'closing') return;
    tell(
      'poolClosed',
      profileId,
      atMs,
      atMs,
      error === null ? 'The pool was closed.' : `The pool was closed: ${error.message}`,
    );
  }

  function onTick(atMs: number, samples: readonly PoolSample[]): void {
    if (isFirstTick) void tellRestart(atMs);
    isFirstTick = false;
    tellJump(samples);
    for (const { profileId, atMs: sampledMs, min, max } of samples) {
      const earlier = sizes.get(profileId);
      if (earlier !== undefined && (earlier.min !== min || earlier.max !== max)) {
        const text = `The pool is now of ${min} to ${max} connections; it was of ${earlier.min} to ${earlier.max}.`;
        tell('poolResized', profileId, sampledMs, sampledMs, text);
      }
      sizes.set(profileId, { min, max });
      sampledAtMs.set(profileId, sampledMs);
    }
  }

  async function tellRestart(atMs: number): Promise<void> {
    const endedMs = await lastRunEndedMs();
    if (endedMs === 0 || atMs - endedMs <= gapMs) return;
    tell('recordingGap', null, endedMs, atMs, 'Poolscope was not running, or had no pool open.');
  }

  /** All pools are sampled together, so one that was open all along stands for all. */
  function tellJump(samples: readonly PoolSample[]): void {
    const sample = samples.find(({ profileId }) => sampledAtMs.has(profileId));
    const earlierMs = sample && sampledAtMs.get(sample.profileId);
    if (sample === undefined || earlierMs === undefined) return;
    const step = sample.atMs - earlierMs;
    if (step > gapMs) {
      tell(
        'recordingGap',
        null,
        earlierMs,
        sample.atMs,
        'This computer slept, or its clock was set forward.',
      );
    } else if (step < -setBackMs) {
      const text = `The clock of this computer was set back by ${Math.round(-step / 1000)} seconds.`;
      tell('clockSetBack', null, sample.atMs, sample.atMs, text);
    }
  }

  const stops = [
    events.on('pools.changed', onPool),
    events.on('samples.tick', ({ atMs, samples }) => onTick(atMs, samples)),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}
