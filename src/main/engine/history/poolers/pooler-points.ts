import type { PoolerTick } from '#shared/model/pooler.ts';
import { mergePerBucket, type PoolerPoint, pointOf } from '#shared/model/pooler-point.ts';
import type { Logger } from '../../base/log.ts';
import type { PoolerQuery } from '../database/pooler-minutes.ts';
import type { HistoryStore } from '../history-store.ts';
import { MinuteQueue } from '../minute-queue.ts';
import { MinuteFold, minuteOf, type PoolerMinute, pointIn } from './minute.ts';
import { forgetOld } from './remembered.ts';

/** A hair back is no clock that was set. */
const clockStepMs = 5000;
const rememberedMs = 15 * 60_000;
interface Deps {
  store: Pick<HistoryStore, 'appendPooler' | 'poolerPoints'>;
  nameOf(profileId: string): string;
  log: Logger;
}

interface Remembered {
  /** Every sample of the last quarter of an hour, oldest first. */
  ticks: PoolerTick[];
  /** The minute that goes on; lost in a crash. */
  open: MinuteFold | null;
  unwritten: MinuteQueue<PoolerMinute>;
}

/** What poolers did: the last quarter of an hour as sampled, older from disk by the minute. */
export class PoolerPoints {
  readonly #deps: Deps;
  readonly #consoles = new Map<string, Remembered>();

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  record(tick: PoolerTick): void {
    const { profileId, atMs } = tick;
    const console = this.#consoles.get(profileId) ?? this.#newConsole(profileId);
    this.#consoles.set(profileId, console);
    // The clock was set back: what was sampled "later" is on disk, and would stand in the way here.
    if (atMs < (console.ticks.at(-1)?.atMs ?? 0) - clockStepMs) console.ticks = [];
    console.ticks.push(tick);
    forgetOld(console.ticks, atMs - rememberedMs);
    if (console.open !== null && console.open.minute === minuteOf(atMs)) {
      console.open.add(tick);
      return;
    }
    seal(console);
    console.open = new MinuteFold(tick);
  }

  /**
   * From disk up to the first sample that memory has, from memory after that: no seam, no double point.
   * @returns `lastAtMs`: the newest sample in it; live ones go on after that. 0 for none.
   * @throws EngineError `storage_failed`
   */
  async range(query: PoolerQuery): Promise<{ points: PoolerPoint[]; lastAtMs: number }> {
    const { profileId, scope, fromMs, toMs, bucketMs } = query;
    const console = this.#consoles.get(profileId);
    const within = ({ atMs }: { atMs: number }) => atMs >= fromMs && atMs < toMs;
    // As they are now: what comes while the disk is read follows live.
    const ticks = [...(console?.ticks ?? [])];
    const open = console?.open?.taken();
    const pending = [...(console?.unwritten.waiting ?? []), ...(open === undefined ? [] : [open])];
    const memoryFromMs = ticks[0]?.atMs ?? Number.MAX_SAFE_INTEGER;
    // Memory of a pooler with very many pools may not reach back as far as what waits to be written.
    const waiting = pending.filter(({ total }) => total.fromMs < memoryFromMs);
    const beforeMs = Math.min(memoryFromMs, waiting[0]?.total.fromMs ?? memoryFromMs);
    const old = await this.#deps.store.poolerPoints({ ...query, beforeMs });
    const kept = waiting.flatMap((minute) => pointIn(minute, scope) ?? []).filter(within);
    // The minute that memory begins in the middle of was taken whole.
    const knownMs = Math.max(old.coveredMs, ...waiting.map(({ total }) => total.atMs));
    const recent = ticks.filter((tick) => tick.atMs > knownMs && within(tick));
    const points = [...old.points, ...kept, ...recent.map((tick) => pointOf(tick, scope))];
    return { points: mergePerBucket(points, bucketMs), lastAtMs: ticks.at(-1)?.atMs ?? 0 };
  }

  forget(profileId: string | null, beforeMs: number | null): void {
    const keeps = ({ atMs }: { atMs: number }) => beforeMs !== null && atMs >= beforeMs;
    for (const [id, console] of this.#consoles) {
      if (profileId !== null && id !== profileId) continue;
      console.ticks = console.ticks.filter(keeps);
      console.unwritten.change((minute) => (keeps(minute.total) ? minute : null));
      if (console.open !== null && !keeps(console.open)) console.open = null;
    }
  }

  /** Writes what waits. Never rejects. */
  async flush(): Promise<void> {
    const consoles = [...this.#consoles.values()];
    for (const console of consoles) {
      seal(console);
      console.open = null;
    }
    await Promise.all(consoles.map(({ unwritten }) => unwritten.written()));
  }

  #newConsole(profileId: string): Remembered {
    const { store, nameOf, log } = this.#deps;
    const unwritten = new MinuteQueue<PoolerMinute>({
      write: (minute) => store.appendPooler({ profileId, name: nameOf(profileId), minute }),
      onFailure: (error) => log.warn({ err: error }, 'a minute of a pooler was not recorded yet'),
    });
    return { ticks: [], open: null, unwritten };
  }
}

function seal(console: Remembered): void {
  if (console.open !== null) console.unwritten.add(console.open.taken());
}
