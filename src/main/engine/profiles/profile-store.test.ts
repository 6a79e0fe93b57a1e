import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { profileDefaults } from '#shared/model/profile.ts';
import { systemClock } from '../base/clock.ts';
import { silentLogger } from '../base/log.ts';
import type { Profile } from './profile.ts';
import { openProfileStore } from './profile-store.ts';

let dataFolder = '';
let notices: string[] = [];
const file = () => path.join(dataFolder, 'profiles.json');

beforeEach(async () => {
  dataFolder = await mkdtemp(path.join(tmpdir(), 'poolscope-profiles-'));
  notices = [];
});
afterEach(() => rm(dataFolder, { recursive: true, force: true }));

const open = () =>
  openProfileStore({
    dataFolder,
    notify: (_level, message) => notices.push(message),
    log: silentLogger(),
    clock: systemClock,
  });

const profile = (profileId: string, name = profileId): Profile => ({
  ...profileDefaults,
  profileId,
  name,
  kind: 'user',
});

describe('the profile file', () => {
  it('starts empty, and silently, when there is none', async () => {
    expect((await open()).list()).toEqual([]);
    expect(notices).toEqual([]);
  });

  it('gives back after a restart what was saved, in order, readable by its owner alone', async () => {
    await (await open()).save([profile('b'), profile('a', 'Ünïcödé ☃ "quoted"')]);
    expect((await open()).list()).toEqual([profile('b'), profile('a', 'Ünïcödé ☃ "quoted"')]);
    expect((await stat(file())).mode & 0o777).toBe(0o600);
    expect(await readdir(dataFolder)).toEqual(['profiles.json']);
    expect(notices).toEqual([]);
  });

  it.each([
    ['half a file', '{"version":1,"profiles":[{"na'],
    ['nothing', ''],
    ['another shape', '[1,2,3]'],
    ['no version', '{"profiles":[]}'],
    ['binary', '\u0000\u0001\uFFFD'],
  ])('is kept aside and named when it holds %s, and the app starts empty', async (_what, content) => {
    await writeFile(file(), content);
    const store = await open();
    expect(store.list()).toEqual([]);
    const [aside, ...others] = await readdir(dataFolder);
    expect(others).toEqual([]);
    expect(aside).toMatch(/^profiles\.corrupt-[\dTZ-]+\.json$/);
    expect(await readFile(path.join(dataFolder, aside ?? ''), 'utf8')).toBe(content);
    expect(notices).toHaveLength(1);
    expect(notices[0]).toContain(aside);
    await store.save([profile('a')]);
    expect((await open()).list()).toEqual([profile('a')]);
  });

  it('keeps the valid profiles when one is not, and the invalid ones in a file of their own', async () => {
    const broken = { ...profile('broken'), port: 70_000 };
    const twin = profile('good', 'same id again');
    await writeFile(file(), JSON.stringify({ version: 1, profiles: [profile('good'), broken, twin, 7] }));
    const store = await open();
    expect(store.list()).toEqual([profile('good')]);
    const aside = (await readdir(dataFolder)).find((name) => name.startsWith('profiles.invalid-'));
    expect(notices[0]).toContain(aside);
    expect(notices[0]).toContain('3 saved connections were not valid');
    expect(JSON.parse(await readFile(path.join(dataFolder, aside ?? ''), 'utf8'))).toEqual([broken, twin, 7]);
    const files = await readdir(dataFolder);
    expect((await open()).list()).toEqual([profile('good')]);
    expect(await readdir(dataFolder)).toEqual(files);
    expect(notices).toHaveLength(1);
  });

  it('of a newer version is left untouched, and no change is pretended to be saved', async () => {
    const content = JSON.stringify({ version: 2, profiles: { shape: 'unknown' } });
    await writeFile(file(), content);
    const store = await open();
    expect(store.list()).toEqual([]);
    expect(notices[0]).toContain('newer version');
    await expect(store.save([profile('a')])).rejects.toMatchObject({ code: 'storage_failed' });
    expect(store.list()).toEqual([]);
    expect(await readFile(file(), 'utf8')).toBe(content);
  });

  it('that cannot be read is said and not written over', async () => {
    await mkdir(file());
    const store = await open();
    expect(notices[0]).toContain('could not be read');
    await expect(store.save([profile('a')])).rejects.toMatchObject({ code: 'storage_failed' });
  });

  it('that cannot be written leaves the list as it was and no draft behind', async () => {
    const store = await open();
    await store.save([profile('a')]);
    await rm(file());
    await mkdir(path.join(file(), 'in the way'), { recursive: true });
    await expect(store.save([profile('b')])).rejects.toMatchObject({ code: 'storage_failed' });
    expect(store.list()).toEqual([profile('a')]);
    expect(await readdir(dataFolder)).toEqual(['profiles.json']);
  });
});
