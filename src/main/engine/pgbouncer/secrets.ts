import type { ConsoleAnswer } from './console-connection.ts';

/** Stands where a secret was. */
export const hidden = '[hidden]';

const secretKey = /passw(or)?d|secret|token/i;
/** PgBouncer's `auth_ldap_options` may carry one in the midst of others. */
const secretWithin = /((?:ldapbindpasswd|password)\s*=\s*)("[^"]*"|'[^']*'|[^\s,;]+)/gi;

/** A setting's value fit to be seen; also the text of a command that changes one. */
export function withoutSecrets(key: string, value: string): string {
  return secretKey.test(key) && value !== '' ? hidden : value.replace(secretWithin, `$1${hidden}`);
}

/** SHOW CONFIG as the renderer may see it: no secret leaves the engine. */
export function configWithoutSecrets(answer: ConsoleAnswer): ConsoleAnswer {
  const place = (name: string) => answer.columns.findIndex((column) => column.name === name);
  const keyAt = place('key');
  const shown = new Set([place('value'), place('default')]);
  const rows = answer.rows.map((row) =>
    row.map((cell, at) => (cell === null || !shown.has(at) ? cell : withoutSecrets(row[keyAt] ?? '', cell))),
  );
  return { ...answer, rows };
}
