import { parseArgs } from 'node:util';
import * as z from 'zod/mini';

const portError = '--port must be a whole number from 0 to 65535 (0 takes any free port).';

const flagsSchema = z.object({
  port: z.optional(
    z
      .string()
      .check(z.regex(/^\d{1,5}$/, { error: portError }))
      .check(z.refine((port) => Number(port) <= 65_535, { error: portError })),
  ),
  data: z.optional(z.string().check(z.minLength(1, { error: '--data must name a folder.' }))),
});

/** What the command line asks of the web shell. */
export interface CliFlags {
  /** Null when not asked for: the usual port, or a free one when that is taken. */
  port: number | null;
  /** Null for the default folder of this system. */
  dataFolder: string | null;
  /** Open the default browser. */
  open: boolean;
  /** Open a browser window of its own, which ends Poolscope when closed. */
  appWindow: boolean;
  /** Start the sample database. */
  sample: boolean;
}

export const usage = 'Usage: npm run serve -- [--port N] [--data DIR] [--no-open] [--sample] [--app-window]';

/** Raised for a command line that cannot be understood; the message is one sentence for the user. */
export class FlagError extends Error {}

/** The folder may come from `POOLSCOPE_DATA` instead; the flag wins. @throws FlagError */
export function readFlags(argv: string[], environment: NodeJS.ProcessEnv): CliFlags {
  const values = parse(argv);
  const checked = z.safeParse(flagsSchema, values);
  if (!checked.success) throw new FlagError(checked.error.issues[0]?.message ?? 'The flags are malformed.');
  const { port, data } = checked.data;
  return {
    port: port === undefined ? null : Number(port),
    dataFolder: data ?? (environment.POOLSCOPE_DATA || null),
    open: values['no-open'] !== true,
    appWindow: values['app-window'] === true,
    sample: values.sample === true,
  };
}

function parse(argv: string[]) {
  try {
    return parseArgs({
      args: argv,
      options: {
        port: { type: 'string' },
        data: { type: 'string' },
        'no-open': { type: 'boolean' },
        'app-window': { type: 'boolean' },
        sample: { type: 'boolean' },
      },
    }).values;
  } catch (error) {
    // Node's first sentence names the flag; what follows is advice on quoting.
    const [sentence = 'The flags are malformed'] = (error as Error).message.split('. ');
    throw new FlagError(`${sentence.replace(/\.$/, '')}.`);
  }
}
