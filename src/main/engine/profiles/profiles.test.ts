import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ProfileView } from '#shared/contract/profiles.ts';
import { type ProfileDraft, profileDefaults } from '#shared/model/profile.ts';
import { systemClock } from '../base/clock.ts';
import { EngineError } from '../base/errors.ts';
import { createEventBus } from '../base/event-bus.ts';
import { silentLogger } from '../base/log.ts';
import type { Vault } from '../ports.ts';
import { createProfiles, createSessionVault, type ProfileChange, type Profiles } from './index.ts';

let dataFolder = '';
let vault: Vault;
let profiles: Profiles;
let notices: string[] = [];
let changes: ProfileChange[] = [];
let lists: ProfileView[][] = [];

async function start(): Promise<void> {
  const events = createEventBus((error) => {
    throw error;
  });
  events.on('profiles.changed', (list) => lists.push(list));
  profiles = await createProfiles({
    saveFile: () => Promise.reject(new Error('no files here')),
    dataFolder,
    vault,
    events,
    notify: (_level, message) => notices.push(message),
    log: silentLogger(),
    clock: systemClock,
  });
  profiles.onChanged((change) => void changes.push(change));
}

beforeEach(async () => {
  dataFolder = await mkdtemp(path.join(tmpdir(), 'poolscope-profiles-'));
  vault = createSessionVault();
  notices = [];
  changes = [];
  lists = [];
  vi.stubEnv('PGPASSFILE', path.join(dataFolder, 'pgpass'));
  vi.stubEnv('PGPASSWORD', undefined);
  await start();
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(dataFolder, { recursive: true, force: true });
});

const context = { callerId: 'test', signal: new AbortController().signal };
const draft = (overrides: Partial<ProfileDraft> = {}): ProfileDraft => ({
  ...profileDefaults,
  name: 'Shop',
  ...overrides,
});
const set = (value: string) => ({ kind: 'set', value }) as const;
const keep = { kind: 'keep' } as const;
const clear = { kind: 'clear' } as const;
const create = async (name: string, password?: string) =>
  profiles.handlers['profiles.create'](
    { draft: draft({ name }), password: password === undefined ? clear : set(password), keyPassphrase: keep },
    context,
  );
const names = () => profiles.list().map((profile) => profile.name);

