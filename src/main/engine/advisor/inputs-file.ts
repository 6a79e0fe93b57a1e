import { readFile } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod/mini';
import { type AdviceInputs, adviceInputDefaults, adviceInputsSchema } from '#shared/model/advice.ts';
import { profileIdSchema } from '#shared/model/profile.ts';
import { writeFileAtomically } from '../base/atomic-file.ts';
import { EngineError } from '../base/errors.ts';
import { parseJson } from '../base/parse-json.ts';
import { createSerialQueue } from '../base/serial-queue.ts';

const fileName = 'advice-inputs.json';
const fileSchema = z.object({
  version: z.literal(1),
  profiles: z.record(profileIdSchema, adviceInputsSchema),
});

/** What users told of their application, by profile. */
export interface InputsFile {
  of(profileId: string): AdviceInputs;
  /** @throws EngineError `storage_failed`, and then nothing has changed. */
  put(profileId: string, inputs: AdviceInputs): Promise<void>;
}

/** Reads the file; one that is missing or damaged counts as empty. */
export async function openInputsFile(dataFolder: string): Promise<InputsFile> {
  const filePath = path.join(dataFolder, fileName);
  const inTurn = createSerialQueue();
  const text = await readFile(filePath, 'utf8').catch(() => '');
  const parsed = z.safeParse(fileSchema, parseJson(text));
  let profiles = new Map(parsed.success ? Object.entries(parsed.data.profiles) : []);
  return {
    of: (profileId) => profiles.get(profileId) ?? adviceInputDefaults,
    put: (profileId, inputs) =>
      inTurn(async () => {
        const next = new Map(profiles).set(profileId, inputs);
        const content = { version: 1, profiles: Object.fromEntries(next) };
        try {
          await writeFileAtomically(filePath, `${JSON.stringify(content, null, 2)}\n`);
        } catch (error) {
          const message = `What you entered was not saved: ${fileName} could not be written.`;
          const remedy = 'Check that the disk has space left and that the data folder can be written to.';
          throw new EngineError('storage_failed', message, { remedy }, { cause: error });
        }
        profiles = next;
      }),
  };
}
