import { createCipheriv, createDecipheriv, randomBytes, scrypt } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import * as z from 'zod/mini';
import { writeFileAtomically } from '../base/atomic-file.ts';
import { EngineError } from '../base/errors.ts';
import { parseJson } from '../base/parse-json.ts';
import { createSerialQueue } from '../base/serial-queue.ts';
import type { Vault } from '../ports.ts';

const fileName = 'vault.json';

/** About 0.3 s and 128 MiB for each guess at the passphrase. */
const cost = { N: 2 ** 17, r: 8, p: 1 } as const;
const deriveKey = promisify<string, Buffer, number, object, Buffer>(scrypt);

const base64 = z.string().check(z.regex(/^[A-Za-z0-9+/]*={0,2}$/));
const sealedSchema = z.object({ nonce: base64, tag: base64, ciphertext: base64 });
type Sealed = z.output<typeof sealedSchema>;

const fileSchema = z.object({
  version: z.literal(1),
  kdf: z.object({
    name: z.literal('scrypt'),
    N: z.literal(cost.N),
    r: z.literal(cost.r),
    p: z.literal(cost.p),
    salt: base64,
  }),
  /** A known text, sealed: tells a wrong passphrase even when no secret is stored. */
  check: sealedSchema,
  entries: z.record(z.string(), sealedSchema),
});
type VaultFile = z.output<typeof fileSchema>;

const checkName = 'poolscope vault check';

/** AES-256-GCM under a fresh nonce; the name is bound in, so that entries cannot be swapped. */
function seal(key: Buffer, name: string, secret: string): Sealed {
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
function unseal(key: Buffer, name: string, sealed: Sealed): string | undefined {
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

const failed = (message: string, remedy: string, cause?: unknown) =>
  new EngineError('vault_failed', message, { remedy }, { cause });

async function read(filePath: string): Promise<VaultFile | null> {
  let text: string;
  try {
    text = await readFile(filePath, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw failed(
      `The vault ${fileName} could not be read.`,
      'Check the permissions of the data folder.',
      error,
    );
  }
  const file = z.safeParse(fileSchema, parseJson(text));
  if (file.success) return file.data;
  throw failed(
    `The vault ${fileName} is damaged, or a newer version of Poolscope wrote it. It was left untouched.`,
    'Restore it from a backup, or move it away to start an empty vault.',
  );
}

/**
 * Keeps secrets in `vault.json` of the data folder, each encrypted under a key derived from the
 * passphrase. Throws `vault_failed` for a wrong passphrase or a damaged file, and leaves the file
 * as it is.
 */
export async function openPassphraseVault(options: {
  dataFolder: string;
  passphrase: string;
}): Promise<Vault> {
  if (options.passphrase === '')
    throw failed('The vault passphrase is empty.', 'Give a passphrase of some length.');
  const filePath = path.join(options.dataFolder, fileName);
  const stored = await read(filePath);
  const salt = stored === null ? randomBytes(16) : Buffer.from(stored.kdf.salt, 'base64');
  // One text typed on two keyboards can differ in its code points; NFKC makes it one.
  const passphrase = options.passphrase.normalize('NFKC');
  const key = await deriveKey(passphrase, salt, 32, { ...cost, maxmem: 256 * cost.N * cost.r });
  if (stored !== null && unseal(key, checkName, stored.check) !== checkName) {
    throw failed(
      `The passphrase does not open the vault ${fileName}. The file was left untouched.`,
      'Try again with the passphrase it was created with, or move the file away to start an empty vault.',
    );
  }
  let file: VaultFile = stored ?? {
    version: 1,
    kdf: { name: 'scrypt', ...cost, salt: salt.toString('base64') },
    check: seal(key, checkName, checkName),
    entries: {},
  };
  const inTurn = createSerialQueue();

  async function save(entries: VaultFile['entries']): Promise<void> {
    const next = { ...file, entries };
    try {
      await writeFileAtomically(filePath, `${JSON.stringify(next, null, 2)}\n`);
    } catch (error) {
      const remedy = 'Check that the disk has space left and that the data folder can be written to.';
      throw failed(`The vault ${fileName} could not be written.`, remedy, error);
    }
    file = next;
  }

  return {
    describe: () => ({
      kind: 'passphrase',
      persistent: true,
      explanation: `Passwords are kept in ${fileName} of the data folder, encrypted with your passphrase.`,
    }),
    async get(name) {
      const sealed = Object.hasOwn(file.entries, name) ? file.entries[name] : undefined;
      if (sealed === undefined) return undefined;
      const secret = unseal(key, name, sealed);
      if (secret !== undefined) return secret;
      throw failed(
        `A password in the vault ${fileName} was changed from outside.`,
        'Enter that password again.',
      );
    },
    set: (name, secret) => inTurn(() => save({ ...file.entries, [name]: seal(key, name, secret) })),
    delete: (name) =>
      inTurn(async () => {
        if (!Object.hasOwn(file.entries, name)) return;
        const { [name]: _, ...others } = file.entries;
        await save(others);
      }),
  };
}