describe('saved connections', () => {
  it('survive a restart with their password, which is never part of the answer or the file', async () => {
    const view = await create('Shop', 'hunter2');
    expect(view).toMatchObject({ name: 'Shop', kind: 'user', hasPassword: true });
    expect(JSON.stringify([view, lists, changes])).not.toContain('hunter2');
    expect(await readFile(path.join(dataFolder, 'profiles.json'), 'utf8')).not.toContain('hunter2');
    await start();
    expect(await profiles.handlers['profiles.list']({}, context)).toEqual([view]);
    expect(await profiles.passwordOf(view.profileId)).toBe('hunter2');
  });

  it('may point at the same target twice, each on its own', async () => {
    const first = await create('Shop');
    const second = await create('Shop');
    expect(first.profileId).not.toBe(second.profileId);
    expect(profiles.list()).toHaveLength(2);
  });

  it('change in place; the password stays, changes or goes as asked', async () => {
    const { profileId } = await create('Shop', 'one');
    await create('Other');
    const update = (name: string, password: typeof keep | typeof clear | ReturnType<typeof set>) =>
      profiles.handlers['profiles.update'](
        { profileId, draft: draft({ name, port: 5433 }), password, keyPassphrase: keep },
        context,
      );
    expect(await update('Shop 2', keep)).toMatchObject({ name: 'Shop 2', port: 5433, hasPassword: true });
    expect(await profiles.passwordOf(profileId)).toBe('one');
    await update('Shop 2', set('two'));
    expect(await profiles.passwordOf(profileId)).toBe('two');
    expect(await update('Shop 2', clear)).toMatchObject({ hasPassword: false });
    expect(await profiles.passwordOf(profileId)).toBeUndefined();
    expect(names()).toEqual(['Shop 2', 'Other']);
    expect(changes.filter(({ kind }) => kind === 'updated').map((change) => change.passwordChanged)).toEqual([
      false,
      true,
      true,
    ]);
    expect(changes[2]).toMatchObject({ profile: { name: 'Shop 2' }, previous: { name: 'Shop', port: 5432 } });
    expect(lists.at(-1)?.map(({ name }) => name)).toEqual(['Shop 2', 'Other']);
  });

  it('are copied with their password under numbered names', async () => {
    const { profileId } = await create('Shop', 'hunter2');
    const copy = async (id: string) => profiles.handlers['profiles.duplicate']({ profileId: id }, context);
    const first = await copy(profileId);
    expect(await profiles.passwordOf(first.profileId)).toBe('hunter2');
    await copy(profileId);
    await copy(first.profileId);
    expect(new Set(names())).toEqual(
      new Set(['Shop', 'copy of Shop', 'copy of Shop (2)', 'copy of Shop (3)']),
    );
    const long = await create('x'.repeat(80));
    expect((await copy(long.profileId)).name).toHaveLength(80);
    expect((await copy(long.profileId)).name).toMatch(/ \(2\)$/);
  });

  it('can be deleted and brought back to their place with their password', async () => {
    await create('First');
    const { profileId } = await create('Second', 'hunter2');
    await create('Third');
    let listedWhenTold = 0;
    profiles.onChanged(({ kind }) => {
      if (kind === 'deleted') listedWhenTold = profiles.list().length;
    });
    expect(await profiles.handlers['profiles.delete']({ profileId }, context)).toEqual({ profileId });
    expect(listedWhenTold).toBe(3);
    expect(names()).toEqual(['First', 'Third']);
    expect(() => profiles.get(profileId)).toThrow(expect.objectContaining({ code: 'not_found' }));
    expect(await vault.get(`profile/${profileId}/password`)).toBeUndefined();

    const restored = await profiles.handlers['profiles.restore']({ profileId }, context);
    expect(restored).toMatchObject({ profileId, name: 'Second', hasPassword: true });
    expect(names()).toEqual(['First', 'Second', 'Third']);
    expect(await profiles.passwordOf(profileId)).toBe('hunter2');
    await expect(profiles.handlers['profiles.restore']({ profileId }, context)).rejects.toMatchObject({
      code: 'not_found',
    });
  });

  it('are all kept when many changes come at once', async () => {
    await Promise.all(Array.from({ length: 20 }, (_, index) => create(`c${index}`, `p${index}`)));
    await start();
    expect(profiles.list()).toHaveLength(20);
    for (const profile of profiles.list()) {
      expect(await profiles.passwordOf(profile.profileId)).toBe(profile.name.replace('c', 'p'));
    }
  });

  it('tell plainly when one does not exist', async () => {
    for (const call of ['profiles.duplicate', 'profiles.delete', 'profiles.restore'] as const) {
      await expect(profiles.handlers[call]({ profileId: 'gone' }, context)).rejects.toMatchObject({
        code: 'not_found',
      });
    }
  });

  it('do not change, and neither does the password, when the file cannot be written', async () => {
    const { profileId } = await create('Shop', 'one');
    await rm(path.join(dataFolder, 'profiles.json'));
    await mkdir(path.join(dataFolder, 'profiles.json', 'in the way'), { recursive: true });
    const update = profiles.handlers['profiles.update'](
      { profileId, draft: draft({ name: 'New' }), password: set('two'), keyPassphrase: keep },
      context,
    );
    await expect(update).rejects.toMatchObject({ code: 'storage_failed' });
    expect(names()).toEqual(['Shop']);
    expect(await profiles.passwordOf(profileId)).toBe('one');
  });

  it('are not saved without the password that was meant for them', async () => {
    vault.set = () => Promise.reject(new EngineError('vault_failed', 'The keychain is locked.'));
    await expect(create('Shop', 'hunter2')).rejects.toMatchObject({ code: 'vault_failed' });
    expect(profiles.list()).toEqual([]);
  });

  it('go on when something that follows a change fails', async () => {
    profiles.onChanged(() => Promise.reject(new Error('pool trouble')));
    const { profileId } = await create('Shop');
    await profiles.handlers['profiles.delete']({ profileId }, context);
    expect(profiles.list()).toEqual([]);
  });
});

