import type { SessionRef } from '#shared/model/sessions/session.ts';
import { EngineError } from '../base/errors.ts';
import { backendStartUs } from './server/activity-sql.ts';
import type { Link } from './watch/link.ts';

/** The whole text of a session's last statement. @throws EngineError `not_found`, `permission_denied` */
export async function queryText(
  { connection, look }: Link,
  { pid, backendStartUs: start }: SessionRef,
): Promise<{ query: string; mayBeCut: boolean }> {
  const [row] = await connection.askWith(
    `SELECT a.query, octet_length(a.query), a.backend_type IS NOT NULL FROM pg_stat_activity a
     WHERE a.pid = $1 AND (a.backend_start IS NULL OR ${backendStartUs} = $2::bigint)`,
    [pid, start],
  );
  if (row === undefined) {
    throw new EngineError('not_found', 'That session has ended, and its statement with it.');
  }
  const [query, bytes, isVisible] = row;
  if (isVisible !== true) {
    const grant = look.sight.sightGrant;
    throw new EngineError(
      'permission_denied',
      `The role "${look.facts.user}" may not see the statements of other roles.`,
      grant === null ? {} : { remedy: `To permit it, as a superuser: ${grant};` },
    );
  }
  // The server keeps one byte less than the setting: the end mark takes one.
  const mayBeCut = Number(bytes) >= look.keptQueryBytes - 1;
  return { query: typeof query === 'string' ? query : '', mayBeCut };
}
