import { type AlertRule, isBeyond } from '#shared/model/alert-rule.ts';
import type { Bucket } from '#shared/model/bucket.ts';
import { noFigures } from '../rules/observation.ts';
import { figuresOfMinute } from '../rules/pool-figures.ts';
import type { Player } from './player.ts';

const minuteMs = 60_000;
/** Most seconds asked for at once: enough to be quick, few enough to stop soon. */
const mostAtOnceMs = 60 * minuteMs;

/** Where recorded samples come from. */
export interface RecordedPool {
  /** Folded to `bucketMs`, or to whole minutes where nothing finer is kept. */
  range(query: { profileId: string; fromMs: number; toMs: number; bucketMs: number }): Promise<{
    bucketMs: number;
    buckets: Bucket[];
  }>;
}

export interface Stretch {
  fromMs: number;
  toMs: number;
}

/** Whether any second within a minute may have met the condition of a rule, or hidden that it did. */
export function mayFire(rules: readonly AlertRule[], minute: Bucket): boolean {
  const highest = noFigures();
  figuresOfMinute(minute, 'highest', highest);
  return rules.some(({ kind, clearThreshold }) => {
    const value = highest[kind];
    return value !== null && isBeyond(kind, value, clearThreshold);
  });
}

/**
 * Minutes that need their seconds: those that may fire, and their neighbours, for what looks back
 * over seconds and for the second in which it ends. Runs of them, each at most an hour.
 */
export function busyStretches(rules: readonly AlertRule[], minutes: readonly Bucket[]): Stretch[] {
  const stretches: Stretch[] = [];
  for (const minute of minutes) {
    if (!mayFire(rules, minute)) continue;
    const fromMs = minute.startMs - minuteMs;
    const toMs = minute.startMs + 2 * minuteMs;
    const last = stretches.at(-1);
    if (last !== undefined && fromMs <= last.toMs && toMs - last.fromMs <= mostAtOnceMs) last.toMs = toMs;
    else stretches.push({ fromMs: Math.max(fromMs, last?.toMs ?? fromMs), toMs });
  }
  return stretches;
}

/** What a minute tells when its seconds are kept no longer. */
function observeMinute(player: Player, minute: Bucket): void {
  const figures = noFigures();
  figuresOfMinute(minute, 'lasting', figures);
  const highest = noFigures();
  figuresOfMinute(minute, 'highest', highest);
  for (const { kind, forMs } of player.rules) {
    // A single second was enough: its peak tells exactly that there was one.
    if (forMs === 0 && (kind === 'pending' || kind === 'utilization')) figures[kind] = highest[kind];
  }
  player.observeFigures(figures, timeOf(minute), minute.coveredMs);
}

/** A minute of which it is certain that nothing fires. */
function observeCalm(player: Player, minute: Bucket): void {
  const figures = noFigures();
  figuresOfMinute(minute, 'highest', figures);
  player.observeFigures(figures, timeOf(minute), minute.coveredMs);
}

const timeOf = (minute: Bucket) => ({ atMs: minute.startMs + minuteMs, spanMs: minuteMs });

/** Plays one stretch of a pool's past: minutes where that decides, seconds elsewhere. */
export async function replayPool(
  player: Player,
  source: RecordedPool,
  stretch: Stretch,
  signal: AbortSignal,
): Promise<void> {
  const { profileId, rules, log } = player;
  const { buckets: minutes } = await source.range({ profileId, ...stretch, bucketMs: minuteMs });
  let next = 0;
  const minutesBefore = (endMs: number, observe: (minute: Bucket) => void) => {
    for (; (minutes[next]?.startMs ?? Number.POSITIVE_INFINITY) < endMs; next += 1) {
      observe(minutes[next] as Bucket);
    }
  };
  for (const { fromMs, toMs } of busyStretches(rules, minutes)) {
    signal.throwIfAborted();
    minutesBefore(fromMs, (minute) => observeCalm(player, minute));
    const range = { fromMs: Math.max(fromMs, stretch.fromMs), toMs: Math.min(toMs, stretch.toMs) };
    const fine = await source.range({ profileId, ...range, bucketMs: 1000 });
    if (fine.bucketMs > 1000) {
      log.isExact = false;
      minutesBefore(toMs, (minute) => observeMinute(player, minute));
      continue;
    }
    for (const second of fine.buckets) {
      player.observe({ atMs: second.lastAtMs, spanMs: 1000, pool: second }, second.coveredMs);
    }
    minutesBefore(toMs, () => {});
  }
  minutesBefore(Number.MAX_VALUE, (minute) => observeCalm(player, minute));
}
