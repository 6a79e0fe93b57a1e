import { setTimeout as sleep } from 'node:timers/promises';
import type { Handlers } from '#shared/contract/define.ts';
import type { Routes } from '#shared/contract/routes.ts';
import { looksLikeConsole } from '#shared/model/pooler-identity.ts';
import { createAdvisor } from './advisor/index.ts';
import { createAlerts } from './alerts/index.ts';
import { createAppHandlers, createNotices } from './app.ts';
import { createEventBus, type EventBus } from './base/event-bus.ts';
import { createRouter, type Router } from './base/router.ts';
import { createExporter } from './exporter/index.ts';
import { createHealth } from './health/index.ts';
import { createHistory } from './history/index.ts';
import { createLab } from './lab/index.ts';
import { createMachine } from './machine/index.ts';
import { createMetrics } from './metrics/index.ts';
import { createNames } from './names/index.ts';
import { type ConsoleWatch, createPgbouncer } from './pgbouncer/index.ts';
import { createPicture } from './picture/index.ts';
import { createPools, logStatusChanges, type Pools } from './pools/index.ts';
import type { EnginePorts } from './ports.ts';
import { createProfiles } from './profiles/index.ts';
import { createQuery } from './query/index.ts';
import { createSampleDatabase } from './sample-database/index.ts';
import { createSessions } from './sessions/index.ts';

/** Everything a shell needs: one router, one event stream, one way to end it all. */
export interface Engine {
  router: Router;
  events: EventBus;
  /** Starts the sample database with its workload, as `sampleDatabase.start` does. */
  startSampleDatabase(): Promise<void>;
  /** Ends pools, timers, the sample server and its children. Idempotent; meets `closeDeadlineMs`. */
  close(): Promise<void>;
}

/** Shutdown promises 5 s in all; the rest is the shell's. */
const closeDeadlineMs = 4000;

