import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSessionVault } from '#engine/profiles/index.ts';
import { type Cipher, createKeychainVault } from './keychain-vault.ts';

/** Turns text around; enough to tell stored from plain. */
function createCipher(overrides: Partial<Cipher> = {}): Cipher {
  const turn = (text: string) => [...text].reverse().join('');
  return {
    isAsyncEncryptionAvailable: async () => true,
    getSelectedStorageBackend: () => 'gnome_libsecret',
    encryptStringAsync: async (text) => Buffer.from(turn(text)),
    decryptStringAsync: async (bytes) => ({ result: turn(bytes.toString()), shouldReEncrypt: false }),
    ...overrides,
  };
}

describe('the keychain vault', () => {
  let dataFolder: string;
  let file: string;
  let notices: string[];
  const open = (cipher = createCipher(), platform: NodeJS.Platform = 'linux') =>
    createKeychainVault({
      dataFolder,
      cipher,
      platform,
      sessionVault: createSessionVault(),
      notify: (message) => notices.push(message),
    });

  beforeEach(async () => {
    dataFolder = await mkdtemp(path.join(tmpdir(), 'poolscope-keychain-'));
    file = path.join(dataFolder, 'secrets.json');
    notices = [];
  });
  afterEach(() => rm(dataFolder, { recursive: true }));

  it('remembers passwords across runs, any text whatever', async () => {
    const vault = await open();
    await vault.set('profile-1', `p"w'\\ 👩‍👩‍👧 ${'x'.repeat(1000)}`);
    await vault.set('profile-2', 'other');
    await vault.delete('profile-2');
    const next = await open();
    expect(next.describe()).toMatchObject({ kind: 'keychain', persistent: true });
    expect(await next.get('profile-1')).toBe(`p"w'\\ 👩‍👩‍👧 ${'x'.repeat(1000)}`);
    expect(await next.get('profile-2')).toBeUndefined();
  });

  it('writes nothing readable, for its owner alone, and leaves no other file', async () => {
    const vault = await open();
    await vault.set('profile-1', 'correct horse');
    const text = await readFile(file, 'utf8');
    expect(text).not.toContain('correct horse');
    expect(text).not.toContain(Buffer.from('correct horse').toString('base64'));
    if (process.platform !== 'win32') expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await readdir(dataFolder)).toEqual(['secrets.json']);
  });

  it('keeps every one of many passwords set at once', async () => {
    const vault = await open();
    const keys = Array.from({ length: 20 }, (_, index) => `profile-${index}`);
    await Promise.all(keys.map((key) => vault.set(key, `secret of ${key}`)));
    const next = await open();
    expect(await Promise.all(keys.map((key) => next.get(key)))).toEqual(
      keys.map((key) => `secret of ${key}`),
    );
  });

  it.each([
    [
      'the backend is basic_text',
      createCipher({ getSelectedStorageBackend: () => 'basic_text' }),
      'linux',
      'no keyring',
    ],
    [
      'the backend is unknown',
      createCipher({ getSelectedStorageBackend: () => 'unknown' }),
      'linux',
      'no keyring',
    ],
    [
      'encryption is unavailable',
      createCipher({ isAsyncEncryptionAvailable: async () => false }),
      'darwin',
      'cannot be used',
    ],
    [
      'the keychain fails',
      createCipher({ isAsyncEncryptionAvailable: () => Promise.reject(new Error('denied')) }),
      'win32',
      'cannot be used',
    ],
  ] as const)('writes no password where %s, and says why', async (_what, cipher, platform, words) => {
    const vault = await open(cipher, platform);
    await vault.set('profile-1', 'correct horse');
    expect(await vault.get('profile-1')).toBe('correct horse');
    expect(vault.describe()).toMatchObject({ kind: 'session', persistent: false });
    expect(vault.describe().explanation).toContain(words);
    expect(await readdir(dataFolder)).toEqual([]);
  });

  it('encrypts anew when the key has been rotated', async () => {
    await (await open()).set('profile-1', 'secret');
    const before = await readFile(file, 'utf8');
    const rotated = createCipher({
      encryptStringAsync: async (text) => Buffer.from(`v2${text}`),
      decryptStringAsync: async (bytes) => ({
        result: [...bytes.toString()].reverse().join(''),
        shouldReEncrypt: true,
      }),
    });
    expect(await (await open(rotated)).get('profile-1')).toBe('secret');
    expect(await readFile(file, 'utf8')).not.toBe(before);
  });

  it('says so when a password cannot be decrypted', async () => {
    await (await open()).set('profile-1', 'secret');
    const locked = createCipher({ decryptStringAsync: () => Promise.reject(new Error('locked')) });
    await expect((await open(locked)).get('profile-1')).rejects.toMatchObject({
      code: 'vault_failed',
      details: { remedy: expect.stringContaining('Unlock the keychain') },
    });
  });

  it('refuses an entry that was moved to another name', async () => {
    await (await open()).set('profile-1', 'secret');
    await writeFile(file, (await readFile(file, 'utf8')).replace('profile-1', 'profile-2'));
    await expect((await open()).get('profile-2')).rejects.toMatchObject({ code: 'vault_failed' });
  });

  it.each(['', '{', '{"version":9}', '{"version":1,"secrets":{"a":7}}'])(
    'puts a damaged file aside, says so and starts anew: %s',
    async (text) => {
      await writeFile(file, text);
      const vault = await open();
      expect(await vault.get('profile-1')).toBeUndefined();
      await vault.set('profile-1', 'secret');
      const files = await readdir(dataFolder);
      expect(files).toHaveLength(2);
      const aside = files.find((name) => name.startsWith('secrets.json.damaged-'));
      expect(await readFile(path.join(dataFolder, aside ?? ''), 'utf8')).toBe(text);
      expect(notices).toEqual([
        expect.stringContaining(`enter the passwords again. The damaged file was kept as ${aside}`),
      ]);
    },
  );
});
