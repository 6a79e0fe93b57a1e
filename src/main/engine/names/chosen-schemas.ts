import { readFile } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod/mini';
import { schemaNameSchema } from '#shared/contract/names.ts';
import { profileIdSchema } from '#shared/model/profile.ts';
import { writeFileAtomically } from '../base/atomic-file.ts';
import { EngineError } from '../base/errors.ts';
import type { Logger } from '../base/log.ts';
import { createSerialQueue } from '../base/serial-queue.ts';
import { reasonOf } from '../base/system-errors.ts';

const fileSchema = z.object({ version: z.literal(1), schemas: z.record(profileIdSchema, schemaNameSchema) });

/** In which schema each profile looks for its names; kept in `names.json` of the data folder. */
export interface ChosenSchemas {
  of(profileId: string): Promise<string | null>;
  /** Null forgets. @throws EngineError `storage_failed` */
  choose(profileId: string, schema: string | null): Promise<void>;
}

/** @param isKnown whether a profile still exists; what was chosen for others is dropped with the next choice */
export function createChosenSchemas(
  dataFolder: string,
  isKnown: (profileId: string) => boolean,
  log: Logger,
): ChosenSchemas {
  const file = path.join(dataFolder, 'names.json');
  const inTurn = createSerialQueue();
  let loading: Promise<Map<string, string>> | null = null;
  const load = () => {
    loading ??= read(file, log);
    return loading;
  };
  return {
    of: async (profileId) => (await load()).get(profileId) ?? null,
    choose: (profileId, schema) =>
      inTurn(async () => {
        const chosen = new Map([...(await load())].filter(([id]) => isKnown(id)));
        if (schema === null) chosen.delete(profileId);
        else chosen.set(profileId, schema);
        await write(file, chosen);
        loading = Promise.resolve(chosen);
      }),
  };
}

/** A file that cannot be read costs a choice that is quickly made again. */
async function read(file: string, log: Logger): Promise<Map<string, string>> {
  try {
    const { schemas } = fileSchema.parse(JSON.parse(await readFile(file, 'utf8')));
    return new Map(Object.entries(schemas));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT')
      log.warn({ err: error }, 'the chosen schemas could not be read');
    return new Map();
  }
}

async function write(file: string, chosen: Map<string, string>): Promise<void> {
  try {
    await writeFileAtomically(file, JSON.stringify({ version: 1, schemas: Object.fromEntries(chosen) }));
  } catch (error) {
    const message = `The choice of a schema could not be saved: ${reasonOf(error)}.`;
    throw new EngineError(
      'storage_failed',
      message,
      { remedy: 'Make room in the data folder.' },
      { cause: error },
    );
  }
}
