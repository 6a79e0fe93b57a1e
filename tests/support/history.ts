import { createEventBus, type EventBus } from '#engine/base/event-bus.ts';
import { silentLogger } from '#engine/base/log.ts';
import { createHistory, type History } from '#engine/history/index.ts';
import type { OpenOutcome, OpenRequest } from '#engine/ports.ts';
import type { CallContext } from '#shared/contract/define.ts';
import type { EngineEvents, EventName } from '#shared/contract/events.ts';
import type { PoolSample } from '#shared/model/pool-sample.ts';

/** The history room on a real folder, fed by ticks of a clock the test owns. */
export interface HistoryUnderTest {
  history: History;
  events: EventBus;
  notices: { level: string; message: string }[];
  context: CallContext;
  /** What the user picks when asked for a file; null dismisses. */
  pick(file: string | null): void;
  setNow(atMs: number): void;
  /** One tick with these samples, as the sampler brings them. */
  tick(...samples: PoolSample[]): void;
  heard<E extends EventName>(event: E): EngineEvents[E][];
}

export function openHistory(dataFolder: string, nowMs = Date.now()): HistoryUnderTest {
  const events = createEventBus((error) => {
    throw error;
  });
  const notices: HistoryUnderTest['notices'] = [];
  const all: [EventName, unknown][] = [];
  events.onAny((event, payload) => all.push([event, payload]));
  let now = nowMs;
  let picked: string | null = null;
  const history = createHistory({
    events,
    clock: { nowMs: () => now, monotonicMs: () => performance.now() },
    log: silentLogger(),
    dataFolder,
    notify: (level, message) => notices.push({ level, message }),
    nameOf: (profileId) => `Pool ${profileId}`,
    async openFile<T>(request: OpenRequest<T>): Promise<OpenOutcome<T>> {
      if (picked === null) return { kind: 'cancelled' };
      const file = { path: picked, fileName: 'picked.poolscope' };
      return { kind: 'opened', value: await request.receive(file, request.signal) };
    },
  });
  return {
    history,
    events,
    notices,
    context: { callerId: 'test', signal: new AbortController().signal },
    pick(file) {
      picked = file;
    },
    setNow(atMs) {
      now = atMs;
    },
    tick: (...samples) => events.emit('samples.tick', { atMs: samples[0]?.atMs ?? 0, samples }),
    heard: <E extends EventName>(event: E) =>
      all.filter(([name]) => name === event).map(([, payload]) => payload as EngineEvents[E]),
  };
}
