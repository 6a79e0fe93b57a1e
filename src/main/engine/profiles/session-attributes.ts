import type { TargetSessionAttrs } from '#shared/model/profile/target.ts';

/** What a server tells of itself at login since PostgreSQL 14; older ones are asked. */
interface Standing {
  inRecovery: boolean;
  readOnly: boolean;
}

interface Asked {
  query(text: string): Promise<{ rows: Standing[] }>;
}

const question = `SELECT pg_catalog.pg_is_in_recovery() AS "inRecovery",
  pg_catalog.current_setting('transaction_read_only') = 'on' AS "readOnly"`;

async function standingOf(client: Asked, told: ReadonlyMap<string, string>): Promise<Standing> {
  const standby = told.get('in_hot_standby');
  const readOnly = told.get('default_transaction_read_only');
  if (standby !== undefined && readOnly !== undefined)
    return { inRecovery: standby === 'on', readOnly: standby === 'on' || readOnly === 'on' };
  return (await client.query(question)).rows[0] ?? { inRecovery: false, readOnly: false };
}

/**
 * Why a server is not the one wanted, as the end of a sentence; null when it is. As libpq judges
 * (fe-connect.c): read-only means in recovery, or `default_transaction_read_only`.
 * @param told parameters that the login told, by name
 */
export async function unfitness(
  wanted: TargetSessionAttrs,
  client: Asked,
  told: ReadonlyMap<string, string>,
): Promise<string | null> {
  if (wanted === 'any') return null;
  const { inRecovery, readOnly } = await standingOf(client, told);
  switch (wanted) {
    case 'read-write':
      return readOnly ? `it is ${inRecovery ? 'a standby' : 'read-only'}, and read-write is wanted` : null;
    case 'read-only':
      return readOnly ? null : 'it is read-write, and read-only is wanted';
    case 'primary':
      return inRecovery ? 'it is a standby, and a primary is wanted' : null;
    case 'standby':
    case 'prefer-standby':
      return inRecovery ? null : 'it is a primary, and a standby is wanted';
  }
}