describe('a password that cannot be read', () => {
  let isLocked: boolean;
  const key = (profileId: string) => `profile/${profileId}/password`;

  beforeEach(async () => {
    isLocked = false;
    const inner = createSessionVault();
    const locked = new EngineError('vault_failed', 'The keychain is locked.', { remedy: 'Unlock it.' });
    vault = { ...inner, get: async (name) => (isLocked ? Promise.reject(locked) : inner.get(name)) };
    await start();
  });

  it('is named at the start, with what to do', async () => {
    await create('Shop', 'hunter2');
    await create('Open');
    isLocked = true;
    await start();
    expect(notices).toEqual([
      'The saved password could not be read for "Shop", "Open". The keychain is locked. Unlock it.',
    ]);
  });

  it('comes back when deleting its connection is undone', async () => {
    const { profileId } = await create('Shop', 'hunter2');
    isLocked = true;
    await profiles.handlers['profiles.delete']({ profileId }, context);
    isLocked = false;
    const restored = await profiles.handlers['profiles.restore']({ profileId }, context);
    expect(restored.hasPassword).toBe(true);
    expect(await profiles.passwordOf(profileId)).toBe('hunter2');
    await profiles.close();
    expect(await vault.get(key(profileId))).toBe('hunter2');
  });

  it('goes with its connection when Poolscope quits', async () => {
    const { profileId } = await create('Shop', 'hunter2');
    isLocked = true;
    await profiles.handlers['profiles.delete']({ profileId }, context);
    isLocked = false;
    expect(await vault.get(key(profileId))).toBe('hunter2');
    await profiles.close();
    expect(await vault.get(key(profileId))).toBeUndefined();
  });
});

describe('the sample connection', () => {
  it('exists once, keeps its id, and has its password in memory only', async () => {
    const first = await profiles.saveSample(draft({ name: 'Sample', port: 6001 }), 'secret one');
    const second = await profiles.saveSample(draft({ name: 'Sample', port: 6002 }), 'secret two');
    expect(second.profileId).toBe(first.profileId);
    expect(profiles.list()).toEqual([second]);
    expect(await profiles.passwordOf(first.profileId)).toBe('secret two');
    expect(await vault.get(`profile/${first.profileId}/password`)).toBeUndefined();
    const copy = await profiles.handlers['profiles.duplicate']({ profileId: first.profileId }, context);
    expect(copy.kind).toBe('user');
    await start();
    expect(await profiles.passwordOf(first.profileId)).toBeUndefined();
    expect(await profiles.passwordOf(copy.profileId)).toBe('secret two');
  });
});

describe('the password file', () => {
  const pgpass = async (text: string, mode = 0o600) => {
    await writeFile(path.join(dataFolder, 'pgpass'), text);
    await chmod(path.join(dataFolder, 'pgpass'), mode);
  };

  it('helps where no password is stored, by host, port, database and user', async () => {
    await pgpass('db:5432:other:postgres:wrong\n*:5432:postgres:postgres:from\\:file\n');
    const { profileId } = await create('Shop');
    expect(await profiles.passwordOf(profileId)).toBe('from:file');
    const stored = await create('Stored', 'own');
    expect(await profiles.passwordOf(stored.profileId)).toBe('own');
    expect(profiles.list().map(({ profileId: id }) => id)).toHaveLength(2);
    expect(stored.hasPassword).toBe(true);
    expect(notices).toEqual([]);
  });

  it('is read as libpq reads it, also while PGPASSWORD is set', async () => {
    vi.stubEnv('PGPASSWORD', 'of another program');
    await pgpass('#*:*:*:*:comment\r\n\r\ntoo:short\n*:5432:postgres:post\\:gres:p\n*:*:*:*:a\\\\b:rest\n');
    const password = async (user: string) => {
      const created = await profiles.handlers['profiles.create'](
        { draft: draft({ user }), password: clear, keyPassphrase: keep },
        context,
      );
      return await profiles.passwordOf(created.profileId);
    };
    expect(await password('post:gres')).toBe('p');
    expect(await password('postgres')).toBe('a\\b');
    expect(notices).toEqual([]);
  });

  it('that is no file is not used, which is said', async () => {
    await mkdir(path.join(dataFolder, 'pgpass'));
    const { profileId } = await create('Shop');
    expect(await profiles.passwordOf(profileId)).toBeUndefined();
    expect(notices).toEqual([expect.stringContaining('is not a plain file')]);
  });

  it('serves Unix sockets under "localhost"', async () => {
    await pgpass('localhost:5432:postgres:postgres:by socket\n');
    const { profileId } = await profiles.handlers['profiles.create'](
      { draft: draft({ host: '/var/run/postgresql' }), password: clear, keyPassphrase: keep },
      context,
    );
    expect(await profiles.passwordOf(profileId)).toBe('by socket');
  });

  it('that others can read is not used, which is said once and not printed', async () => {
    const printed = vi.spyOn(process.stderr, 'write');
    await pgpass('*:*:*:*:open to all\n', 0o644);
    const { profileId } = await create('Shop');
    expect(await profiles.passwordOf(profileId)).toBeUndefined();
    expect(await profiles.passwordOf(profileId)).toBeUndefined();
    expect(notices).toEqual([expect.stringContaining('group or world access')]);
    expect(notices[0]).not.toContain('open to all');
    expect(printed).not.toHaveBeenCalled();
    printed.mockRestore();
  });
});
