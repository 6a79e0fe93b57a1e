import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CallContext } from '#shared/contract/define.ts';
import type { ProfileView } from '#shared/contract/profiles.ts';
import { type ProfileDraft, profileDefaults } from '#shared/model/profile.ts';
import { systemClock } from '../../base/clock.ts';
import { createEventBus } from '../../base/event-bus.ts';
import { silentLogger } from '../../base/log.ts';
import { createProfiles, createSessionVault, type ProfileChange, type Profiles } from '../index.ts';

let dataFolder = '';
let profiles: Profiles;
let lists: ProfileView[][] = [];
let changes: ProfileChange[] = [];
let saved = '';

beforeEach(async () => {
  dataFolder = await mkdtemp(path.join(tmpdir(), 'poolscope-transfer-'));
  lists = [];
  changes = [];
  const events = createEventBus((error) => {
    throw error;
  });
  events.on('profiles.changed', (list) => lists.push(list));
  profiles = await createProfiles({
    ...{
      dataFolder,
      events,
      vault: createSessionVault(),
      notify: () => {},
      log: silentLogger(),
      clock: systemClock,
    },
    async saveFile({ suggestedName, content }) {
      saved = '';
      for await (const piece of content()) saved += piece;
      return { kind: 'saved', path: `/downloads/${suggestedName}` };
    },
  });
  profiles.onChanged((change) => void changes.push(change));
});
afterEach(async () => {
  await profiles.close();
  await rm(dataFolder, { recursive: true, force: true });
});

const by = (callerId: string): CallContext => ({ callerId, signal: new AbortController().signal });
const me = by('window 1');
const keep = { kind: 'keep' } as const;

const create = async (
  overrides: Partial<ProfileDraft>,
  password: string | null = null,
  passphrase: string | null = null,
) => {
  const change = (value: string | null) => (value === null ? keep : ({ kind: 'set', value } as const));
  return await profiles.handlers['profiles.create'](
    {
      draft: { ...profileDefaults, name: 'Shop', ...overrides },
      password: change(password),
      keyPassphrase: change(passphrase),
    },
    me,
  );
};
const preview = async (text: string, passphrase = '') =>
  profiles.transferHandlers['profiles.previewImport']({ source: 'auto', text, passphrase }, me);
const apply = async (
  importId: string,
  choices: { key: string; name: string; replaceProfileId: string | null }[],
  context = me,
) => profiles.transferHandlers['profiles.applyImport']({ importId, choices }, context);

const services = '[till]\nhost=a\ndbname=shop\nuser=ann\npassword=hunter2\n[books]\nhost=b\nport=0\n';

