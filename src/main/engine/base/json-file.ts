import { readFile, rename } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod/mini';
import type { AppNotice } from '#shared/contract/app.ts';
import { fileTimestamp, writeFileAtomically } from './atomic-file.ts';
import type { Clock } from './clock.ts';
import { EngineError } from './errors.ts';
import type { Logger } from './log.ts';
import { parseJson } from './parse-json.ts';
import { createSerialQueue } from './serial-queue.ts';

export interface FileDeps {
  dataFolder: string;
  notify(level: AppNotice['level'], message: string): void;
  log: Logger;
  clock: Clock;
}

/** A value that lives in a file of the data folder, checked by a schema when it is read. */
export interface JsonFile<T> {
  load(): Promise<T>;
  /** @throws EngineError `storage_failed`; the file then still holds what it held */
  save(value: T): Promise<void>;
}

const fileVersion = 1;
const fileSchema = z.object({ version: z.literal(fileVersion), content: z.unknown() });
const newerSchema = z.object({ version: z.int().check(z.gt(fileVersion)) });

/** @param what in a sentence: "The query history" */
export function jsonFile<S extends z.ZodMiniType>(
  deps: FileDeps,
  options: { fileName: string; what: string; schema: S; empty: z.output<S> },
): JsonFile<z.output<S>> {
  const { fileName, what, schema, empty } = options;
  const filePath = path.join(deps.dataFolder, fileName);
  const inTurn = createSerialQueue();
  let untouchable = false;

  async function keepAside(): Promise<void> {
    const { name, ext } = path.parse(fileName);
    const asideName = `${name}.corrupt-${fileTimestamp(deps.clock.nowMs())}${ext}`;
    await rename(filePath, path.join(deps.dataFolder, asideName));
    deps.notify('warning', `${what} could not be read and starts empty. The file was kept as ${asideName}.`);
  }

  return {
    async load() {
      try {
        const content = parseJson(await readFile(filePath, 'utf8'));
        if (z.safeParse(newerSchema, content).success) {
          untouchable = true;
          deps.notify('warning', `${what} was written by a newer Poolscope and is left untouched.`);
          return empty;
        }
        const file = z.safeParse(fileSchema, content);
        const parsed = z.safeParse(schema, file.data?.content);
        if (parsed.success) return parsed.data;
        await keepAside();
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return empty;
        untouchable = true;
        deps.log.error({ err: error, fileName }, 'a file could not be read');
        deps.notify('error', `${what} could not be read; changes to it are not saved.`);
      }
      return empty;
    },
    save: (value) =>
      inTurn(async () => {
        try {
          if (untouchable) throw new Error('left untouched');
          await writeFileAtomically(
            filePath,
            `${JSON.stringify({ version: fileVersion, content: value })}\n`,
          );
        } catch (error) {
          if (!untouchable) deps.log.error({ err: error, fileName }, 'a file could not be written');
          const remedy = untouchable
            ? `Mend or move ${fileName} in the data folder, then start Poolscope again.`
            : 'Check that the disk has space left and that the data folder can be written to.';
          throw new EngineError(
            'storage_failed',
            `${what} could not be saved.`,
            { remedy },
            { cause: error },
          );
        }
      }),
  };
}
