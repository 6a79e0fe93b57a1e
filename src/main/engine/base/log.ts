import { type DestinationStream, type Logger, pino } from 'pino';
import { redact } from './redact.ts';

export type { Logger };

/** A logger that blanks secrets. Level from `POOLSCOPE_LOG` (silent, error, warn, info, debug). */
export function createLogger(destination: DestinationStream, level = 'info'): Logger {
  const log = (entry: object) => redact(entry) as Record<string, unknown>;
  // `redact` turns errors into plain data, too, which pino must not cut short.
  const serializers = { err: (error: unknown) => error };
  return pino({ level, base: null, formatters: { log }, serializers, depthLimit: 50 }, destination);
}

export const silentLogger = (): Logger => pino({ level: 'silent' });
