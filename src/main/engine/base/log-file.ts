import { rename, stat } from 'node:fs/promises';
import path from 'node:path';
import { type DestinationStream, pino } from 'pino';

const maximumBytes = 2 * 1024 * 1024;
const levels = ['silent', 'error', 'warn', 'info', 'debug'];

/** The level that `POOLSCOPE_LOG` asks for; `info` when it asks for none of ours. */
export function logLevel(environment: NodeJS.ProcessEnv = process.env): string {
  const asked = environment.POOLSCOPE_LOG ?? '';
  return levels.includes(asked) ? asked : 'info';
}

/**
 * Opens `poolscope.log` in the data folder for its owner alone. A log that has grown large is set
 * aside as `poolscope.previous.log`, so that the two never take more than a few megabytes.
 */
export async function openLogFile(dataFolder: string): Promise<DestinationStream> {
  const file = path.join(dataFolder, 'poolscope.log');
  const size = await stat(file).then(
    (found) => found.size,
    () => 0,
  );
  if (size > maximumBytes) await rename(file, path.join(dataFolder, 'poolscope.previous.log'));
  return pino.destination({ dest: file, mode: 0o600, sync: true });
}
