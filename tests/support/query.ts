import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as z from 'zod/mini';
import { systemClock } from '#engine/base/clock.ts';
import { createEventBus, type EventBus } from '#engine/base/event-bus.ts';
import { silentLogger } from '#engine/base/log.ts';
import { createExporter } from '#engine/exporter/index.ts';
import { createMemoryHistory } from '#engine/history/index.ts';
import { createPools, type InstrumentedPool } from '#engine/pools/index.ts';
import type { SaveRequest } from '#engine/ports.ts';
import { createQuery, type Query } from '#engine/query/index.ts';
import { type RouteAnswer, type RouteInput, type RouteName, routes } from '#shared/contract/routes.ts';
import { type ProfileDraft, profileDefaults } from '#shared/model/profile.ts';
import type { QueryRun, QueryTransaction } from '#shared/model/query.ts';
import { configFor, noConsoles, nothingSaved } from './pools.ts';
import type { TestServer } from './postgres-server.ts';

type QueryRoute = Extract<RouteName, `query.${string}`>;

/** The query room on real pools, and what its windows hear. */
export interface QueryUnderTest {
  query: Query;
  events: EventBus;
  dataFolder: string;
  /** Every state of every run, as told. */
  told: QueryRun[];
  transactions: QueryTransaction[];
  saved: string[];
  call<K extends QueryRoute>(
    route: K,
    input: RouteInput<K>,
    more?: { signal?: AbortSignal; callerId?: string },
  ): Promise<RouteAnswer<K>>;
  /** `query.run` with what most tests want. */
  run(
    text: string,
    more?: Partial<RouteInput<'query.run'>>,
    context?: { signal?: AbortSignal },
  ): Promise<RouteAnswer<'query.run'>>;
  /** Waits until a run is final. */
  over(runId: string): Promise<QueryRun>;
  poolOf(profileId: string): InstrumentedPool;
  /** Opens the pool of another profile on a server. */
  add(profileId: string, server: TestServer, draft?: Partial<ProfileDraft>): Promise<void>;
  change(profileId: string, draft: Partial<ProfileDraft>): void;
  closePool(profileId: string): Promise<void>;
  close(): Promise<void>;
}

/** With one profile, "main", whose pool is open. The caller closes it. @param options `dropFiles` keeps no saved file */
export async function openQuery(
  server: TestServer,
  draft: Partial<ProfileDraft> = {},
  { dropFiles = false }: { dropFiles?: boolean } = {},
): Promise<QueryUnderTest> {
  const events = createEventBus((error) => {
    throw error;
  });
  const dataFolder = await mkdtemp(path.join(tmpdir(), 'poolscope-query-'));
  const log = silentLogger();
  const targets = new Map<string, { profile: ProfileDraft; server: TestServer }>();
  const profileOf = (profileId: string) => {
    const target = targets.get(profileId);
    if (target === undefined) throw new Error(`no profile ${profileId}`);
    return target.profile;
  };
  const pools = createPools({
    ...noConsoles,
    ...nothingSaved,
    events,
    log,
    clock: systemClock,
    listProfiles: () => [...targets.keys()].map((profileId) => ({ profileId })),
    getProfile: profileOf,
    async connectionConfig(profileId) {
      const target = targets.get(profileId);
      if (target === undefined) throw new Error(`no profile ${profileId}`);
      const { profile } = target;
      return configFor(target.server, { user: profile.user, application_name: profile.applicationName });
    },
  });
  const saved: string[] = [];
  const exporter = createExporter({
    history: { memory: createMemoryHistory({ events }), store: undefined as never },
    profileOf,
    async saveFile(request: SaveRequest) {
      const parts: Uint8Array[] = [];
      for await (const part of request.content()) if (!dropFiles) parts.push(Buffer.from(part));
      saved.push(Buffer.concat(parts).toString('latin1'));
      return { kind: 'saved', path: request.suggestedName };
    },
    events,
    clock: systemClock,
    version: '0',
  });
  const query = createQuery({
    poolOf: (profileId) => pools.poolOf(profileId),
    healthOf: (profileId) => pools.monitorOf(profileId).report,
    profileOf,
    saveRows: (rows, asked) => exporter.saveRows(rows, asked),
    events,
    dataFolder,
    notify: () => {},
    log,
    clock: systemClock,
  });
  const told: QueryRun[] = [];
  const transactions: QueryTransaction[] = [];
  events.on('query.progress', (run) => told.push(run));
  events.on('query.transactionChanged', (transaction) => transactions.push(transaction));

  const under: QueryUnderTest = {
    query,
    events,
    dataFolder,
    told,
    transactions,
    saved,
    async call(route, input, { signal = new AbortController().signal, callerId = 'window' } = {}) {
      const handler = query.handlers[route] as (input: unknown, context: unknown) => unknown;
      return (await handler(z.parse(routes[route].input, input), { callerId, signal })) as never;
    },
    run: (text, more = {}, context = {}) =>
      under.call(
        'query.run',
        {
          runId: randomUUID(),
          profileId: 'main',
          transactionId: null,
          text,
          parameters: [],
          mode: 'readOnly',
          timeoutMs: 10_000,
          rowLimit: null,
          ...more,
        },
        context,
      ),
    async over(runId) {
      for (;;) {
        const run = await under.call('query.status', { runId });
        if (['done', 'failed', 'cancelled'].includes(run.state)) return run;
        await new Promise<void>((resolve) => {
          const stop = events.on('query.progress', (told) => {
            if (told.runId !== runId) return;
            stop();
            resolve();
          });
        });
      }
    },
    poolOf: (profileId) => pools.poolOf(profileId),
    async add(profileId, itsServer, itsDraft = {}) {
      const { host, port, user, database } = itsServer;
      const profile = {
        ...profileDefaults,
        name: profileId,
        host,
        port,
        user,
        database,
        max: 4,
        waitTimeoutMs: 5000,
      };
      targets.set(profileId, { profile: { ...profile, ...itsDraft }, server: itsServer });
      await pools.open(profileId);
    },
    change(profileId, itsDraft) {
      Object.assign(profileOf(profileId), itsDraft);
    },
    async closePool(profileId) {
      await pools.close(profileId);
    },
    async close() {
      exporter.close();
      await Promise.all([query.close(), pools.closeEverything(2000)]);
      await rm(dataFolder, { recursive: true, force: true });
    },
  };
  await under.add('main', server, draft);
  return under;
}

/** Whole cells of the first rows of an answer. */
export const rowsOf = ({ window }: RouteAnswer<'query.run'>): unknown[][] => window?.rows ?? [];
