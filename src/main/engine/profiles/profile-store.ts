import { readFile, rename } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod/mini';
import type { AppNotice } from '#shared/contract/app.ts';
import { fileTimestamp, writeFileAtomically } from '../base/atomic-file.ts';
import type { Clock } from '../base/clock.ts';
import { EngineError } from '../base/errors.ts';
import type { Logger } from '../base/log.ts';
import { parseJson } from '../base/parse-json.ts';
import { type Profile, profileFrom } from './profile.ts';

/** Notices carry file names only: the data folder's path stands in the app settings. */
export type Notify = (level: AppNotice['level'], message: string) => void;

/** Keeps the list of profiles in `profiles.json` of the data folder, in order. */
export interface ProfileStore {
  list(): readonly Profile[];
  /**
   * Replaces the list, on disk first. Throws `storage_failed`, and then nothing has changed. Calls
   * must not overlap.
   */
  save(profiles: readonly Profile[]): Promise<void>;
}

const fileName = 'profiles.json';
const fileVersion = 1;

const fileSchema = z.object({ version: z.literal(fileVersion), profiles: z.array(z.unknown()) });
const versionSchema = z.object({ version: z.int().check(z.gt(fileVersion)) });

interface Loaded {
  profiles: Profile[];
  /** Set when the file on disk must not be written over: why, as one sentence. */
  readOnlyBecause: string | null;
}

const nothing: Loaded = { profiles: [], readOnlyBecause: null };

type StoreDeps = { dataFolder: string; notify: Notify; log: Logger; clock: Clock };

async function readText(filePath: string): Promise<string | null> {
  try {
    return await readFile(filePath, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** Valid profiles and the rest; of two with the same id the first one counts. */
function sortOut(entries: unknown[]): { profiles: Profile[]; invalid: unknown[] } {
  const profiles = new Map<string, Profile>();
  const invalid: unknown[] = [];
  for (const entry of entries) {
    const profile = profileFrom(entry);
    if (profile === null || profiles.has(profile.profileId)) invalid.push(entry);
    else profiles.set(profile.profileId, profile);
  }
  return { profiles: [...profiles.values()], invalid };
}

/** Moves a file that cannot be read out of the way, for the user to look at. */
async function keepAside(filePath: string, { dataFolder, notify, log, clock }: StoreDeps): Promise<Loaded> {
  const asideName = `profiles.corrupt-${fileTimestamp(clock.nowMs())}.json`;
  try {
    await rename(filePath, path.join(dataFolder, asideName));
  } catch (error) {
    log.error({ err: error }, 'could not move the damaged profile file aside');
    notify(
      'error',
      `${fileName} is damaged and could not be moved aside. Changes to connections will not be saved.`,
    );
    return { profiles: [], readOnlyBecause: `${fileName} is damaged and could not be moved aside.` };
  }
  notify(
    'warning',
    `The saved connections could not be read, so the list starts empty. The damaged file was kept as ${asideName} in the data folder.`,
  );
  return nothing;
}

/** Copies entries that are no valid profiles into a file of their own before they would be lost. */
async function keepInvalid(invalid: unknown[], { dataFolder, notify, clock }: StoreDeps): Promise<void> {
  const asideName = `profiles.invalid-${fileTimestamp(clock.nowMs())}.json`;
  await writeFileAtomically(path.join(dataFolder, asideName), `${JSON.stringify(invalid, null, 2)}\n`);
  const what = invalid.length === 1 ? 'One saved connection was' : `${invalid.length} saved connections were`;
  notify(
    'warning',
    `${what} not valid and left out; the others are fine. What was left out was kept as ${asideName} in the data folder.`,
  );
}

async function write(filePath: string, profiles: readonly Profile[]): Promise<void> {
  await writeFileAtomically(filePath, `${JSON.stringify({ version: fileVersion, profiles }, null, 2)}\n`);
}

async function load(filePath: string, deps: StoreDeps): Promise<Loaded> {
  const text = await readText(filePath);
  if (text === null) return nothing;
  const content = parseJson(text);
  if (z.safeParse(versionSchema, content).success) {
    const because = `${fileName} was written by a newer version of Poolscope and was left untouched.`;
    deps.notify('error', `${because} Update Poolscope, or start it with another data folder.`);
    return { profiles: [], readOnlyBecause: because };
  }
  const file = z.safeParse(fileSchema, content);
  if (!file.success) return await keepAside(filePath, deps);
  const { profiles, invalid } = sortOut(file.data.profiles);
  if (invalid.length > 0) {
    await keepInvalid(invalid, deps);
    // They are safe elsewhere now, and need not be found again at every start.
    await write(filePath, profiles).catch((error: unknown) =>
      deps.log.warn({ err: error }, 'could not take invalid entries out of the profile file'),
    );
  }
  return { profiles, readOnlyBecause: null };
}

/** Reads the file; whatever state it is in, the app can start. */
export async function openProfileStore(deps: StoreDeps): Promise<ProfileStore> {
  const filePath = path.join(deps.dataFolder, fileName);
  let { profiles, readOnlyBecause } = await load(filePath, deps).catch((error: unknown): Loaded => {
    deps.log.error({ err: error }, 'could not read the profile file');
    const because = `${fileName} could not be read.`;
    deps.notify(
      'error',
      `${because} Changes to connections will not be saved. Check the permissions of the data folder.`,
    );
    return { profiles: [], readOnlyBecause: because };
  });
  return {
    list: () => profiles,
    async save(next) {
      if (readOnlyBecause !== null) {
        throw new EngineError('storage_failed', `The change was not saved: ${readOnlyBecause}`, {
          remedy: 'Mend or move that file, then start Poolscope again.',
        });
      }
      try {
        await write(filePath, next);
      } catch (error) {
        deps.log.error({ err: error }, 'could not write the profile file');
        const remedy = 'Check that the disk has space left and that the data folder can be written to.';
        const message = `The change was not saved: ${fileName} could not be written.`;
        throw new EngineError('storage_failed', message, { remedy }, { cause: error });
      }
      profiles = [...next];
    },
  };
}
