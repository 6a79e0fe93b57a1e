import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import type { AppNotice } from '#shared/contract/app.ts';
import type { Handlers } from '#shared/contract/define.ts';
import type { pgbouncerRoutes } from '#shared/contract/pgbouncer.ts';
import type { RouteInput } from '#shared/contract/routes.ts';
import type { HealthReport } from '#shared/model/health.ts';
import type { HistoryEvent } from '#shared/model/history-event.ts';
import type { PoolerPoint } from '#shared/model/pooler-point.ts';
import type { ProfileDraft } from '#shared/model/profile.ts';
import type { Clock } from '../base/clock.ts';
import type { EventBus } from '../base/event-bus.ts';
import type { Logger } from '../base/log.ts';
import { notAnswered } from './console-errors.ts';
import { explain } from './explain.ts';
import { openHoldsFile } from './holds-file.ts';
import { run, sceneOf } from './run.ts';
import { ConsoleWatch } from './watch.ts';

export { clientsFrom, type PoolerClient, type PoolerServerConnection, serversFrom } from './sockets.ts';
export { ConsoleWatch } from './watch.ts';

interface PgbouncerDeps {
  events: EventBus;
  clock: Clock;
  log: Logger;
  dataFolder: string;
  notify(level: AppNotice['level'], message: string): void;
  /** @throws EngineError `not_found`. */
  getProfile(profileId: string): ProfileDraft;
  connectionConfig(profileId: string, signal: AbortSignal): Promise<pg.ClientConfig>;
  /** The live console of a profile. @throws EngineError `pool_closed`, or `not_supported` for a database. */
  consoleOf(profileId: string): ConsoleWatch;
  openConsoles(): ConsoleWatch[];
  /** What a console's pools did, by memory and disk. @throws EngineError `storage_failed` */
  past(query: RouteInput<'pgbouncer.history'>): Promise<{ points: PoolerPoint[]; lastAtMs: number }>;
  /** Puts an event into the history. */
  record(event: HistoryEvent): void;
}

export interface Pgbouncer {
  handlers: Handlers<typeof pgbouncerRoutes>;
  /** A console in a pool's place. It connects with its first check. */
  openConsole(profileId: string, onReport: (report: HealthReport) => void): ConsoleWatch;
}

/** The consoles of poolers: what they tell, and what they are told to do. */
export async function createPgbouncer(deps: PgbouncerDeps): Promise<Pgbouncer> {
  const { events, clock, log, consoleOf } = deps;
  const record = (profileId: string, text: string) => {
    const atMs = Math.round(clock.nowMs());
    const kind = 'poolerCommand';
    deps.record({ eventId: randomUUID(), kind, profileId, fromMs: atMs, toMs: atMs, text });
  };
  const holdsFile = await openHoldsFile(deps.dataFolder, log);
  warnOfHolds(holdsFile.profileIds(), deps);

  return {
    openConsole(profileId, onReport) {
      const watch = new ConsoleWatch({
        profileId,
        profile: deps.getProfile(profileId),
        connectionConfig: (signal) => deps.connectionConfig(profileId, signal),
        clock,
        log,
        onReport,
        onTick: (tick) => events.emit('pgbouncer.tick', tick),
        onChanged: (status) => events.emit('pgbouncer.changed', status),
        saveHolds: (holds) => holdsFile.put(profileId, holds),
        record: (text) => record(profileId, text),
      });
      watch.holds.adopt(holdsFile.of(profileId));
      return watch;
    },
    handlers: {
      'pgbouncer.list': () => deps.openConsoles().flatMap((watch) => watch.status() ?? []),
      'pgbouncer.overview': ({ profileId }) => {
        const watch = consoleOf(profileId);
        const status = watch.status();
        if (status === null) throw notAnswered();
        watch.lookedAt();
        return { status, tick: watch.lastTick };
      },
      async 'pgbouncer.history'(query) {
        const { points, lastAtMs } = await deps.past(query);
        return { bucketMs: query.bucketMs, points, lastAtMs };
      },
      'pgbouncer.table': ({ profileId, table, maxAgeMs }) => consoleOf(profileId).table(table, maxAgeMs),
      'pgbouncer.settings': ({ profileId }) => consoleOf(profileId).settings(),
      'pgbouncer.explain': async ({ profileId, command }) =>
        explain(command, await sceneOf(consoleOf(profileId), command)),
      'pgbouncer.run': ({ profileId, command }, { signal }) =>
        run(consoleOf(profileId), command, signal, (text) => record(profileId, text)),
      async 'pgbouncer.keepHold'({ profileId, database, autoResume }) {
        const watch = consoleOf(profileId);
        await watch.holds.keep(database, autoResume);
        return watch.status() ?? Promise.reject(notAnswered());
      },
    },
  };
}

/** The run before ended without a chance to resume. No connection is opened unasked, so it says so. */
function warnOfHolds(profileIds: string[], { getProfile, notify }: PgbouncerDeps): void {
  const names = profileIds.flatMap((profileId) => {
    try {
      return [`"${getProfile(profileId).name}"`];
    } catch {
      return [];
    }
  });
  if (names.length === 0) return;
  const what = names.length === 1 ? 'a pooler' : 'poolers';
  notify(
    'warning',
    `Poolscope ended while it held ${what} paused: ${names.join(', ')}. Connect to resume; clients wait until then.`,
  );
}
