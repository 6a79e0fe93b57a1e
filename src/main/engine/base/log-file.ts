import { closeSync, fstatSync, openSync, renameSync, writeSync } from 'node:fs';
import path from 'node:path';
import type { DestinationStream } from 'pino';
import { reasonOf } from './system-errors.ts';

const maximumBytes = 2 * 1024 * 1024;
const levels = ['silent', 'error', 'warn', 'info', 'debug'];

/** The level that `POOLSCOPE_LOG` asks for; `info` when it asks for none of ours. */
export function logLevel(environment: NodeJS.ProcessEnv = process.env): string {
  const asked = environment.POOLSCOPE_LOG ?? '';
  return levels.includes(asked) ? asked : 'info';
}

/**
 * `poolscope.log` in the data folder, for its owner alone. A log that has grown past 2 MiB is set
 * aside as `poolscope.previous.log`, so that the two never take much more than 4 MiB. Where nothing
 * can be written, Poolscope goes on without a log, and `say` hears of it once.
 */
export function openLogFile(dataFolder: string, say: (sentence: string) => void): DestinationStream {
  const file = path.join(dataFolder, 'poolscope.log');
  let descriptor: number | null = null;
  let bytes = 0;
  let isSaid = false;

  const open = (): number => {
    descriptor = openSync(file, 'a', 0o600);
    bytes = fstatSync(descriptor).size;
    return descriptor;
  };

  const setAside = (): number => {
    if (descriptor !== null) closeSync(descriptor);
    descriptor = null;
    renameSync(file, path.join(dataFolder, 'poolscope.previous.log'));
    return open();
  };

  const append = (line: string) => {
    let target = descriptor ?? open();
    if (bytes > maximumBytes) target = setAside();
    bytes += writeSync(target, line);
  };

  return {
    write(line) {
      try {
        append(line);
      } catch (error) {
        // Logging must never be what ends the program.
        if (!isSaid)
          say(`The log ${file} cannot be written: ${reasonOf(error)}. Poolscope goes on without it.`);
        isSaid = true;
      }
    },
  };
}
