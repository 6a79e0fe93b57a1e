import type { Handlers } from '#shared/contract/define.ts';
import type { Routes } from '#shared/contract/routes.ts';
import { createAppHandlers, createNotices } from './app.ts';
import { createEventBus, type EventBus } from './base/event-bus.ts';
import { createRouter, type Router } from './base/router.ts';
import { createExporter } from './exporter/index.ts';
import { createHealthHandlers } from './health/index.ts';
import { createMemoryHistory } from './history/index.ts';
import { createNames } from './names/index.ts';
import { createPools } from './pools/index.ts';
import type { EnginePorts } from './ports.ts';
import { connectionOptions, createProfiles, resolveTls } from './profiles/index.ts';
import { createSampleDatabase } from './sample-database/index.ts';

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
  const notices = createNotices(events, clock);
  const profiles = await createProfiles({ dataFolder, vault, events, notify: notices.add, log, clock });

  const pools = createPools({
    events,
    log,
    clock,
    listProfiles: () => profiles.list(),
    getProfile: (profileId) => profiles.get(profileId),
    async connectionConfig(profileId, signal) {
      const profile = profiles.get(profileId);
      const password = await profiles.passwordOf(profileId);
      return connectionOptions(profile, password, await resolveTls(profile, signal));
    },
  });
  const history = createMemoryHistory({ events });
  profiles.onChanged(async (change) => {
    await pools.profileChanged(change);
    if (change.kind === 'deleted') history.forget(change.profile.profileId);
  });

  const poolOf = (profileId: string) => pools.poolOf(profileId);
  const names = createNames({ poolOf, log });
  const exporter = createExporter({
    samplesOf: (profileId, fromMs, toMs) => history.samplesOf(profileId, fromMs, toMs),
    profileOf: (profileId) => profiles.get(profileId),
    saveFile: (request) => ports.saveFile(request),
  });
  const sampleDatabase = createSampleDatabase({ dataFolder, profiles, pools, events, log });

  const handlers: Handlers<Routes> = {
    ...createAppHandlers(ports, notices, sampleDatabase.available),
    ...profiles.handlers,
    ...profiles.connectionTestHandlers,
    ...pools.handlers,
    ...createHealthHandlers({ monitorOf: (profileId) => pools.monitorOf(profileId) }),
    ...history.handlers,
    ...names.handlers,
    ...exporter.handlers,
    ...sampleDatabase.handlers,
  };

  let closing: Promise<void> | null = null;
  const close = async () => {
    await sampleDatabase.stopWorkload();
    await pools.closeEverything(closeDeadlineMs / 2);
    await sampleDatabase.stop();
    history.close();
  };
  return {
    router: createRouter(handlers, log),
    events,
    startSampleDatabase: () => sampleDatabase.start(),
    close: () => {
      closing ??= close();
      return closing;
    },
  };
}
