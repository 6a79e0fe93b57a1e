import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { profileDefaults } from '#shared/model/profile.ts';
import { systemClock } from './base/clock.ts';
import { silentLogger } from './base/log.ts';
import { createEngine } from './index.ts';
import { createSessionVault } from './profiles/index.ts';

it('takes a password that was left for undoing out of the vault when Poolscope quits', async () => {
  const dataFolder = await mkdtemp(path.join(tmpdir(), 'poolscope-engine-'));
  const inner = createSessionVault();
  const keys: string[] = [];
  const engine = await createEngine({
    shell: 'web',
    version: '0',
    dataFolder,
    vault: {
      ...inner,
      get: () => Promise.reject(new Error('locked')),
      set: (key, secret) => {
        keys.push(key);
        return inner.set(key, secret);
      },
    },
    saveFile: async () => ({ kind: 'cancelled' }),
    log: silentLogger(),
    clock: systemClock,
  });
  const context = { callerId: 'test', signal: new AbortController().signal };
  const password = { kind: 'set', value: 'hunter2' };
  const draft = { ...profileDefaults, name: 'Shop' };
  const created = await engine.router.dispatch('profiles.create', { draft, password }, context);
  const { profileId } = created.ok ? (created.data as { profileId: string }) : { profileId: '' };
  expect(await engine.router.dispatch('profiles.delete', { profileId }, context)).toMatchObject({ ok: true });
  const [key = ''] = keys;
  expect(await inner.get(key)).toBe('hunter2');
  await engine.close();
  expect(await inner.get(key)).toBeUndefined();
  await rm(dataFolder, { recursive: true, force: true });
});
