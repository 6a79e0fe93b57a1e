import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { standInSettings } from './settings.ts';

/** Fixed, hence no secret: it stands for the key a keyring would guard. */
const key = Buffer.alloc(32, 'stand-in');
const nonceBytes = 12;
const tagBytes = 16;
const hasKeyring = standInSettings.keychain === 'keyring';

export const safeStorage = {
  async isAsyncEncryptionAvailable() {
    return hasKeyring;
  },
  getSelectedStorageBackend() {
    return hasKeyring ? 'gnome_libsecret' : 'basic_text';
  },
  async encryptStringAsync(plainText) {
    const nonce = randomBytes(nonceBytes);
    const cipher = createCipheriv('aes-256-gcm', key, nonce);
    const body = Buffer.concat([cipher.update(plainText, 'utf8'), cipher.final()]);
    return Buffer.concat([nonce, cipher.getAuthTag(), body]);
  },
  async decryptStringAsync(encrypted) {
    const decipher = createDecipheriv('aes-256-gcm', key, encrypted.subarray(0, nonceBytes));
    decipher.setAuthTag(encrypted.subarray(nonceBytes, nonceBytes + tagBytes));
    const plain = Buffer.concat([
      decipher.update(encrypted.subarray(nonceBytes + tagBytes)),
      decipher.final(),
    ]);
    return { result: plain.toString('utf8'), shouldReEncrypt: false };
  },
} satisfies Pick<
  Electron.SafeStorage,
  'isAsyncEncryptionAvailable' | 'getSelectedStorageBackend' | 'encryptStringAsync' | 'decryptStringAsync'
>;
