import type {
  DeletedHistory,
  HistoryRetention,
  HistoryStorage,
  RecordingState,
} from '#shared/contract/history-storage.ts';
import type { HistoryEvent } from '#shared/model/history-event.ts';
import type { MachineSample } from '#shared/model/machine.ts';
import type { PoolSample } from '#shared/model/pool-sample.ts';
import type { Clock } from '../../base/clock.ts';
import { EngineError } from '../../base/errors.ts';
import type { Logger } from '../../base/log.ts';
import { errorOf } from '../../base/thread-calls.ts';
import type { MachineMinute, MachineQuery } from '../database/machine-minutes.ts';
import type { PoolerPast, PoolerQuery, RecordedPoolerMinute } from '../database/pooler-minutes.ts';
import { foldedRangeOf } from '../database/reader.ts';
import type { SessionMinute } from '../database/session-minutes.ts';
import { fileBytes } from '../database/storage.ts';
import type { WriterCalls, WriterEvents } from '../database/writer.ts';
import type { DeleteRequest, HistoryStore, TimeSpan } from '../history-store.ts';
import { DatabaseThreads } from './database-threads.ts';
import { type Fault, faultOf } from './faults.ts';
import { packTick } from './pack-tick.ts';
import { RecordingQueue } from './recording-queue.ts';

export interface SqliteStoreOptions {
  file: string;
  clock: Clock;
  log: Logger;
  /** Once when recording stops, once when it goes on, and when a file was set aside. */
  notify(level: 'info' | 'warning', message: string): void;
  onRecording(state: RecordingState): void;
  onCompactProgress(progress: WriterEvents['compactProgress']): void;
  /** How long to wait before trying again to write. */
  retryMs?: number;
}

const well: RecordingState = { state: 'recording', reason: '' };

/** History in one SQLite file, written by one thread and read by another. */
export class SqliteStore implements HistoryStore {
  readonly #options: SqliteStoreOptions;
  readonly #queue: RecordingQueue;
  readonly #threads: DatabaseThreads;
  readonly #opening: Promise<void>;
  #lastAtMs: Record<string, number> = {};
  #recording: RecordingState = { state: 'opening', reason: '' };
  #closing: Promise<void> | null = null;

