import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { expect, vi } from 'vitest';
import { systemClock } from '#engine/base/clock.ts';
import { createEventBus, type EventBus } from '#engine/base/event-bus.ts';
import { silentLogger } from '#engine/base/log.ts';
import { connectionOptions } from '#engine/profiles/index.ts';
import { createSessions, type Sessions } from '#engine/sessions/index.ts';
import type { CallContext } from '#shared/contract/define.ts';
import type { EngineEvents, EventName } from '#shared/contract/events.ts';
import type { SessionsSettings } from '#shared/contract/sessions.ts';
import type { HistoryEvent } from '#shared/model/history-event.ts';
import type { ProfileDraft } from '#shared/model/profile.ts';
import { unpackSessions } from '#shared/model/sessions/packed-sessions.ts';
import type { SessionsPoint } from '#shared/model/sessions/point.ts';
import type { Session } from '#shared/model/sessions/session.ts';
import type { TestServer } from './postgres-server.ts';

export interface TestProfile {
  profileId: string;
  draft: ProfileDraft;
  password: string;
}

/** The room on real servers, with profiles that the test makes up. */
export interface SessionsUnderTest {
  sessions: Sessions;
  events: EventBus;
  profiles: TestProfile[];
  /** What was put on the timeline. */
  recorded: HistoryEvent[];
  points: { profileId: string; point: SessionsPoint }[];
  context: CallContext;
  heard<E extends EventName>(event: E): EngineEvents[E][];
  /** Looks at the profile, as `sessions.watch` does, until `stop` or the end of the test. */
  watch(profileId?: string): { stop(): Promise<unknown> };
  /** A sample taken now, unpacked. */
  sample(profileId?: string): Promise<{ list: Session[] } & EngineEvents['sessions.sample']>;
  close(): Promise<void>;
}

export const profileOn = (
  server: TestServer,
  profileId = 'a',
  overrides: Partial<ProfileDraft> = {},
  password = server.password,
): TestProfile => ({ profileId, draft: server.draft(overrides), password });

/** Fast, and quiet while nobody looks. */
const eager: SessionsSettings = { liveIntervalMs: 1000, background: false, backgroundIntervalMs: 5000 };

export async function openSessions(
  profiles: TestProfile[],
  settings: Partial<SessionsSettings> = {},
): Promise<SessionsUnderTest> {
  const dataFolder = await mkdtemp(path.join(tmpdir(), 'poolscope-sessions-'));
  const events = createEventBus((error) => {
    throw error;
  });
  const all: [EventName, unknown][] = [];
  events.onAny((event, payload) => all.push([event, payload]));
  const recorded: HistoryEvent[] = [];
  const points: SessionsUnderTest['points'] = [];
  const get = (profileId: string) => {
    const profile = profiles.find((candidate) => candidate.profileId === profileId);
    if (profile === undefined) throw new Error(`no profile ${profileId}`);
    return profile;
  };
  const sessions = await createSessions({
    events,
    log: silentLogger(),
    clock: systemClock,
    dataFolder,
    listProfiles: () => profiles,
    getProfile: (profileId) => get(profileId).draft,
    connectionConfig: async (profileId) =>
      connectionOptions(get(profileId).draft, get(profileId).password, false),
    history: {
      sessions: {
        record: (profileId, point) => void points.push({ profileId, point }),
        range: async () => points.map(({ point }) => point),
      },
      record: (event) => void recorded.push(event),
    },
  });
  const context: CallContext = { callerId: 'test', signal: new AbortController().signal };
  await sessions.handlers['sessions.setSettings']({ ...eager, ...settings }, context);
  const watches = new Set<() => Promise<unknown>>();
  const first = () => profiles[0]?.profileId ?? '';
  return {
    sessions,
    events,
    profiles,
    recorded,
    points,
    context,
    heard: <E extends EventName>(event: E) =>
      all.filter(([name]) => name === event).map(([, payload]) => payload as EngineEvents[E]),
    watch(profileId = first()) {
      const controller = new AbortController();
      const watching = sessions.handlers['sessions.watch'](
        { profileId },
        { callerId: 'test', signal: controller.signal },
      );
      const stop = () => {
        controller.abort();
        return Promise.resolve(watching);
      };
      watches.add(stop);
      return { stop };
    },
    async sample(profileId = first()) {
      const status = await sessions.handlers['sessions.refresh']({ profileId }, context);
      expect(status.error).toBeNull();
      const sample = await sessions.handlers['sessions.snapshot']({ profileId }, context);
      if (sample === null) throw new Error('no sample was taken');
      return { ...sample, list: unpackSessions(sample.changed) };
    },
    async close() {
      await Promise.all([...watches].map((stop) => stop()));
      await sessions.close();
      await rm(dataFolder, { recursive: true, force: true });
    },
  };
}

/** Clients of a service that the test plays; `end` closes them all. */
export function clientsOf(server: TestServer) {
  const clients: pg.Client[] = [];
  return {
    async connect(
      application: string,
      overrides: pg.ClientConfig = {},
    ): Promise<pg.Client & { pid: number }> {
      const { host, port, user, password, database } = server;
      const client = new pg.Client({
        ...{ host, port, user, password, database, application_name: application },
        ...overrides,
      });
      client.on('error', () => {});
      await client.connect();
      clients.push(client);
      return Object.assign(client, { pid: (client as unknown as { processID: number }).processID });
    },
    async end(): Promise<void> {
      await Promise.all(clients.splice(0).map((client) => client.end().catch(() => {})));
    },
  };
}

/** Waits for the server itself to say that so many sessions wait for a lock. */
export async function untilBlocked(server: TestServer, count: number): Promise<void> {
  await vi.waitFor(
    async () => {
      const text = "SELECT count(*)::int AS n FROM pg_stat_activity WHERE wait_event_type = 'Lock'";
      const { rows } = await server.admin((client) => client.query<{ n: number }>(text));
      expect(rows[0]?.n).toBe(count);
    },
    { timeout: 10_000 },
  );
}
