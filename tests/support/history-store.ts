import { silentLogger } from '#engine/base/log.ts';
import type { RecordingState } from '#shared/contract/history-storage.ts';
import type { PoolSample } from '#shared/model/pool-sample.ts';
import { SqliteStore, type SqliteStoreOptions } from '../../src/main/engine/history/store/sqlite-store.ts';

/** A store on a real file, and everything it said. */
export interface StoreUnderTest {
  store: SqliteStore;
  notices: { level: string; message: string }[];
  states: RecordingState[];
  /** One tick with these samples, as the sampler brings them. */
  tick(...samples: PoolSample[]): void;
}

export function openStore(file: string, options: Partial<SqliteStoreOptions> = {}): StoreUnderTest {
  const notices: StoreUnderTest['notices'] = [];
  const states: RecordingState[] = [];
  const store = new SqliteStore({
    file,
    clock: { nowMs: () => Date.now(), monotonicMs: () => performance.now() },
    log: silentLogger(),
    notify: (level, message) => notices.push({ level, message }),
    onRecording: (state) => states.push(state),
    onCompactProgress: () => {},
    retryMs: 50,
    ...options,
  });
  const tick = (...samples: PoolSample[]) =>
    store.append(samples[0]?.atMs ?? 0, samples, (id) => `Pool ${id}`);
  return { store, notices, states, tick };
}
