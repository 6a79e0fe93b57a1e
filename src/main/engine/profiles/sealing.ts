import { createCipheriv, createDecipheriv, randomBytes, scrypt } from 'node:crypto';
import { promisify } from 'node:util';
import * as z from 'zod/mini';

/** About 0.3 s and 128 MiB for each guess at the passphrase. */
const cost = { N: 2 ** 17, r: 8, p: 1 } as const;
const deriveKey = promisify<string, Buffer, number, object, Buffer>(scrypt);

const base64 = z.string().check(z.regex(/^[A-Za-z0-9+/]*={0,2}$/));
export const sealedSchema = z.object({ nonce: base64, tag: base64, ciphertext: base64 });
export type Sealed = z.output<typeof sealedSchema>;

/** How a key came from a passphrase. The cost is fixed, so that no file can ask for more. */
export const kdfSchema = z.object({
  name: z.literal('scrypt'),
  N: z.literal(cost.N),
  r: z.literal(cost.r),
  p: z.literal(cost.p),
  salt: base64,
});

export const kdfOf = (salt: Buffer): z.output<typeof kdfSchema> => ({
  name: 'scrypt',
  ...cost,
  salt: salt.toString('base64'),
});

/** One text typed on two keyboards can differ in its code points; NFKC makes it one. */
export const keyFrom = (passphrase: string, salt: Buffer): Promise<Buffer> =>
  deriveKey(passphrase.normalize('NFKC'), salt, 32, { ...cost, maxmem: 256 * cost.N * cost.r });

/** AES-256-GCM under a fresh nonce; the name is bound in, so that entries cannot be swapped. */
export function seal(key: Buffer, name: string, secret: string): Sealed {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: 16 }).setAAD(Buffer.from(name));
  const ciphertext = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
  return {
    nonce: nonce.toString('base64'),
    tag: cipher.getAuthTag().toString('base64'),
    ciphertext: ciphertext.toString('base64'),
  };
}

/** Undefined when the key is wrong or the entry was changed. */
export function unseal(key: Buffer, name: string, sealed: Sealed): string | undefined {
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(sealed.nonce, 'base64'), {
      authTagLength: 16,
    })
      .setAAD(Buffer.from(name))
      .setAuthTag(Buffer.from(sealed.tag, 'base64'));
    const text = Buffer.concat([decipher.update(Buffer.from(sealed.ciphertext, 'base64')), decipher.final()]);
    return text.toString('utf8');
  } catch {
    return undefined;
  }
}
