import type { Handlers } from '#shared/contract/define.ts';
import type { ErrorPayload } from '#shared/contract/errors.ts';
import type { sessionsRoutes } from '#shared/contract/sessions.ts';
import type { HistoryEvent } from '#shared/model/history-event.ts';
import type { ProfileDraft } from '#shared/model/profile.ts';
import type { SessionsPoint } from '#shared/model/sessions/point.ts';
import type { Clock } from '../base/clock.ts';
import type { EventBus } from '../base/event-bus.ts';
import type { Logger } from '../base/log.ts';
import { SessionActions } from './actions/session-actions.ts';
import { queryText } from './query-text.ts';
import type { ConnectConfig } from './server/monitor-connection.ts';
import type { Reading } from './server/sampler.ts';
import { readSettings, writeSettings } from './settings-file.ts';
import { Watchers } from './watch/watchers.ts';

export interface SessionsDeps {
  events: EventBus;
  log: Logger;
  clock: Clock;
  dataFolder: string;
  listProfiles(): { profileId: string }[];
  /** @throws EngineError `not_found` */
  getProfile(profileId: string): ProfileDraft;
  /** Where to connect and how to log in, as it stands now. */
  connectionConfig(profileId: string, signal: AbortSignal): Promise<ConnectConfig>;
  history: {
    sessions: {
      record(profileId: string, point: SessionsPoint): void;
      range(query: {
        profileIds: string[];
        fromMs: number;
        toMs: number;
        bucketMs: number;
      }): Promise<SessionsPoint[]>;
    };
    record(event: HistoryEvent): void;
  };
}

/** What the sessions of servers do, seen over one extra connection per server. */
export interface Sessions {
  handlers: Handlers<typeof sessionsRoutes>;
  /** The newest reading of the profile's server, of whatever age (`atMs`); null before the first. */
  latest(profileId: string): Reading | null;
  /**
   * A reading of now, for whoever asks again and again; a server that refused the watcher is not asked
   * before its next attempt is due. Never rejects for what the server does: `error` tells.
   * @throws EngineError `not_found` for a profile that is gone
   */
  read(profileId: string): Promise<{
    reading: Reading | null;
    error: ErrorPayload | null;
    /** A pooler answers at that address. */
    behindPooler: boolean;
  }>;
  /** Whether the profile's server shows all of its sessions; null while that is not found out. */
  seesAll(profileId: string): boolean | null;
  /** Keeps the profile's server sampled at the live pace until the function returned is called. */
  look(profileId: string): () => void;
  /** Hears every reading of every server, with the profiles that point to it. Returns unsubscribe. */
  onReading(listener: (reading: Reading, profileIds: string[]) => void): () => void;
  /** Whether servers of open pools are sampled while no one looks. */
  readonly background: boolean;
  /** Recorded points of the profile's server, at most one per bucket. @throws EngineError `storage_failed` */
  past(query: {
    profileId: string;
    fromMs: number;
    toMs: number;
    bucketMs: number;
  }): Promise<SessionsPoint[]>;
  /** Profiles that point to an address: where a pooler's server connections lead. */
  profilesAt(host: string, port: number): string[];
  profileChanged(change: { kind: string; profile: { profileId: string } }): Promise<void>;
  /** Ends every connection. Nothing opens after this. */
  close(): Promise<void>;
}

/** Until the caller goes away, or the work is over. */
function untilAborted(signal: AbortSignal, ended: Promise<void>): Promise<void> {
  const aborted = Promise.withResolvers<void>();
  if (signal.aborted) return Promise.resolve();
  signal.addEventListener('abort', () => aborted.resolve(), { once: true });
  return Promise.race([aborted.promise, ended]);
}

