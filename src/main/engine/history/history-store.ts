import type {
  DeletedHistory,
  HistoryRetention,
  HistoryStorage,
  RecordingState,
} from '#shared/contract/history-storage.ts';
import type { Bucket } from '#shared/model/bucket.ts';
import type { HistoryEvent } from '#shared/model/history-event.ts';
import type { MachineSample } from '#shared/model/machine.ts';
import type { PoolSample } from '#shared/model/pool-sample.ts';
import type { SessionsPoint } from '#shared/model/sessions/point.ts';
import type { MachineMinute, MachineQuery } from './database/machine-minutes.ts';
import type { PoolerPast, PoolerQuery, RecordedPoolerMinute } from './database/pooler-minutes.ts';
import type { SessionMinute } from './database/session-minutes.ts';

export interface TimeSpan {
  fromMs: number;
  toMs: number;
}

/** Which history a deletion concerns; null means all connections, any age. */
export interface DeleteRequest {
  profileId: string | null;
  beforeMs: number | null;
  dryRun: boolean;
}

/** Where queries go: this machine's own history, or an incident bundle. */
export interface HistorySource {
  /**
   * Samples that ended in the span, folded. The answer's `bucketMs` is the one asked for, or whole
   * minutes where only rollups are.
   */
  range(
    query: TimeSpan & { profileId: string; bucketMs: number },
  ): Promise<{ bucketMs: number; buckets: Bucket[] }>;
  /** Events that touch the span: of these pools and of Poolscope itself; of all pools for null. */
  events(query: TimeSpan & { profileIds: string[] | null }): Promise<HistoryEvent[]>;
}

/**
 * History that outlives the process. Recording never throws and never waits: what cannot be written
 * now is kept for an hour and written when it can be. The rest throws EngineError
 * `storage_failed` while the store is out of order, and `cancelled`.
 */
export interface HistoryStore extends HistorySource {
  readonly recording: RecordingState;
  /** The file, for readers that bring their own thread; null when there is none to read. */
  readonly file: string | null;
  /** Settles when the store has opened, or has found that it cannot. Never rejects. */
  opened(): Promise<void>;
  /** The newest sample of all when the store was opened; 0 when none. */
  readonly lastRunEndedMs: number;
  /** The newest sample on disk of a connection when the store was opened; 0 when none. */
  lastAtMs(profileId: string): number;
  /** @param nameOf what a connection is called now */
  append(atMs: number, samples: readonly PoolSample[], nameOf: (profileId: string) => string): void;
  /** Points of at most a minute. @param name what the connection is called now */
  appendSessions(minute: SessionMinute): Promise<void>;
  /** Of these connections together, at most one point per bucket (`peakPerBucket`). */
  sessionPoints(query: TimeSpan & { profileIds: string[]; bucketMs: number }): Promise<SessionsPoint[]>;
  appendPooler(recorded: RecordedPoolerMinute): Promise<void>;
  /** Of minutes that began before `beforeMs`, at most one point per bucket (`mergePerBucket`). */
  poolerPoints(query: PoolerQuery & { beforeMs: number }): Promise<PoolerPast>;
  appendMachine(minute: MachineMinute): Promise<void>;
  /** Of minutes that began before `beforeMs`, at most one sample per bucket. */
  machineSamples(query: MachineQuery): Promise<MachineSample[]>;
  addEvent(event: HistoryEvent): Promise<void>;
  /** Null when there is no such note. */
  deleteNote(eventId: string): Promise<HistoryEvent | null>;
  storage(): Promise<HistoryStorage>;
  setRetention(retention: HistoryRetention): Promise<HistoryStorage>;
  deleteRange(request: DeleteRequest, signal: AbortSignal): Promise<DeletedHistory>;
  compact(signal: AbortSignal): Promise<{ beforeBytes: number; afterBytes: number }>;
  /** Settles when everything appended so far is on disk, or cannot be now. */
  flushed(): Promise<void>;
  /** Writes what waits and ends the threads. Idempotent. */
  close(): Promise<void>;
}
