import { type MachineSample, machineSeriesId } from '#shared/model/machine.ts';
import { foldPerBucket } from '#shared/model/machine-fold.ts';
import type { Logger } from '../../base/log.ts';
import type { MachineMinute } from '../database/machine-minutes.ts';
import type { HistoryStore, TimeSpan } from '../history-store.ts';
import { MinuteQueue } from '../minute-queue.ts';

const minuteMs = 60_000;
const rememberedMs = 60 * minuteMs;
const minuteOf = (atMs: number) => Math.floor(atMs / minuteMs);

interface Deps {
  store: Pick<HistoryStore, 'appendMachine' | 'machineSamples'>;
  log: Logger;
}

/** What this machine did: the last hour in memory, older from disk. */
export class MachineHistory {
  readonly #store: Deps['store'];
  readonly #unwritten: MinuteQueue<MachineMinute>;
  /** Whole minutes, the one that goes on included; oldest first. */
  #recent: MachineSample[] = [];
  /** The minute that goes on; lost in a crash. */
  #open: MachineSample[] = [];

  constructor({ store, log }: Deps) {
    this.#store = store;
    this.#unwritten = new MinuteQueue({
      write: (minute) => store.appendMachine(minute),
      onFailure: (error) => log.warn({ err: error }, 'a minute of this machine was not recorded yet'),
    });
  }

  record(sample: MachineSample): void {
    const newest = this.#recent.at(-1);
    // The clock was set back: what was sampled "later" is on disk, and would stand in the way here.
    if (newest !== undefined && sample.atMs <= newest.atMs)
      this.#recent = this.#recent.filter(({ atMs }) => atMs < sample.atMs);
    this.#recent.push(sample);
    const keptFrom = minuteOf(sample.atMs - rememberedMs);
    while (this.#recent[0] !== undefined && minuteOf(this.#recent[0].atMs) < keptFrom) this.#recent.shift();
    const open = this.#open[0];
    if (open !== undefined && minuteOf(open.atMs) !== minuteOf(sample.atMs)) this.#seal();
    this.#open.push(sample);
  }

  /**
   * At most one sample per bucket, oldest first: from disk up to the first sample that memory has, from
   * memory after that. @throws EngineError `storage_failed`
   */
  async range({ fromMs, toMs, bucketMs }: TimeSpan & { bucketMs: number }): Promise<MachineSample[]> {
    const within = ({ atMs }: MachineSample) => atMs >= fromMs && atMs < toMs;
    // As they are now: what comes while the disk is read follows live.
    const recent = [...this.#recent];
    const memoryFromMs = recent[0]?.atMs ?? Number.MAX_SAFE_INTEGER;
    const waiting = this.#unwritten.waiting.flat().filter(({ atMs }) => atMs < memoryFromMs);
    const beforeMs = Math.min(memoryFromMs, waiting[0]?.atMs ?? memoryFromMs);
    const old =
      fromMs >= beforeMs ? [] : await this.#store.machineSamples({ fromMs, toMs, bucketMs, beforeMs });
    return foldPerBucket([...old, ...[...waiting, ...recent].filter(within)], bucketMs);
  }

  forget(profileId: string | null, beforeMs: number | null): void {
    if (profileId !== null && profileId !== machineSeriesId) return;
    const keeps = ({ atMs }: MachineSample) => beforeMs !== null && atMs >= beforeMs;
    this.#recent = this.#recent.filter(keeps);
    this.#open = this.#open.filter(keeps);
    this.#unwritten.change((minute) => wholeMinute(minute.filter(keeps)));
  }

  /** Writes what waits. Never rejects. */
  async flush(): Promise<void> {
    this.#seal();
    await this.#unwritten.written();
  }

  #seal(): void {
    const minute = wholeMinute(this.#open);
    this.#open = [];
    if (minute !== null) this.#unwritten.add(minute);
  }
}

function wholeMinute([first, ...rest]: MachineSample[]): MachineMinute | null {
  return first === undefined ? null : [first, ...rest];
}
