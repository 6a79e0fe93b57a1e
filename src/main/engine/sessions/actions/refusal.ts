import type { Sight } from '#shared/model/sessions/server.ts';
import { EngineError } from '../../base/errors.ts';
import { databaseErrorOf } from '../../base/pg-errors.ts';

/**
 * Why the server did not let the role signal a session, with what mends it. Until 15 the message
 * itself says "superuser", from 16 on the detail says SUPERUSER; 18 has words for autovacuum.
 */
export function signalRefusal(error: unknown, sight: Sight, role: string): unknown {
  const known = databaseErrorOf(error);
  if (known?.details.sqlState !== '42501') return error;
  const { message = '', detail = '' } = (known.cause ?? {}) as { message?: string; detail?: string };
  const details = (remedy: string) => ({ remedy, sqlState: '42501' });
  if (/superuser (process|attribute)/i.test(message) || /SUPERUSER attribute/.test(detail)) {
    return new EngineError(
      'permission_denied',
      `That session belongs to a superuser, and the role "${role}" is none.`,
      details('Only a superuser may end it; no grant allows it.'),
    );
  }
  const grant = /pg_signal_autovacuum_worker/.test(detail)
    ? `GRANT pg_signal_autovacuum_worker TO "${role.replaceAll('"', '""')}"`
    : sight.signalGrant;
  return new EngineError(
    'permission_denied',
    `The role "${role}" may not end or cancel the sessions of another role.`,
    details(grant === null ? 'Ask a superuser.' : `To permit it, as a superuser: ${grant};`),
  );
}
