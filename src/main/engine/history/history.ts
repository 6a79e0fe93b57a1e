import { randomUUID } from 'node:crypto';
import path from 'node:path';
import type { AppNotice } from '#shared/contract/app.ts';
import type { Handlers } from '#shared/contract/define.ts';
import type { HistoryRange, historyRoutes } from '#shared/contract/history.ts';
import { foldBucket } from '#shared/model/bucket.ts';
import type { HistoryEvent } from '#shared/model/history-event.ts';
import type { Clock } from '../base/clock.ts';
import { EngineError } from '../base/errors.ts';
import type { EventBus } from '../base/event-bus.ts';
import type { Logger } from '../base/log.ts';
import type { EnginePorts } from '../ports.ts';
import { BundleShelf } from './bundle/bundle-shelf.ts';
import { bundleExtension, bundleLimits } from './bundle/manifest.ts';
import type { HistoryStore } from './history-store.ts';
import { MachineHistory } from './machine/machine-history.ts';
import { createMemoryHistory, type MemoryHistory } from './memory-history.ts';
import { PoolerPoints } from './poolers/pooler-points.ts';
import { SessionPoints } from './session-points.ts';
import { SqliteStore } from './store/sqlite-store.ts';
import { recordTimeline } from './timeline.ts';

export interface History {
  handlers: Handlers<typeof historyRoutes>;
  /** The last hour. */
  memory: MemoryHistory;
  /** Everything older. */
  store: HistoryStore;
  /** Servers' sessions in brief, over restarts. */
  sessions: SessionPoints;
  /** Poolers' pools in brief, over restarts. */
  poolers: PoolerPoints;
  /** This machine, over restarts. */
  machine: MachineHistory;
  /** As `history.range` answers, of any length. @throws EngineError `storage_failed` */
  range(query: RangeQuery): Promise<HistoryRange>;
  /** Puts an event on the timeline; never throws. */
  record(event: HistoryEvent): void;
  /** Writes what waits to be written. */
  close(): Promise<void>;
}

interface HistoryDeps {
  events: EventBus;
  clock: Clock;
  log: Logger;
  dataFolder: string;
  notify(level: AppNotice['level'], message: string): void;
  /** What a profile is called; its id when it is gone. */
  nameOf(profileId: string): string;
  openFile: EnginePorts['openFile'];
}

/** More than happens of itself in the hour that samples are kept for. */
const mostUnwritten = 1000;

type RangeQuery = Omit<HistoryRange, 'buckets' | 'lastAtMs'> & { fromMs: number; toMs: number };

