/** What the history takes up, and what it will. Sizes are bytes on disk. */
export interface HistoryStorage {
  file: string;
  recording: RecordingState;
  /** The database with its write-ahead log. */
  usedBytes: number;
  /** Part of `usedBytes` that holds nothing; filled again by itself, or given back by `history.compact`. */
  freeBytes: number;
  /** Null when nothing is recorded. */
  oldestAtMs: number | null;
  /** Every connection that has history, deleted ones included; largest first. */
  profiles: ProfileStorage[];
  /** What a day adds, by the last day recorded. */
  bytesPerDay: number;
  /** What it will come to at that rate, once the oldest are deleted as fast as new ones come. */
  projectedBytes: number;
  retention: HistoryRetention;
}

export interface ProfileStorage {
  profileId: string;
  /** As it was last called. */
  name: string;
  bytes: number;
  samples: number;
  oldestAtMs: number | null;
  newestAtMs: number | null;
}

export interface HistoryRetention {
  /** Days for which every second is kept. */
  rawDays: number;
  /** Days for which every minute is kept. */
  rollupDays: number;
}

/** `stopped` mends itself; `off` needs the user (the file belongs to a newer Poolscope). */
export interface RecordingState {
  state: 'opening' | 'recording' | 'stopped' | 'off';
  /** One plain sentence; empty while all is well. */
  reason: string;
}

/** What a deletion took, or would take. */
export interface DeletedHistory {
  dryRun: boolean;
  samples: number;
  /** One-minute rollups. */
  rollups: number;
  events: number;
  bytes: number;
}
