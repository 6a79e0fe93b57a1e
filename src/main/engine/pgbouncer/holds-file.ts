import { readFile } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod/mini';
import { profileIdSchema } from '#shared/model/profile.ts';
import { writeFileAtomically } from '../base/atomic-file.ts';
import type { Logger } from '../base/log.ts';
import { parseJson } from '../base/parse-json.ts';
import { createSerialQueue } from '../base/serial-queue.ts';
import type { SavedHold } from './holds.ts';

const fileName = 'pooler-holds.json';

const fileSchema = z.object({
  version: z.literal(1),
  holds: z.array(
    z.object({
      profileId: profileIdSchema,
      database: z.nullable(z.string()),
      by: z.enum(['pause', 'kill']),
      sinceMs: z.number(),
      autoResume: z.boolean(),
    }),
  ),
});

/** What Poolscope holds paused, on disk: a run that crashes cannot resume, the next one can. */
export interface HoldsFile {
  /** As the run before left them. */
  of(profileId: string): SavedHold[];
  profileIds(): string[];
  /** Never rejects: a hold that cannot be written down is still held, and the log says so. */
  put(profileId: string, holds: SavedHold[]): Promise<void>;
}

/** Reads the file; one that is missing or damaged counts as empty. */
export async function openHoldsFile(dataFolder: string, log: Logger): Promise<HoldsFile> {
  const filePath = path.join(dataFolder, fileName);
  const inTurn = createSerialQueue();
  const text = await readFile(filePath, 'utf8').catch(() => '');
  const parsed = z.safeParse(fileSchema, parseJson(text));
  const byProfile = new Map<string, SavedHold[]>();
  for (const { profileId, ...hold } of parsed.success ? parsed.data.holds : [])
    byProfile.set(profileId, [...(byProfile.get(profileId) ?? []), hold]);

  const write = async () => {
    const holds = [...byProfile].flatMap(([profileId, list]) => list.map((hold) => ({ profileId, ...hold })));
    await writeFileAtomically(filePath, `${JSON.stringify({ version: 1, holds }, null, 2)}\n`);
  };
  return {
    of: (profileId) => byProfile.get(profileId) ?? [],
    profileIds: () => [...byProfile.keys()],
    put: (profileId, holds) =>
      inTurn(async () => {
        if (holds.length === 0) byProfile.delete(profileId);
        else byProfile.set(profileId, holds);
        try {
          await write();
        } catch (error) {
          log.error({ err: error }, 'could not write down what is paused');
        }
      }),
  };
}
