import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod/mini';
import { writeFileAtomically } from '../base/atomic-file.ts';
import { EngineError } from '../base/errors.ts';
import { parseJson } from '../base/parse-json.ts';
import { createSerialQueue } from '../base/serial-queue.ts';
import type { Vault } from '../ports.ts';
import { kdfOf, kdfSchema, keyFrom, seal, sealedSchema, unseal } from './sealing.ts';

const fileName = 'vault.json';

const fileSchema = z.object({
  version: z.literal(1),
  kdf: kdfSchema,
  /** A known text, sealed: tells a wrong passphrase even when no secret is stored. */
  check: sealedSchema,
  entries: z.record(z.string(), sealedSchema),
});
type VaultFile = z.output<typeof fileSchema>;

const checkName = 'poolscope vault check';

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
  const key = await keyFrom(options.passphrase, salt);
  if (stored !== null && unseal(key, checkName, stored.check) !== checkName) {
    throw failed(
      `The passphrase does not open the vault ${fileName}. The file was left untouched.`,
      'Try again with the passphrase it was created with, or move the file away to start an empty vault.',
    );
  }
  let file: VaultFile = stored ?? {
    version: 1,
    kdf: kdfOf(salt),
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
