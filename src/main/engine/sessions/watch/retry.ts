import type { Sight } from '#shared/model/sessions/server.ts';
import { EngineError } from '../../base/errors.ts';
import { databaseErrorOf } from '../../base/pg-errors.ts';

const firstMs = 1000;
const mostMs = 60_000;
/** A full server is left alone for a while; repeated wrong passwords lock accounts. */
const fullServerMs = 5000;
const refusedLoginMs = 30_000;
const mostRefusedLoginMs = 600_000;

/**
 * Milliseconds until the next attempt after so many failures in a row: 1 s, 2 s, 4 s … up to a
 * minute, a fifth more or less, so that many watchers do not knock together. Null for never.
 */
export function retryDelayMs(error: unknown, failures: number, random = Math.random()): number | null {
  const { code } = databaseErrorOf(error) ?? {};
  if (code === 'not_supported') return null;
  const [startMs, endMs] =
    code === 'auth_failed' || code === 'vault_failed'
      ? [refusedLoginMs, mostRefusedLoginMs]
      : code === 'too_many_connections'
        ? [fullServerMs, mostMs]
        : [firstMs, mostMs];
  const delayMs = Math.min(endMs, startMs * 2 ** Math.min(failures - 1, 20));
  return Math.round(delayMs * (0.8 + 0.4 * random));
}

/**
 * What a refused watcher says. The server itself lets a role that may into the reserved slots, so
 * one that is refused has either no right to them or found those full as well.
 */
export function inWatchersWords(error: unknown, sight: Sight | null): unknown {
  const known = databaseErrorOf(error);
  if (known?.code !== 'too_many_connections') return error;
  const grant = sight?.reservedGrant ?? null;
  const remedy = [
    known.details.remedy ?? '',
    grant === null ? '' : `So that Poolscope can still get in: ${grant};`,
  ];
  const details = { ...known.details, remedy: remedy.filter((part) => part !== '').join(' ') };
  return new EngineError(known.code, known.message, details, { cause: error });
}
