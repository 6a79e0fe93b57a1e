import { readFile } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod/mini';
import {
  type SessionsSettings,
  sessionsDefaults,
  sessionsSettingsSchema,
} from '#shared/contract/sessions.ts';
import { writeFileAtomically } from '../base/atomic-file.ts';
import { EngineError } from '../base/errors.ts';
import { parseJson } from '../base/parse-json.ts';

const fileIn = (dataFolder: string) => path.join(dataFolder, 'sessions.json');

/** The settings saved last; the defaults when there are none, or none that can be read. */
export async function readSettings(dataFolder: string): Promise<SessionsSettings> {
  const text = await readFile(fileIn(dataFolder), 'utf8').catch(() => '');
  const parsed = z.safeParse(sessionsSettingsSchema, parseJson(text));
  return parsed.success ? parsed.data : sessionsDefaults;
}

/** @throws EngineError `storage_failed` */
export async function writeSettings(dataFolder: string, settings: SessionsSettings): Promise<void> {
  try {
    await writeFileAtomically(fileIn(dataFolder), `${JSON.stringify(settings, null, 2)}\n`);
  } catch (error) {
    const remedy = 'Check the free space and the permissions of the data folder.';
    const message = 'The settings for watching sessions could not be saved.';
    throw new EngineError('storage_failed', message, { remedy }, { cause: error });
  }
}
