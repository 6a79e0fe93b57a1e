import path from 'node:path';
import { parseArgs } from 'node:util';

/** What the command line and the environment ask of the Electron shell. */
export interface ShellArguments {
  /** Absolute; null for this system's usual place. */
  dataFolder: string | null;
  /** Start the sample database. */
  sample: boolean;
}

/**
 * Reads `--data DIR` (or `POOLSCOPE_DATA`; the flag wins) and `--sample`. Unknown flags are left
 * alone: Chromium's own stand on the same command line.
 */
export function readArguments(
  argv: string[],
  environment: NodeJS.ProcessEnv,
  workingFolder: string,
): ShellArguments {
  const { values } = parseArgs({
    args: argv,
    strict: false,
    options: { data: { type: 'string' }, sample: { type: 'boolean' } },
  });
  const named =
    typeof values.data === 'string' && values.data !== '' ? values.data : environment.POOLSCOPE_DATA;
  return {
    dataFolder: named === undefined || named === '' ? null : path.resolve(workingFolder, named),
    sample: values.sample === true,
  };
}
