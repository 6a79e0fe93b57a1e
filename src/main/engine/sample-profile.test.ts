import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { RouteAnswer, RouteInput, RouteName } from '#shared/contract/routes.ts';
import { profileDraftSchema } from '#shared/model/profile.ts';
import { systemClock } from './base/clock.ts';
import { silentLogger } from './base/log.ts';
import { createEngine, type Engine } from './index.ts';
import { createSessionVault } from './profiles/index.ts';

let dataFolder: string;
let engine: Engine;

async function start(): Promise<void> {
  engine = await createEngine({
    shell: 'web',
    version: '0',
    dataFolder,
    vault: createSessionVault(),
    saveFile: async () => ({ kind: 'cancelled' }),
    log: silentLogger(),
    clock: systemClock,
  });
}

beforeEach(async () => {
  dataFolder = await mkdtemp(path.join(tmpdir(), 'poolscope-engine-'));
  // Root runs the sample server under another account.
  await chmod(dataFolder, 0o711);
  await start();
  await engine.startSampleDatabase();
});

afterEach(async () => {
  await engine.close();
  await rm(dataFolder, { recursive: true, force: true });
});

const dispatch = (route: RouteName, input: unknown) =>
  engine.router.dispatch(route, input, { callerId: 'test', signal: new AbortController().signal });

async function call<K extends RouteName>(route: K, input: RouteInput<K>): Promise<RouteAnswer<K>> {
  const envelope = await dispatch(route, input);
  if (!envelope.ok) throw new Error(envelope.error.message);
  return envelope.data as RouteAnswer<K>;
}

async function sampleProfile() {
  const profile = (await call('profiles.list', {})).find(({ kind }) => kind === 'sample');
  if (profile === undefined) throw new Error('there is no sample profile');
  return profile;
}

const state = async () => (await call('sampleDatabase.status', {})).state;

describe('the connection of the sample database', () => {
  it('keeps what the user made of it over a restart, and still finds its server', async () => {
    const profile = await sampleProfile();
    const draft = { ...profileDraftSchema.parse(profile), name: 'Mine', max: 3, port: 1 };
    const { profileId } = profile;
    await call('profiles.update', { profileId, draft, password: { kind: 'keep' } });
    await call('sampleDatabase.stop', {});
    await call('sampleDatabase.start', {});
    const after = await sampleProfile();
    expect(after).toMatchObject({ profileId, name: 'Mine', max: 3 });
    expect(after.port).toBeGreaterThan(1);
    expect((await call('health.check', { profileId })).state).toBe('healthy');
  });

  it('starts its server when it is opened, alone or with all, also in a new run', async () => {
    const { profileId } = await sampleProfile();
    await engine.close();
    await start();
    expect(await state()).toBe('stopped');
    expect(await call('pools.openAll', {})).toMatchObject([{ profileId, state: 'open', error: null }]);
    expect(await state()).toBe('running');
    expect((await call('health.check', { profileId })).state).toBe('healthy');
    await call('sampleDatabase.stop', {});
    expect(await call('pools.open', { profileId })).toMatchObject({ state: 'open', error: null });
    expect(await state()).toBe('running');
  });

  it('takes its server and workload along when it is deleted, and brings them back when that is undone', async () => {
    const { profileId } = await sampleProfile();
    await call('profiles.delete', { profileId });
    await vi.waitFor(async () => expect(await state()).toBe('stopped'), { timeout: 10_000 });
    expect(await call('sampleDatabase.status', {})).toMatchObject({
      profileId: null,
      workloadRunning: false,
    });
    await call('profiles.restore', { profileId });
    await vi.waitFor(async () => expect(await state()).toBe('running'), { timeout: 20_000 });
    expect(await sampleProfile()).toMatchObject({ profileId });
    await vi.waitFor(async () => expect((await call('health.check', { profileId })).state).toBe('healthy'), {
      timeout: 10_000,
    });
  });

  it('is not brought back beside a new one, which is said', async () => {
    const { profileId } = await sampleProfile();
    await call('profiles.delete', { profileId });
    await call('sampleDatabase.start', {});
    expect(await dispatch('profiles.restore', { profileId })).toMatchObject({
      ok: false,
      error: {
        message: expect.stringContaining('can have only one'),
        details: { remedy: expect.any(String) },
      },
    });
    expect(await call('profiles.list', {})).toHaveLength(1);
  });
});
