import path from 'node:path';
import type { SafeStorage } from 'electron';
import * as z from 'zod/mini';
import { EngineError } from '#engine/base/errors.ts';
import type { Vault } from '#engine/ports.ts';
import type { VaultInfo } from '#shared/contract/app.ts';
import { openSecretsFile, type SecretsFile } from './secrets-file.ts';

/** What the vault needs of Electron's safeStorage: its asynchronous half. */
export type Cipher = Pick<
  SafeStorage,
  'isAsyncEncryptionAvailable' | 'encryptStringAsync' | 'decryptStringAsync' | 'getSelectedStorageBackend'
>;

export interface KeychainOptions {
  dataFolder: string;
  cipher: Cipher;
  platform: NodeJS.Platform;
  /** Takes over when this system offers no real encryption. */
  sessionVault: Vault;
  /** Hears what the user must know of the stored passwords, a sentence or two. */
  notify: (message: string) => void;
}

const keychainNames: Partial<Record<NodeJS.Platform, string>> = {
  darwin: 'the macOS Keychain',
  win32: 'Windows (DPAPI)',
};

/**
 * Passwords in a file of the data folder, encrypted with a key that the OS keychain guards. Where
 * the system has no keychain nothing is written: they are kept for this run, and `describe` says so.
 * Call after the app is ready.
 */
export async function createKeychainVault(options: KeychainOptions): Promise<Vault> {
  const { dataFolder, cipher, platform, sessionVault, notify } = options;
  const reason = await reasonForNoEncryption(cipher, platform);
  if (reason !== null) {
    const info: VaultInfo = {
      kind: 'session',
      persistent: false,
      explanation: `Passwords are kept until Poolscope quits: ${reason}.`,
    };
    return { ...sessionVault, describe: () => info };
  }
  const file = await openSecretsFile(path.join(dataFolder, 'secrets.json'), notify);
  const info: VaultInfo = {
    kind: 'keychain',
    persistent: true,
    explanation: `Passwords are stored encrypted; ${keychainNames[platform] ?? "this desktop's keyring"} guards the key.`,
  };
  return {
    describe: () => info,
    get: (key) => decrypt(file, cipher, key),
    set: async (key, secret) => file.set(key, await encrypt(cipher, key, secret)),
    delete: (key) => file.delete(key),
  };
}

/** The rest of a sentence, or null when encryption is real. */
async function reasonForNoEncryption(cipher: Cipher, platform: NodeJS.Platform): Promise<string | null> {
  if (platform === 'linux') {
    const backend = cipher.getSelectedStorageBackend();
    // Its key is a constant in Chromium's source: anyone could read the file.
    if (backend === 'basic_text' || backend === 'unknown') {
      return 'this desktop has no keyring (GNOME Keyring or KWallet), and Poolscope does not write them down unencrypted';
    }
  }
  const available = await cipher.isAsyncEncryptionAvailable().catch(() => false);
  return available ? null : 'the keychain of this system cannot be used now';
}

/** The name is sealed in, so that entries of the file cannot be swapped. */
const sealedSchema = z.tuple([z.string(), z.string()]);

async function encrypt(cipher: Cipher, key: string, secret: string): Promise<string> {
  try {
    return (await cipher.encryptStringAsync(JSON.stringify([key, secret]))).toString('base64');
  } catch (error) {
    throw vaultFailed('The keychain would not encrypt the password, so it was not stored.', error);
  }
}

async function decrypt(file: SecretsFile, cipher: Cipher, key: string): Promise<string | undefined> {
  const stored = file.get(key);
  if (stored === undefined) return undefined;
  const { secret, isKeyOld } = await unseal(cipher, key, stored);
  if (isKeyOld) await file.set(key, await encrypt(cipher, key, secret));
  return secret;
}

async function unseal(
  cipher: Cipher,
  key: string,
  stored: string,
): Promise<{ secret: string; isKeyOld: boolean }> {
  try {
    const decrypted = await cipher.decryptStringAsync(Buffer.from(stored, 'base64'));
    const [name, secret] = z.parse(sealedSchema, JSON.parse(decrypted.result));
    if (name !== key) throw new Error('the entry belongs to another name');
    return { secret, isKeyOld: decrypted.shouldReEncrypt };
  } catch (error) {
    const message = 'The stored password cannot be decrypted: the keychain is locked or its key has changed.';
    throw vaultFailed(message, error);
  }
}

function vaultFailed(message: string, cause: unknown): EngineError {
  const remedy = 'Unlock the keychain and try again, or type the password anew.';
  return new EngineError('vault_failed', message, { remedy }, { cause });
}