describe('an import', () => {
  it('shows what it would do, without a secret and without doing it', async () => {
    const { profileId } = await create({ host: 'a', database: 'shop', user: 'ann' });
    lists = [];
    const shown = await preview(services);
    expect(shown).toMatchObject({
      source: 'pg-service',
      profiles: [
        {
          key: '1',
          draft: { name: 'till' },
          hasPassword: true,
          replaces: { profileId, name: 'Shop' },
          problems: [],
        },
        {
          key: '2',
          draft: { name: 'books' },
          hasPassword: false,
          replaces: null,
          problems: [expect.stringContaining('Port')],
        },
      ],
    });
    expect(JSON.stringify(shown)).not.toContain('hunter2');
    expect(lists).toEqual([]);
  });

  it('in the place of a connection leaves what it does not speak of as it was', async () => {
    const { profileId } = await create({
      ...{ host: 'a', database: 'shop', user: 'ann', readOnly: true },
      ...{ tlsMode: 'verify-full', tlsCaFile: '/etc/ca.pem', min: 4, max: 40 },
      moreHosts: [{ host: 'b', port: 5432 }],
    });
    const replace = async (max: number) => {
      const { importId } = await preview(`DB_HOST=a\nDB_NAME=shop\nDB_USER=ann\nDB_POOL_MAX_SIZE=${max}`);
      return await apply(importId, [{ key: '1', name: 'Till', replaceProfileId: profileId }]);
    };
    await expect(replace(3)).rejects.toMatchObject({
      message: expect.stringContaining('Maximum size must be at least the minimum size.'),
    });
    await replace(8);
    expect(profiles.get(profileId)).toMatchObject({
      ...{ name: 'Till', kind: 'user', max: 8, min: 4, readOnly: true, moreHosts: [] },
      ...{ tlsMode: 'verify-full', tlsCaFile: '/etc/ca.pem' },
    });
  });

  it('creates and replaces as chosen, with the passwords, and is then over', async () => {
    const { profileId } = await create({ host: 'a', database: 'shop', user: 'ann' }, 'old', 'passphrase');
    const { importId } = await preview(
      '[till]\nhost=a\ndbname=shop\nuser=ann\npassword=hunter2\n[books]\nhost=b\n',
    );
    lists = [];
    const outcome = await apply(importId, [
      { key: '1', name: 'Till', replaceProfileId: profileId },
      { key: '2', name: 'Books', replaceProfileId: null },
    ]);
    expect(outcome).toEqual({ created: [expect.any(String)], replaced: [profileId] });
    expect(lists).toHaveLength(1);
    expect(lists[0]).toMatchObject([
      { profileId, name: 'Till', hasPassword: true, hasKeyPassphrase: true },
      { name: 'Books', host: 'b', hasPassword: false },
    ]);
    expect(await profiles.passwordOf(profileId)).toBe('hunter2');
    expect(changes.map(({ kind }) => kind)).toEqual(['created', 'updated', 'created']);
    await expect(apply(importId, [{ key: '1', name: 'Till', replaceProfileId: null }])).rejects.toMatchObject(
      {
        code: 'not_found',
      },
    );
  });

  it('takes all of what was chosen or nothing', async () => {
    const { importId } = await preview(services);
    const attempts = [
      [
        { key: '1', name: 'Till', replaceProfileId: null },
        { key: '2', name: 'Books', replaceProfileId: null },
      ],
      [{ key: '1', name: 'Till', replaceProfileId: 'gone' }],
      [{ key: '1', name: '', replaceProfileId: null }],
      [{ key: '9', name: 'Till', replaceProfileId: null }],
      [
        { key: '1', name: 'Till', replaceProfileId: null },
        { key: '1', name: 'Till', replaceProfileId: null },
      ],
    ];
    for (const choices of attempts) {
      await expect(apply(importId, choices)).rejects.toMatchObject({ message: expect.stringMatching(/\.$/) });
    }
    expect(profiles.list()).toEqual([]);
    expect(lists).toEqual([]);
  });

  it('takes nothing, and changes no password, when the list cannot be saved', async () => {
    const { profileId } = await create({ host: 'a', database: 'shop', user: 'ann' }, 'old');
    const { importId } = await preview(services);
    await rm(path.join(dataFolder, 'profiles.json'));
    await mkdir(path.join(dataFolder, 'profiles.json', 'in the way'), { recursive: true });
    await expect(
      apply(importId, [{ key: '1', name: 'Till', replaceProfileId: profileId }]),
    ).rejects.toMatchObject({
      code: 'storage_failed',
    });
    expect(profiles.get(profileId).name).toBe('Shop');
    expect(await profiles.passwordOf(profileId)).toBe('old');
  });

  it('belongs to the window that read it, and goes with it', async () => {
    const { importId } = await preview(services);
    const choices = [{ key: '1', name: 'Till', replaceProfileId: null }];
    await expect(apply(importId, choices, by('window 2'))).rejects.toMatchObject({ code: 'not_found' });
    profiles.callerGone(me.callerId);
    await expect(apply(importId, choices)).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('an export', () => {
  const exportAs = async (profileIds: string[], passphrase: string) =>
    profiles.transferHandlers['profiles.export']({ profileIds, passphrase }, me);

  it('holds no secret unless a passphrase is given', async () => {
    const { profileId } = await create({}, 'hunter2', 'correct horse');
    expect(await exportAs([profileId], '')).toMatchObject({
      path: expect.stringMatching(/poolscope-connections-.+\.json$/),
    });
    expect(saved).not.toMatch(/hunter2|correct horse/);
    expect(saved).not.toContain(profileId);
    const { profiles: found } = await preview(saved);
    expect(found).toMatchObject([{ draft: { name: 'Shop' }, hasPassword: false, replaces: { profileId } }]);
  });

  it('with a passphrase gives everything back to whoever knows it', async () => {
    const { profileId } = await create({ maxUses: 7 }, 'hunter2', 'correct horse');
    await exportAs([profileId], 'open sesame');
    expect(saved).not.toMatch(/hunter2|correct horse|sesame/);
    await profiles.handlers['profiles.delete']({ profileId }, me);
    const { importId } = await preview(saved, 'open sesame');
    const { created } = await apply(importId, [{ key: '1', name: 'Again', replaceProfileId: null }]);
    const [again = ''] = created;
    expect(profiles.get(again)).toMatchObject({ name: 'Again', maxUses: 7 });
    expect(await profiles.passwordOf(again)).toBe('hunter2');
    expect(lists.at(-1)).toMatchObject([{ hasKeyPassphrase: true }]);
  });

  it('of a connection that is gone writes no file', async () => {
    saved = 'untouched';
    await expect(exportAs(['gone'], '')).rejects.toMatchObject({ code: 'not_found' });
    expect(saved).toBe('untouched');
  });
});

describe('the TLS files of a draft', () => {
  it('are looked at before it is saved, one sentence for each field', async () => {
    const draft = {
      ...profileDefaults,
      name: 'x',
      tlsCaFile: '/no/ca',
      tlsCertFile: '/no/crt',
      tlsKeyFile: '/no/key',
    };
    const { fields } = await profiles.transferHandlers['profiles.checkFiles'](
      { draft, keyPassphrase: keep, profileId: null },
      me,
    );
    expect(fields).toEqual({
      tlsCaFile: 'There is no file "/no/ca".',
      tlsCertFile: 'There is no file "/no/crt".',
      tlsKeyFile: 'There is no file "/no/key".',
    });
  });
});