/** Remembers what every pool did: the last hour in memory, everything on disk, as one history. */
export function createHistory(deps: HistoryDeps): History {
  const { events, clock, log, notify, nameOf } = deps;
  /** Happened while nothing could be written; kept, as the samples of that time are. */
  const unwritten: HistoryEvent[] = [];
  const store: HistoryStore = new SqliteStore({
    file: path.join(deps.dataFolder, 'history.db'),
    clock,
    log,
    notify,
    onRecording(state) {
      events.emit('history.recordingChanged', state);
      if (state.state === 'recording') for (const event of unwritten.splice(0)) void keep(event);
    },
    onCompactProgress: (progress) => events.emit('history.compactProgress', progress),
  });
  const memory = createMemoryHistory({ events, lastAtMs: (profileId) => store.lastAtMs(profileId) });
  const sessions = new SessionPoints({ store, nameOf, log });
  const poolers = new PoolerPoints({ store, nameOf, log });
  const machine = new MachineHistory({ store, log });
  const record = (event: HistoryEvent): void => {
    events.emit('history.eventAdded', event);
    void keep(event);
  };
  const shelf = new BundleShelf(deps.dataFolder);
  const opened = store.opened().then(() => memory.learnDisk((profileId) => store.lastAtMs(profileId)));
  const clearShelf = () =>
    shelf.closeAll().catch((error) => log.warn({ err: error }, 'opened bundles were not cleared away'));
  const cleared = clearShelf();

  async function keep(event: HistoryEvent): Promise<void> {
    try {
      await store.addEvent(event);
    } catch (error) {
      log.warn({ err: error }, 'an event was not recorded yet');
      unwritten.push(event);
      if (unwritten.length > mostUnwritten) unwritten.shift();
    }
  }

  const stops = [
    events.on('pgbouncer.tick', (tick) => poolers.record(tick)),
    events.on('samples.tick', ({ atMs, samples }) => store.append(atMs, samples, nameOf)),
    recordTimeline({
      events,
      nowMs: () => clock.nowMs(),
      lastRunEndedMs: async () => {
        await store.opened();
        return store.lastRunEndedMs;
      },
      add: record,
    }),
  ];

  /** From the disk up to where memory is complete, from memory after that: no seam, no double point. */
  async function range({ profileId, fromMs, toMs, bucketMs }: RangeQuery): Promise<HistoryRange> {
    for (;;) {
      const splitMs = memory.completeFromMs(profileId);
      if (fromMs >= splitMs) {
        const buckets = memory.foldRange(profileId, fromMs, toMs, bucketMs);
        return { profileId, bucketMs, buckets, lastAtMs: buckets.at(-1)?.lastAtMs ?? 0 };
      }
      const old = await store.range({ profileId, bucketMs, fromMs, toMs: Math.min(toMs, splitMs) });
      // Memory let go of its oldest minutes meanwhile, or was told what is on disk.
      if (memory.completeFromMs(profileId) !== splitMs) continue;
      const buckets = [...old.buckets];
      const recent = toMs > splitMs ? memory.foldRange(profileId, splitMs, toMs, old.bucketMs) : [];
      for (const bucket of recent) foldBucket(buckets, bucket, old.bucketMs);
      const lastAtMs = buckets.reduce((latest, bucket) => Math.max(latest, bucket.lastAtMs), 0);
      return { profileId, bucketMs: old.bucketMs, buckets, lastAtMs };
    }
  }

  return {
    memory,
    store,
    sessions,
    poolers,
    machine,
    range,
    record,
    async close() {
      for (const stop of stops) stop();
      memory.close();
      await Promise.all([opened, cleared, sessions.flush(), poolers.flush(), machine.flush()]);
      await Promise.all([store.close(), clearShelf()]);
    },
    handlers: {
      async 'history.range'({ bundleId, ...query }) {
        if (bundleId === undefined) return await range(query);
        const { bucketMs, buckets } = await shelf.get(bundleId).range(query);
        return { profileId: query.profileId, bucketMs, buckets, lastAtMs: buckets.at(-1)?.lastAtMs ?? 0 };
      },
      async 'history.events'({ bundleId, profileId, fromMs, toMs }) {
        const source = bundleId === undefined ? store : shelf.get(bundleId);
        return await source.events({ profileIds: profileId === null ? null : [profileId], fromMs, toMs });
      },
      async 'history.addNote'(note) {
        const event: HistoryEvent = { eventId: randomUUID(), kind: 'note', ...note };
        await store.addEvent(event);
        events.emit('history.eventAdded', event);
        return event;
      },
      async 'history.deleteNote'({ eventId }) {
        const note = await store.deleteNote(eventId);
        if (note === null) throw new EngineError('not_found', 'That note is not there any more.');
        events.emit('history.eventDeleted', { eventId });
        return note;
      },
      'history.storage': () => store.storage(),
      'history.setRetention': (retention) => store.setRetention(retention),
      async 'history.deleteRange'(request, { signal }) {
        await store.flushed();
        const deleted = await store.deleteRange(request, signal);
        // Not before: when the disk cannot be written, memory may hold what nothing else does.
        if (!request.dryRun) {
          memory.forget(request.profileId, request.beforeMs);
          sessions.forget(request.profileId, request.beforeMs);
          poolers.forget(request.profileId, request.beforeMs);
          machine.forget(request.profileId, request.beforeMs);
        }
        return deleted;
      },
      'history.compact': (_input, { signal }) => store.compact(signal),
      async 'history.openBundle'(_input, { callerId, signal }) {
        await cleared;
        return await deps.openFile({
          callerId,
          title: 'Open an incident bundle',
          kind: { name: 'Incident bundle of Poolscope', extension: bundleExtension },
          maxBytes: bundleLimits.fileBytes,
          signal,
          receive: (file, receiving) => shelf.open(file, receiving),
        });
      },
      async 'history.closeBundle'({ bundleId }) {
        await shelf.close(bundleId);
        return { bundleId };
      },
    },
  };
}
