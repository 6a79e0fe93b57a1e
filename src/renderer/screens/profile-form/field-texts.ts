import type { TlsMode } from '#shared/model/profile/tls.ts';
import { profileDefaults } from '#shared/model/profile.ts';
import { formatCount } from '../../charts/formats.ts';
import type { NumberFieldName, SwitchFieldName, TextFieldName } from './form-values.ts';

interface FieldText {
  label: string;
  /** One line on what it does, its default, and its name elsewhere where that is short. */
  explanation: string;
}

/** Labels as in the schema's own sentences, so that an error names what the user sees. */
export const fieldTexts: Record<NumberFieldName | TextFieldName | SwitchFieldName, FieldText> = {
  name: { label: 'Name', explanation: 'What you call it here, up to 80 characters.' },
  host: { label: 'Host', explanation: 'Name or address; a folder of a Unix socket starts with "/".' },
  port: { label: 'Port', explanation: `Default ${profileDefaults.port}.` },
  database: { label: 'Database', explanation: `Default ${profileDefaults.database}.` },
  user: { label: 'User', explanation: 'The role to log in as.' },
  applicationName: {
    label: 'Application name',
    explanation: 'Marks these sessions in pg_stat_activity on the server.',
  },
  min: {
    label: 'Minimum size',
    explanation: `Connections opened at start and kept. Default ${profileDefaults.min}. Also known as min_size, minimumIdle.`,
  },
  max: {
    label: 'Maximum size',
    explanation: `Never more connections than this. Default ${profileDefaults.max}. Also known as max_size, maximumPoolSize.`,
  },
  waitTimeoutMs: {
    label: 'Wait timeout (ms)',
    explanation: `Longest a request waits for a connection, opening one included. Default ${formatCount(profileDefaults.waitTimeoutMs)}. Also known as pool_timeout, connectionTimeoutMillis.`,
  },
  idleTimeoutMs: {
    label: 'Idle timeout (ms)',
    explanation: `An idle connection above the minimum is closed after this; 0 keeps it. Default ${formatCount(profileDefaults.idleTimeoutMs)}. Also known as idleTimeout, max_inactive_connection_lifetime.`,
  },
  maxLifetimeMs: {
    label: 'Maximum lifetime (ms)',
    explanation: `A connection older than this is closed when it comes back; 0 means no limit. Default ${formatCount(profileDefaults.maxLifetimeMs)}. Also known as maxLifetime, pool_recycle.`,
  },
  healthIntervalMs: {
    label: 'Health check interval (ms)',
    explanation: `Time between two checks (SELECT 1 through the pool). Default ${formatCount(profileDefaults.healthIntervalMs)}.`,
  },
  healthTimeoutMs: {
    label: 'Health check timeout (ms)',
    explanation: `A check that takes longer counts as failed. Default ${formatCount(profileDefaults.healthTimeoutMs)}.`,
  },
  readOnly: {
    label: 'Read-only',
    explanation:
      'Poolscope changes nothing on this server: no names, no queries that write, no sessions ended.',
  },
  queryWrites: {
    label: 'Queries may write',
    explanation: 'Off: statements run in a read-only transaction. Default off.',
  },
};

export const tlsTexts: Record<TlsMode, { label: string; explanation: string }> = {
  disable: {
    label: 'Disable: never encrypt',
    explanation: 'Everything, the data included, crosses the network in the clear. Fine on this machine.',
  },
  prefer: {
    label: 'Prefer: encrypt if the server offers it',
    explanation:
      'Asks the server first and goes on without encryption when it declines. The certificate is not checked.',
  },
  require: {
    label: 'Require: always encrypt',
    explanation: 'Refuses to go on without encryption. The certificate is not checked.',
  },
  'verify-ca': {
    label: 'Verify CA: encrypt and check who signed the certificate',
    explanation:
      "The server's certificate must be signed by an authority that is trusted; its name is not compared.",
  },
  'verify-full': {
    label: 'Verify full: encrypt and check the certificate',
    explanation:
      "The server's certificate must be signed by an authority this machine trusts and carry the host's name.",
  },
};

/** "30000" as "30 s", for the corner of a box that holds milliseconds; empty when it helps nobody. */
export function durationHint(ms: number): string {
  if (!Number.isFinite(ms) || ms < 1000) return '';
  const units: [number, string][] = [
    [86_400_000, 'd'],
    [3_600_000, 'h'],
    [60_000, 'min'],
    [1000, 's'],
  ];
  for (const [unitMs, word] of units) {
    if (ms >= unitMs) return `${Math.round((ms / unitMs) * 10) / 10} ${word}`;
  }
  return '';
}