  constructor(options: SqliteStoreOptions) {
    const { file, clock } = options;
    this.#options = options;
    this.#threads = new DatabaseThreads({
      file,
      nowMs: () => clock.nowMs(),
      onOpened: ({ lastAtMs }) => {
        this.#lastAtMs = lastAtMs;
      },
      onEvent: (name, payload) => this.#onWriterEvent(name, payload),
      onSetAside: (aside) => this.#onSetAside(aside),
    });
    this.#queue = new RecordingQueue({
      write: async (batch) => void (await this.#threads.write((writer) => writer.call('append', batch))),
      onFailure: (error) => this.#onFailure(error),
      onRecovered: ({ waited, lost }) => this.#onRecovered(waited, lost),
    });
    this.#opening = this.#open();
  }

  get recording(): RecordingState {
    return this.#recording;
  }

  get file(): string | null {
    const { file } = this.#options;
    // A disk without room for the first page leaves a file that is there and empty; it is no damaged one.
    return this.#recording.state === 'off' || fileBytes(file) === 0 ? null : file;
  }

  opened(): Promise<void> {
    return this.#opening;
  }

  get lastRunEndedMs(): number {
    return Math.max(0, ...Object.values(this.#lastAtMs));
  }

  lastAtMs(profileId: string): number {
    return this.#lastAtMs[profileId] ?? 0;
  }

  append(atMs: number, samples: readonly PoolSample[], nameOf: (profileId: string) => string): void {
    if (this.#recording.state !== 'off') this.#queue.add(packTick(atMs, samples, nameOf));
  }

  async range(query: TimeSpan & { profileId: string; bucketMs: number }) {
    await this.#opening;
    if (this.file === null) return { bucketMs: query.bucketMs, buckets: [] };
    return foldedRangeOf(await this.#inWords(this.#threads.read((reader) => reader.call('range', query))));
  }

  async events(query: TimeSpan & { profileIds: string[] | null }): Promise<HistoryEvent[]> {
    await this.#opening;
    if (this.file === null) return [];
    return await this.#inWords(this.#threads.read((reader) => reader.call('events', query)));
  }

  async appendSessions(minute: SessionMinute): Promise<void> {
    await this.#write('appendSessions', minute);
  }

  async sessionPoints(query: TimeSpan & { profileIds: string[]; bucketMs: number }) {
    await this.#opening;
    if (this.file === null) return [];
    return await this.#inWords(this.#threads.read((reader) => reader.call('sessionPoints', query)));
  }

  async appendPooler(recorded: RecordedPoolerMinute): Promise<void> {
    await this.#write('appendPooler', recorded);
  }

  async poolerPoints(query: PoolerQuery & { beforeMs: number }): Promise<PoolerPast> {
    await this.#opening;
    if (this.file === null) return { points: [], coveredMs: 0 };
    return await this.#inWords(this.#threads.read((reader) => reader.call('poolerPoints', query)));
  }

  async appendMachine(minute: MachineMinute): Promise<void> {
    await this.#write('appendMachine', minute);
  }

  async machineSamples(query: MachineQuery): Promise<MachineSample[]> {
    await this.#opening;
    if (this.file === null) return [];
    return await this.#inWords(this.#threads.read((reader) => reader.call('machineSamples', query)));
  }

  async addEvent(event: HistoryEvent): Promise<void> {
    await this.#write('addEvent', event);
  }

  deleteNote(eventId: string): Promise<HistoryEvent | null> {
    return this.#write('deleteNote', { eventId });
  }

  async storage(): Promise<HistoryStorage> {
    return { ...(await this.#write('storage', null)), recording: this.#recording };
  }

  async setRetention(retention: HistoryRetention): Promise<HistoryStorage> {
    const nowMs = this.#options.clock.nowMs();
    return { ...(await this.#write('setRetention', { retention, nowMs })), recording: this.#recording };
  }

  deleteRange({ profileId, beforeMs, dryRun }: DeleteRequest, signal: AbortSignal): Promise<DeletedHistory> {
    const scope = {
      profileId,
      rawBeforeMs: beforeMs,
      rollupsBeforeMs: beforeMs,
      eventsBeforeMs: beforeMs,
      openToo: true,
    };
    return this.#write('deleteScope', { scope, dryRun }, signal);
  }

  compact(signal: AbortSignal): Promise<{ beforeBytes: number; afterBytes: number }> {
    return this.#write('compact', null, signal);
  }

  async flushed(): Promise<void> {
    await this.#opening;
    await this.#queue.flushed();
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #open(): Promise<void> {
    // A damaged file has been replaced when the first attempt throws; the second finds the new one.
    const attempt = () => this.#threads.write(async () => null);
    try {
      await attempt().catch((error) => {
        if (faultOf(error, this.#options.file).kind !== 'damaged') throw error;
        return attempt();
      });
      this.#setRecording(well);
      this.#queue.release(false);
    } catch (error) {
      if (this.#report(error).kind !== 'newer') this.#queue.release(true);
    }
  }

  async #close(): Promise<void> {
    await this.flushed();
    this.#queue.close();
    await this.#threads.close();
  }

  async #write<K extends keyof WriterCalls>(
    name: K,
    input: WriterCalls[K]['input'],
    signal?: AbortSignal,
  ): Promise<WriterCalls[K]['answer']> {
    await this.#opening;
    if (this.#recording.state === 'off') throw new EngineError('storage_failed', this.#recording.reason);
    const options = signal === undefined ? {} : { signal };
    return await this.#inWords(this.#threads.write((writer) => writer.call(name, input, options)));
  }

  /** Turns what SQLite says into words for users. */
  async #inWords<T>(work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (error) {
      if (error instanceof EngineError) throw error;
      this.#options.log.warn({ err: error }, 'the history could not be used');
      const { words } = faultOf(error, this.#options.file);
      throw new EngineError('storage_failed', words, {}, { cause: error });
    }
  }

  #onWriterEvent(name: string, payload: unknown): void {
    if (name === 'compactProgress')
      this.#options.onCompactProgress(payload as WriterEvents['compactProgress']);
    if (name !== 'trouble') return;
    const error = errorOf(payload as WriterEvents['trouble']);
    this.#options.log.warn({ err: error }, 'the history could not be tidied');
    // Any other fault the next tick meets as well, and then says so.
    void this.#threads.replaceIfDamaged(error).catch((cause) => this.#report(cause));
  }

  #onSetAside(aside: string): void {
    const { file, log, notify } = this.#options;
    this.#lastAtMs = {};
    log.warn({ file, aside }, 'a damaged history was set aside');
    notify('warning', `The history file was damaged. It was set aside as ${aside}, and a new one has begun.`);
  }

  #onFailure(error: unknown): { retryMs: number } | 'give up' {
    const { kind } = this.#report(error);
    if (kind === 'newer') return 'give up';
    return { retryMs: kind === 'damaged' ? 0 : (this.#options.retryMs ?? 5000) };
  }

  /** Says once that recording has stopped. A damaged file is no stop: a new one has begun. */
  #report(error: unknown): Fault {
    const { file, log, notify } = this.#options;
    const fault = faultOf(error, file);
    if (fault.kind === 'damaged' || this.#recording.state === 'stopped') return fault;
    log.warn({ err: error, fault: fault.kind }, 'recording has stopped');
    this.#setRecording({ state: fault.kind === 'newer' ? 'off' : 'stopped', reason: fault.words });
    notify('warning', fault.words);
    return fault;
  }

  #onRecovered(waited: number, lost: number): void {
    if (this.#recording.state !== 'stopped') return;
    this.#setRecording(well);
    const gap = lost === 0 ? 'nothing is missing' : `${lost} seconds are missing`;
    this.#options.notify(
      'info',
      `The history is being recorded again: ${waited} seconds had waited in memory, ${gap}.`,
    );
  }

  #setRecording(state: RecordingState): void {
    this.#recording = state;
    this.#options.onRecording(state);
  }
}