/** Builds the engine from its rooms. The order here is the order of their dependence. */
export async function createEngine(ports: EnginePorts): Promise<Engine> {
  const { log, clock, dataFolder, vault } = ports;
  const events = createEventBus((error) => log.error({ err: error }, 'an event listener failed'));
  logStatusChanges(events, log);
  const notices = createNotices(events, clock);
  for (const { level, message } of ports.notices ?? []) notices.add(level, message);
  const profiles = await createProfiles({
    ...{ dataFolder, vault, events, notify: notices.add, log, clock },
    saveFile: (request) => ports.saveFile(request),
  });

  const targets = {
    listProfiles: () => profiles.list(),
    getProfile: (profileId: string) => profiles.get(profileId),
    // Of Poolscope's own connections, which are told nothing of the user's session settings.
    connectionConfig: (profileId: string, signal: AbortSignal) =>
      profiles.connectionTerms(profileId, 'watching', signal),
  };
  const pools: Pools<ConsoleWatch> = createPools<ConsoleWatch>({
    ...{ events, log, clock, ...targets },
    connectionConfig: (profileId, signal) => profiles.connectionTerms(profileId, 'pool', signal),
    looksLikeConsole: ({ database }) => looksLikeConsole(database),
    openConsole: (profileId, onReport) => pgbouncer.openConsole(profileId, onReport),
    saveSettings: async (profileId, settings, context) => {
      const draft = { ...profiles.get(profileId), ...settings };
      const keep = { kind: 'keep' } as const;
      const saved = { profileId, draft, password: keep, keyPassphrase: keep };
      return await profiles.handlers['profiles.update'](saved, context);
    },
    saveRows: (rows, asked) => exporter.saveRows(rows, asked),
  });
  const history = createHistory({
    events,
    clock,
    log,
    dataFolder,
    notify: notices.add,
    nameOf: (profileId) =>
      profiles.list().find((profile) => profile.profileId === profileId)?.name ?? profileId,
    openFile: (request) => ports.openFile(request),
  });
  const pgbouncer = await createPgbouncer({
    events,
    clock,
    log,
    dataFolder,
    notify: notices.add,
    ...targets,
    consoleOf: (profileId) => pools.consoleOf(profileId),
    openConsoles: () => pools.openConsoles(),
    past: (query) => history.poolers.range(query),
    record: (event) => history.record(event),
  });
  const sessions = await createSessions({ events, log, clock, dataFolder, history, ...targets });
  profiles.onChanged((change) => pools.profileChanged(change));
  profiles.onChanged((change) => sessions.profileChanged(change));
  profiles.onChanged((change) => sampleDatabase.profileChanged(change));

  const poolOf = (profileId: string) => pools.poolOf(profileId);
  const picture = await createPicture({
    clock,
    dataFolder,
    consoleOf: (profileId) => pools.consoleOf(profileId),
    candidates: () =>
      profiles.list().flatMap(({ profileId, name, host, port, database }) => {
        const { state, target } = pools.statusOf(profileId);
        if (target === 'console') return [];
        const isOpen = state === 'open';
        const seesAll = isOpen ? sessions.seesAll(profileId) : null;
        return [{ profileId, name, host, port, database, isOpen, seesAll }];
      }),
    readSessions: (profileId) => sessions.read(profileId),
  });
  const advisor = await createAdvisor({
    ...{ dataFolder, clock, history, sessions },
    profileOf: (profileId) => profiles.get(profileId),
    statusOf: (profileId) => pools.statusOf(profileId),
    processIdsOf: (profileId) => pools.openPool(profileId)?.processIds ?? [],
    heldOf: (profileId) => pools.openPool(profileId)?.held ?? [],
  });
  const lab = createLab({
    ...{ events, clock },
    profileOf: (profileId) => profiles.get(profileId),
    requirePool: (profileId) => void pools.poolOf(profileId),
    connectionConfig: targets.connectionConfig,
    readSessions: (profileId) => sessions.read(profileId),
  });
  const exporter = createExporter({
    history,
    profileOf: (profileId) => profiles.get(profileId),
    saveFile: (request) => ports.saveFile(request),
    events,
    clock,
    version: ports.version,
  });
  const names = createNames({
    poolOf,
    profileOf: (profileId) => profiles.get(profileId),
    isKnown: (profileId) => profiles.list().some((profile) => profile.profileId === profileId),
    saveRows: (rows, asked) => exporter.saveRows(rows, asked),
    events,
    clock,
    dataFolder,
    log,
  });
  const query = createQuery({
    poolOf,
    healthOf: (profileId) => pools.monitorOf(profileId).report,
    profileOf: (profileId) => profiles.get(profileId),
    saveRows: (rows, asked) => exporter.saveRows(rows, asked),
    events,
    dataFolder,
    notify: notices.add,
    log,
    clock,
  });
  const health = createHealth({
    events,
    clock,
    listProfiles: () => profiles.list(),
    statusOf: (profileId) => pools.statusOf(profileId),
    monitorOf: (profileId) => pools.monitorOf(profileId),
    history: { record: history.record, events: (range) => history.store.events(range) },
  });
  const alerts = await createAlerts({
    ...{ events, clock, log, dataFolder, vault, version: ports.version, notify: notices.add },
    notifications: ports.notifications,
    listProfiles: targets.listProfiles,
    getProfile: targets.getProfile,
    poolOf: (profileId) => pools.openPool(profileId),
    sessions,
    sessionsInBackground: () => sessions.background,
    recorded: {
      range: (range) => history.range(range),
      sessions: (range) => sessions.past(range),
    },
    record: history.record,
  });
  const machine = createMachine({ events, clock, log, history: history.machine });
  const metrics = await createMetrics({
    ...{ events, clock, log, dataFolder, vault, machine, version: ports.version },
    notify: notices.add,
    listProfiles: () => profiles.list(),
    statusOf: (profileId) => pools.statusOf(profileId),
    breakerOf: (profileId) => pools.openPool(profileId)?.breaker.state ?? null,
  });
  const sampleDatabase = createSampleDatabase({ dataFolder, profiles, pools, events, log });

  /** Without its server the pool of the sample profile would have nowhere to connect. */
  const startSampleFor = async (wanted: { kind: 'user' | 'sample' }[]): Promise<void> => {
    if (wanted.some(({ kind }) => kind === 'sample')) await sampleDatabase.start();
  };

  const handlers: Handlers<Routes> = {
    ...createAppHandlers(ports, notices, sampleDatabase.available),
    ...profiles.handlers,
    ...profiles.connectionTestHandlers,
    ...profiles.transferHandlers,
    ...pools.handlers,
    'pools.open': async (input, context) => {
      await startSampleFor([profiles.get(input.profileId)]);
      return await pools.handlers['pools.open'](input, context);
    },
    'pools.openAll': async (input, context) => {
      // What keeps it from starting is its own status; the others open all the same.
      await startSampleFor(profiles.list()).catch(() => {});
      return await pools.handlers['pools.openAll'](input, context);
    },
    ...health.handlers,
    ...alerts.handlers,
    ...history.handlers,
    ...machine.handlers,
    ...metrics.handlers,
    ...names.handlers,
    ...sessions.handlers,
    ...advisor.handlers,
    ...lab.handlers,
    ...exporter.handlers,
    ...pgbouncer.handlers,
    ...picture.handlers,
    ...query.handlers,
    ...sampleDatabase.handlers,
  };

  let closing: Promise<void> | null = null;
  const close = async () => {
    const endsAtMs = clock.monotonicMs() + closeDeadlineMs;
    // Begins first: statements are stopped and transactions rolled back while pools wait for their connections.
    const queriesClosed = query.close();
    // Before pools close: what is open then is not over.
    const alertsClosed = alerts.close();
    // As does this: it pushes what pools did before they close.
    const metricsClosed = metrics.close();
    machine.close();
    await Promise.all([
      sampleDatabase.stopWorkload(),
      pools.closeEverything(closeDeadlineMs / 2),
      lab.close(),
      sessions.close(),
    ]);
    const patience = new AbortController();
    const leftMs = Math.max(0, endsAtMs - clock.monotonicMs());
    const deadline = sleep(leftMs, 'late', { signal: patience.signal }).catch(() => 'given up');
    const stopped = sampleDatabase.stop().catch((error: unknown) => {
      log.error({ err: error }, 'the sample database did not stop');
    });
    exporter.close();
    names.close();
    health.close();
    const closed = Promise.all([
      ...[stopped, queriesClosed, alertsClosed, metricsClosed],
      ...[profiles.close(), history.close()],
    ]);
    // The end of this process ends a server that needs longer; what was recorded is in the history's log.
    if ((await Promise.race([closed, deadline])) === 'late')
      log.warn('the sample database or the history takes too long to stop');
    patience.abort();
  };
  return {
    router: createRouter(handlers, log, (callerId) => {
      query.callerGone(callerId);
      names.callerGone(callerId);
      profiles.callerGone(callerId);
    }),
    events,
    startSampleDatabase: () => sampleDatabase.start(),
    close: () => {
      closing ??= close();
      return closing;
    },
  };
}
