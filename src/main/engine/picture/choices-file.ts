import { readFile } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod/mini';
import { profileIdSchema } from '#shared/model/profile.ts';
import { writeFileAtomically } from '../base/atomic-file.ts';
import { EngineError } from '../base/errors.ts';
import { parseJson } from '../base/parse-json.ts';
import { createSerialQueue } from '../base/serial-queue.ts';
import { isSameServer, type ServerChoice } from './servers.ts';

const fileName = 'pooler-servers.json';

const fileSchema = z.object({
  version: z.literal(1),
  choices: z.array(
    z.object({
      profileId: profileIdSchema,
      host: z.nullable(z.string()),
      port: z.nullable(z.number()),
      serverProfileId: profileIdSchema,
    }),
  ),
});

/** Which profile is the server behind a pooler, where the user said so. */
export interface ChoicesFile {
  of(profileId: string): ServerChoice[];
  /** @throws EngineError `storage_failed`, and then nothing has changed. */
  put(choice: Omit<ServerChoice, 'serverProfileId'> & { serverProfileId: string | null }): Promise<void>;
}

/** Reads the file; one that is missing or damaged counts as empty. */
export async function openChoicesFile(dataFolder: string): Promise<ChoicesFile> {
  const filePath = path.join(dataFolder, fileName);
  const inTurn = createSerialQueue();
  const text = await readFile(filePath, 'utf8').catch(() => '');
  const parsed = z.safeParse(fileSchema, parseJson(text));
  let choices: ServerChoice[] = parsed.success ? parsed.data.choices : [];
  return {
    of: (profileId) => choices.filter((choice) => choice.profileId === profileId),
    put: ({ serverProfileId, ...server }) =>
      inTurn(async () => {
        const others = choices.filter(
          (choice) => choice.profileId !== server.profileId || !isSameServer(choice, server),
        );
        const next = serverProfileId === null ? others : [...others, { ...server, serverProfileId }];
        try {
          await writeFileAtomically(filePath, `${JSON.stringify({ version: 1, choices: next }, null, 2)}\n`);
        } catch (error) {
          const message = `The choice was not saved: ${fileName} could not be written.`;
          const remedy = 'Check that the disk has space left and that the data folder can be written to.';
          throw new EngineError('storage_failed', message, { remedy }, { cause: error });
        }
        choices = next;
      }),
  };
}
