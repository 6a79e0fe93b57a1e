import { readFile, rename } from 'node:fs/promises';
import * as z from 'zod/mini';
import { EngineError } from '#engine/base/errors.ts';
import type { Logger } from '#engine/base/log.ts';
import { writeFileAtomically } from '#engine/profiles/index.ts';

const secretsSchema = z.object({ version: z.literal(1), secrets: z.record(z.string(), z.base64()) });

/** Encrypted secrets by name, in one file for its owner's eyes only. Values are base64. */
export interface SecretsFile {
  get(key: string): string | undefined;
  set(key: string, encrypted: string): Promise<void>;
  delete(key: string): Promise<void>;
}

/** Reads the file if it is there. One that makes no sense is kept aside under another name. */
export async function openSecretsFile(file: string, log: Logger): Promise<SecretsFile> {
  const secrets = await read(file, log);
  // One write at a time, in order: the last one to ask wins.
  let lastWrite = Promise.resolve();
  const write = () => {
    const next = lastWrite.then(() =>
      replace(file, JSON.stringify({ version: 1, secrets: Object.fromEntries(secrets) })),
    );
    lastWrite = next.catch(() => {});
    return next;
  };
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

async function read(file: string, log: Logger): Promise<Map<string, string>> {
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
  log.warn({ file: aside }, 'the file of stored passwords was damaged and has been put aside');
  return new Map();
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function replace(file: string, text: string): Promise<void> {
  try {
    await writeFileAtomically(file, text);
  } catch (error) {
    throw storageFailed('The password could not be written to disk', error);
  }
}

function storageFailed(what: string, cause: unknown): EngineError {
  const code = (cause as NodeJS.ErrnoException).code ?? 'an unknown error';
  const remedy = 'Check that the data folder is writable and the disk is not full.';
  return new EngineError('storage_failed', `${what}: the system answered ${code}.`, { remedy }, { cause });
}
