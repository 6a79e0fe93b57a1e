import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openPassphraseVault } from './passphrase-vault.ts';
import { createSessionVault } from './session-vault.ts';

const secret = 'hunter2 "ü" \u{1F511}';
const passphrase = 'correct horse';

describe('the vault of a run', () => {
  it('keeps, replaces and forgets', async () => {
    const vault = createSessionVault();
    expect(await vault.get('a')).toBeUndefined();
    await vault.set('a', 'one');
    await vault.set('a', 'two');
    expect(await vault.get('a')).toBe('two');
    await vault.delete('a');
    await vault.delete('a');
    expect(await vault.get('a')).toBeUndefined();
    expect(vault.describe().persistent).toBe(false);
  });
});

describe('the vault under a passphrase', () => {
  let dataFolder = '';
  const file = () => path.join(dataFolder, 'vault.json');
  const open = (words = passphrase) => openPassphraseVault({ dataFolder, passphrase: words });

  beforeEach(async () => {
    dataFolder = await mkdtemp(path.join(tmpdir(), 'poolscope-vault-'));
  });
  afterEach(() => rm(dataFolder, { recursive: true, force: true }));

  it('gives back after a restart what was stored, and only to the passphrase', async () => {
    const vault = await open();
    await Promise.all([vault.set('a', secret), vault.set('b', 'other'), vault.set('__proto__', 'odd key')]);
    await vault.delete('b');
    const again = await open();
    expect(await again.get('a')).toBe(secret);
    expect(await again.get('b')).toBeUndefined();
    expect(await again.get('toString')).toBeUndefined();
    expect(again.describe()).toMatchObject({ kind: 'passphrase', persistent: true });

    const text = await readFile(file(), 'utf8');
    expect(text).not.toContain('hunter2');
    expect((await stat(file())).mode & 0o777).toBe(0o600);
    await expect(open('correct h0rse')).rejects.toMatchObject({
      code: 'vault_failed',
      message: expect.stringContaining('passphrase does not open'),
    });
    expect(await readFile(file(), 'utf8')).toBe(text);
  });

  it('encrypts the same secret differently each time', async () => {
    const vault = await open();
    await vault.set('a', secret);
    const first = JSON.parse(await readFile(file(), 'utf8')).entries.a;
    await vault.set('a', secret);
    const second = JSON.parse(await readFile(file(), 'utf8')).entries.a;
    expect(second.nonce).not.toBe(first.nonce);
    expect(second.ciphertext).not.toBe(first.ciphertext);
  });

  it('refuses an entry that was changed or moved to another name', async () => {
    const vault = await open();
    await vault.set('a', secret);
    await vault.set('b', 'other');
    const content = JSON.parse(await readFile(file(), 'utf8'));
    content.entries.b = content.entries.a;
    await writeFile(file(), JSON.stringify(content));
    const tampered = await open();
    expect(await tampered.get('a')).toBe(secret);
    await expect(tampered.get('b')).rejects.toMatchObject({ code: 'vault_failed' });
    await tampered.set('b', 'anew');
    expect(await tampered.get('b')).toBe('anew');
  });

  it.each([
    ['damaged', '{"version":1'],
    ['newer', '{"version":2}'],
  ])('says so and touches nothing when the file is %s', async (_what, content) => {
    await writeFile(file(), content);
    await expect(open()).rejects.toMatchObject({ code: 'vault_failed' });
    expect(await readFile(file(), 'utf8')).toBe(content);
  });

  it('refuses an empty passphrase', async () => {
    await expect(open('')).rejects.toMatchObject({ code: 'vault_failed' });
  });
});
