import { type DestinationStream, type Logger, pino } from 'pino';

export type { Logger };

/** Keys whose values never reach a log, wherever in a logged object they stand. */
const secretKeys = ['password', 'passphrase', 'token', 'secret', 'connectionString', 'url'];

/** A logger that blanks secrets. Level from `POOLSCOPE_LOG` (silent, error, warn, info, debug). */
export function createLogger(destination: DestinationStream, level = 'info'): Logger {
  const paths = secretKeys.flatMap((key) => [key, `*.${key}`, `*.*.${key}`]);
  return pino({ level, base: null, redact: { paths, censor: '[hidden]' } }, destination);
}

export const silentLogger = (): Logger => pino({ level: 'silent' });