export async function createSessions(deps: SessionsDeps): Promise<Sessions> {
  const { events, log, clock, dataFolder, history, getProfile } = deps;
  let settings = await readSettings(dataFolder);
  const openPools = new Set<string>();
  /** The list may hold one a while longer. */
  const deleted = new Set<string>();
  const listeners = new Set<(reading: Reading, profileIds: string[]) => void>();
  /** Ends what is held open for a profile. */
  const endings = new Map<string, PromiseWithResolvers<void>>();

  const watchers: Watchers = new Watchers({
    clock,
    log,
    settings: () => settings,
    listProfiles: () => deps.listProfiles().filter(({ profileId }) => !deleted.has(profileId)),
    getProfile,
    isPoolOpen: (profileId) => openPools.has(profileId),
    connectConfig: deps.connectionConfig,
    onStatus: (status) => events.emit('sessions.status', status),
    onReading({ reading, sample, serverId, profileIds, viaProfileId }) {
      history.sessions.record(viaProfileId, reading.point);
      if (sample !== null) events.emit('sessions.sample', sample);
      events.emit('sessions.point', { serverId, profileIds, point: reading.point });
      for (const listener of listeners) listener(reading, profileIds);
    },
  });

  const stopHearing = events.on('pools.changed', ({ profileId, state, target }) => {
    // A pooler's console has clients and server connections, no sessions of its own.
    const isOpen = state === 'open' && target !== 'console';
    if (isOpen === openPools.has(profileId)) return;
    if (isOpen) openPools.add(profileId);
    else openPools.delete(profileId);
    watchers.update();
  });

  const actions = new SessionActions({
    clock,
    log,
    getProfile,
    withLink: (profileId, work) => watchers.of(profileId).withLink(profileId, work),
    record: history.record,
    onProgress: (progress) => events.emit('sessions.actionProgress', progress),
  });

  const endingOf = (profileId: string): Promise<void> => {
    const ending = endings.get(profileId) ?? Promise.withResolvers<void>();
    endings.set(profileId, ending);
    return ending.promise;
  };

  return {
    latest: (profileId) => watchers.latest(profileId),
    async read(profileId) {
      watchers.lookForAWhile(profileId);
      const watcher = watchers.of(profileId);
      if (watcher.status().error === null) await watcher.sampleNow();
      // What was found there may have put another watcher in its place.
      const present = watchers.of(profileId);
      if (present !== watcher) await present.sampleNow();
      const { error, server } = present.status();
      return { reading: present.latest, error, behindPooler: server?.behindPooler ?? false };
    },
    seesAll: (profileId) => watchers.seesAll(profileId),
    look: (profileId) => watchers.look(profileId),
    onReading(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    get background() {
      return settings.background;
    },
    past: ({ profileId, ...range }) =>
      history.sessions.range({
        profileIds: watchers.profilesOf(watchers.serverIdOf(profileId)),
        ...range,
      }),
    profilesAt: (host, port) => watchers.profilesAt(host, port),

    async profileChanged({ kind, profile: { profileId } }) {
      if (kind !== 'deleted') deleted.delete(profileId);
      else {
        deleted.add(profileId);
        openPools.delete(profileId);
        endings.get(profileId)?.resolve();
        endings.delete(profileId);
      }
      await watchers.profileChanged(profileId);
    },

    async close() {
      stopHearing();
      for (const ending of endings.values()) ending.resolve();
      await watchers.close();
    },

    handlers: {
      async 'sessions.watch'({ profileId }, { signal }) {
        const serverId = watchers.serverIdOf(profileId);
        const stop = watchers.look(profileId);
        try {
          await untilAborted(signal, endingOf(profileId));
        } finally {
          stop();
        }
        return { serverId };
      },
      'sessions.status': ({ profileId }) => watchers.of(profileId).status(),
      'sessions.snapshot': ({ profileId }) => watchers.of(profileId).snapshot(),
      async 'sessions.refresh'({ profileId }) {
        const stop = watchers.look(profileId);
        try {
          const watcher = watchers.of(profileId);
          await watcher.sampleNow();
          // What was found there may have put another watcher in its place.
          const present = watchers.of(profileId);
          if (present !== watcher) await present.sampleNow();
          return present.status();
        } finally {
          stop();
        }
      },
      async 'sessions.history'({ profileId, fromMs, toMs, bucketMs }) {
        const serverId = watchers.serverIdOf(profileId);
        const profileIds = watchers.profilesOf(serverId);
        const points = await history.sessions.range({ profileIds, fromMs, toMs, bucketMs });
        return { serverId, bucketMs, points };
      },
      'sessions.queryText': ({ profileId, session }) =>
        watchers.of(profileId).withLink(null, (link) => queryText(link, session)),
      'sessions.previewAction': ({ profileId, action, target }) => actions.preview(profileId, action, target),
      async 'sessions.act'(input, { signal }) {
        // Found before: the profile may be deleted by the time that the report of what was done is here.
        const watcher = watchers.of(input.profileId);
        const report = await actions.act(input, signal);
        // What it did is on screen at once.
        void watcher.sampleNow();
        return report;
      },
      'sessions.settings': () => settings,
      async 'sessions.setSettings'(wanted) {
        await writeSettings(dataFolder, wanted);
        settings = wanted;
        watchers.reschedule();
        events.emit('sessions.settingsChanged', settings);
        return settings;
      },
    },
  };
}
