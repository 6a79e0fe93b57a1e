import type { ProfileDraft } from '../profile.ts';

/** What each setting is called, in the form, in previews and in the schema's own sentences. */
export const settingLabels: Record<keyof ProfileDraft, string> = {
  name: 'Name',
  host: 'Host',
  port: 'Port',
  moreHosts: 'More hosts',
  targetSessionAttrs: 'Session attributes',
  database: 'Database',
  user: 'User',
  applicationName: 'Application name',
  tlsMode: 'TLS',
  tlsNegotiation: 'TLS negotiation',
  tlsCaFile: 'CA file',
  tlsCertFile: 'Client certificate file',
  tlsKeyFile: 'Client key file',
  min: 'Minimum size',
  max: 'Maximum size',
  overflow: 'Overflow',
  reuseOrder: 'Reuse order',
  waitTimeoutMs: 'Wait timeout (ms)',
  connectTimeoutMs: 'Connect timeout (ms)',
  idleTimeoutMs: 'Idle timeout (ms)',
  maxLifetimeMs: 'Maximum lifetime (ms)',
  lifetimeJitterPercent: 'Lifetime jitter (%)',
  maxUses: 'Maximum uses',
  onRelease: 'On release',
  checkBeforeUse: 'Check before use',
  checkIdleMs: 'Check when idle longer than (ms)',
  leakThresholdMs: 'Leak threshold (ms)',
  idlePoolCloseMs: 'Close an unused pool after (ms)',
  queryTimeoutMs: 'Query timeout (ms)',
  statementTimeoutMs: 'Statement timeout (ms)',
  lockTimeoutMs: 'Lock timeout (ms)',
  idleInTransactionTimeoutMs: 'Idle in transaction timeout (ms)',
  keepAlive: 'TCP keepalive',
  keepAliveDelayMs: 'TCP keepalive delay (ms)',
  timeZone: 'Time zone',
  searchPath: 'Search path',
  role: 'Role',
  parameters: 'Session parameters',
  connectSql: 'SQL on each new connection',
  retries: 'Retries',
  retryDelayMs: 'Retry delay (ms)',
  breakerThreshold: 'Breaker threshold',
  breakerHalfOpenMs: 'Breaker half-open after (ms)',
  healthIntervalMs: 'Health check interval (ms)',
  healthTimeoutMs: 'Health check timeout (ms)',
  healthStatement: 'Health statement',
  logStatements: 'Statements in the event log',
  readOnly: 'Read-only',
  queryWrites: 'Queries may write',
};

export type SettingName = keyof ProfileDraft;
export const settingNames = Object.keys(settingLabels) as SettingName[];

const choiceWords: Record<string, string> = {
  lifo: 'last in, first out (LIFO)',
  fifo: 'first in, first out (FIFO)',
  rollback: 'ROLLBACK',
  'reset-all': 'RESET ALL',
  'discard-all': 'DISCARD ALL',
  'when-idle': 'when idle for long',
};

/** A setting's value as people read it: "30,000", "on", "RESET ALL", "h2:5432, h3:5433"; "none" for nothing. */
export function settingWords(name: SettingName, value: unknown): string {
  if (typeof value === 'number') return name === 'port' ? String(value) : value.toLocaleString('en-US');
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  if (Array.isArray(value)) {
    const items = value.map((item: Record<string, unknown>) =>
      'host' in item ? `${item.host}:${item.port}` : `${item.name} = ${item.value}`,
    );
    return items.length === 0 ? 'none' : items.join(', ');
  }
  const text = String(value);
  return text === '' ? 'none' : (choiceWords[text] ?? text);
}

/** Whether two values of a setting say the same. */
export const sameSetting = (a: unknown, b: unknown): boolean =>
  a === b || (typeof a === 'object' && JSON.stringify(a) === JSON.stringify(b));
