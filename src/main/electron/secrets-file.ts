import { readFile, rename } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod/mini';
import { writeFileAtomically } from '#engine/base/atomic-file.ts';
import { EngineError } from '#engine/base/errors.ts';
import { parseJson } from '#engine/base/parse-json.ts';
import { createSerialQueue } from '#engine/base/serial-queue.ts';
import { reasonOf } from '#engine/base/system-errors.ts';

const secretsSchema = z.object({ version: z.literal(1), secrets: z.record(z.string(), z.base64()) });

/** Encrypted secrets by name, in one file for its owner's eyes only. Values are base64. */
export interface SecretsFile {
  get(key: string): string | undefined;
  set(key: string, encrypted: string): Promise<void>;
  delete(key: string): Promise<void>;
}

/** Reads the file if it is there. One that makes no sense is kept aside under another name, and told. */
export async function openSecretsFile(file: string, notify: (message: string) => void): Promise<SecretsFile> {
  const secrets = await read(file, notify);
  // One write at a time, in order: the last one to ask wins.
  const inTurn = createSerialQueue();
  const write = () =>
    inTurn(() => replace(file, JSON.stringify({ version: 1, secrets: Object.fromEntries(secrets) })));
  return {
    get: (key) => secrets.get(key),
    async set(key, encrypted) {
      secrets.set(key, encrypted);
      await write();
    },
    async delete(key) {
      if (secrets.delete(key)) await write();
    },
  };
}

async function read(file: string, notify: (message: string) => void): Promise<Map<string, string>> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return new Map();
    throw storageFailed(`${file} cannot be read`, error);
  }
  const parsed = z.safeParse(secretsSchema, parseJson(text));
  if (parsed.success) return new Map(Object.entries(parsed.data.secrets));
  const aside = `${file}.damaged-${Date.now()}`;
  await rename(file, aside);
  notify(
    `The file of stored passwords was damaged and is empty now: enter the passwords again. The damaged file was kept as ${path.basename(aside)} in the data folder.`,
  );
  return new Map();
}

async function replace(file: string, text: string): Promise<void> {
  try {
    await writeFileAtomically(file, text);
  } catch (error) {
    throw storageFailed('The password could not be written to disk', error);
  }
}

function storageFailed(what: string, cause: unknown): EngineError {
  const remedy = 'Check that the data folder is writable and the disk is not full.';
  return new EngineError('storage_failed', `${what}: ${reasonOf(cause)}.`, { remedy }, { cause });
}
