import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { systemClock } from '#engine/base/clock.ts';
import { silentLogger } from '#engine/base/log.ts';
import { createEngine, type Engine } from '#engine/index.ts';
import type { EnginePorts } from '#engine/ports.ts';
import { createSessionVault } from '#engine/profiles/index.ts';
import type { ErrorPayload } from '#shared/contract/errors.ts';
import type { EngineEvents, EventName } from '#shared/contract/events.ts';
import type { RouteAnswer, RouteInput, RouteName } from '#shared/contract/routes.ts';
import type { ProfileDraft } from '#shared/model/profile.ts';

/** A whole engine on a data folder of its own, called as a window calls it. */
export interface TestEngine {
  engine: Engine;
  dataFolder: string;
  /** The answer. @throws the `ErrorPayload` of one that failed. */
  call<K extends RouteName>(route: K, input: RouteInput<K>, signal?: AbortSignal): Promise<RouteAnswer<K>>;
  /** What it failed with. @throws when it did not. */
  failure<K extends RouteName>(route: K, input: RouteInput<K>): Promise<ErrorPayload>;
  /** Everything heard of one event since the start. */
  heard<E extends EventName>(event: E): EngineEvents[E][];
  /** Saves a profile and opens it. Answers with its id. */
  opened(draft: ProfileDraft, password: string): Promise<string>;
  /** Ends the engine, and deletes its folder unless another run is to find it. */
  close(options?: { keepFolder?: boolean }): Promise<void>;
}

/** Starts an engine; on a folder that is given, as another run on the same data. */
export async function startTestEngine(
  folder?: string,
  ports: Partial<Pick<EnginePorts, 'saveFile'>> = {},
): Promise<TestEngine> {
  const dataFolder = folder ?? (await mkdtemp(path.join(tmpdir(), 'poolscope-test-engine-')));
  const engine = await createEngine({
    shell: 'web',
    version: '0.0.0',
    dataFolder,
    vault: createSessionVault(),
    saveFile: () => Promise.reject(new Error('no files here')),
    openFile: () => Promise.reject(new Error('no files here')),
    log: silentLogger(),
    clock: systemClock,
    ...ports,
  });
  const events: { name: EventName; payload: unknown }[] = [];
  engine.events.onAny((name, payload) => events.push({ name, payload }));

  const tested: TestEngine = {
    engine,
    dataFolder,
    async call(route, input, signal = new AbortController().signal) {
      const envelope = await engine.router.dispatch(route, input, { callerId: 'test', signal });
      if (!envelope.ok) throw envelope.error;
      return envelope.data as never;
    },
    async failure(route, input) {
      const context = { callerId: randomUUID(), signal: new AbortController().signal };
      const envelope = await engine.router.dispatch(route, input, context);
      if (envelope.ok) throw new Error(`${route} did not fail: ${JSON.stringify(envelope.data)}`);
      return envelope.error;
    },
    heard: (event) => events.filter(({ name }) => name === event).map(({ payload }) => payload as never),
    async opened(draft, password) {
      const value = { kind: 'set' as const, value: password };
      const { profileId } = await tested.call('profiles.create', { draft, password: value });
      await tested.call('pools.open', { profileId });
      return profileId;
    },
    async close({ keepFolder = false } = {}) {
      await engine.close();
      if (!keepFolder) await rm(dataFolder, { recursive: true, force: true, maxRetries: 20 });
    },
  };
  return tested;
}
