import { settingLabels, settingWords } from '#shared/model/profile/labels.ts';
import type { TlsMode } from '#shared/model/profile/tls.ts';
import { profileDefaults } from '#shared/model/profile.ts';
import type { FormFieldName } from './field-groups.ts';

/** What each setting does, in a line or two. Its default is added to that. */
const explanations: Record<FormFieldName, string> = {
  name: 'What you call it here, up to 80 characters.',
  host: 'Name or address; a folder of a Unix socket starts with "/".',
  port: '',
  database: '',
  user: 'The role to log in as.',
  password: '',
  moreHosts: 'Tried in order when the first does not answer, or is not what is asked for below.',
  targetSessionAttrs: 'Which of the hosts will do: any, one that takes writes, a standby…',
  applicationName: 'Marks these sessions in pg_stat_activity on the server.',
  tlsMode: '',
  tlsNegotiation: 'How encryption begins.',
  tlsCaFile:
    "PEM file of the authorities to trust; empty: this machine's own. A path on the machine that runs Poolscope.",
  tlsCertFile: 'PEM file that proves who you are, where the server asks for one. It goes with the key.',
  tlsKeyFile: 'PEM file of its key, plain or encrypted.',
  keyPassphrase: '',
  min: 'Connections opened at start and kept.',
  max: 'Connections that persist: never more at rest than this.',
  overflow: 'Opened beyond the maximum when all are taken, and closed when they come back.',
  reuseOrder: 'Which of several at rest is handed out. LIFO lets the others idle out; FIFO spreads the load.',
  waitTimeoutMs: 'Longest a request waits for a connection, opening one included.',
  connectTimeoutMs: 'Longest one attempt to connect may take; 0 leaves only the wait timeout.',
  idleTimeoutMs: 'An idle connection above the minimum is closed after this; 0 keeps it.',
  maxLifetimeMs: 'A connection older than this is closed when it is at rest; 0 means no limit.',
  lifetimeJitterPercent: 'Each lifetime is shorter by up to this share, so that they do not all end at once.',
  maxUses: 'A connection handed out so many times is closed when it comes back; 0 means no limit.',
  queryTimeoutMs: 'Poolscope gives up on a statement after this; 0 never does.',
  statementTimeoutMs: 'The server cancels a statement after this; 0 leaves its own setting.',
  lockTimeoutMs: 'The server gives up waiting for a lock after this; 0 leaves its own setting.',
  idleInTransactionTimeoutMs:
    'The server ends a session that idles in a transaction for this long; 0 leaves its own setting.',
  keepAlive:
    'Asks silent connections for a sign of life, so that firewalls keep them and lost ones are noticed.',
  keepAliveDelayMs: 'Silence before the first such probe.',
  timeZone: 'Like UTC or Europe/Berlin. Empty leaves the server its own.',
  searchPath: 'Schemas, by commas. Empty leaves the server its own.',
  role: 'Becomes this role after login (SET ROLE). Empty stays the user.',
  parameters: 'Any other setting of PostgreSQL or an extension, such as work_mem = 64MB.',
  connectSql: 'Run on every new connection before anyone gets it. One that fails closes the connection.',
  onRelease: 'Done to a connection that comes back.',
  checkBeforeUse:
    'Whether one at rest is asked for a sign of life before it is handed out. The cost is part of the wait.',
  checkIdleMs: 'Counts with "When idle for longer" only.',
  leakThresholdMs: 'A connection held for longer is reported as a suspected leak; 0 reports none.',
  idlePoolCloseMs:
    'A pool that nobody used for so long is closed; 0 leaves it open. Health checks do not count as use. Thirty minutes are 1,800,000.',
  retries:
    'Further attempts after a connection error, before a statement was sent. Other errors are never retried.',
  retryDelayMs: 'Before the first retry. Doubles for each further one, with jitter.',
  breakerThreshold: 'Connection failures in a row after which requests fail at once; 0 never does that.',
  breakerHalfOpenMs: 'After this, one attempt is let through to see whether the server is back.',
  healthIntervalMs: 'Time between two checks through the pool.',
  healthTimeoutMs: 'A check that takes longer counts as failed.',
  healthStatement: 'What a check runs. Empty means SELECT 1.',
  logStatements:
    "Whether the pool's event log holds the text of statements. Values of parameters are never in it.",
  readOnly: 'Poolscope changes nothing on this server: no names, no queries that write, no sessions ended.',
  queryWrites: 'Off: statements run in a read-only transaction.',
};

const withoutDefault: readonly FormFieldName[] = ['name', 'tlsMode', 'password', 'keyPassphrase'];

export const fieldLabel = (name: FormFieldName): string => {
  if (name === 'password') return 'Password';
  return name === 'keyPassphrase' ? 'Key passphrase' : settingLabels[name];
};

/** What a setting does, and its default. */
export function fieldExplanation(name: FormFieldName): string {
  const explanation = explanations[name];
  if (withoutDefault.includes(name) || name === 'password' || name === 'keyPassphrase') return explanation;
  const value = settingWords(name, profileDefaults[name]);
  return `${explanation} ${value === 'none' ? '' : `Default ${value}.`}`.trim();
}

export const tlsExplanations: Record<TlsMode, string> = {
  disable: 'Everything, the data included, crosses the network in the clear. Fine on this machine.',
  prefer:
    'Asks the server first and goes on without encryption when it declines. The certificate is not checked.',
  require: 'Refuses to go on without encryption. The certificate is not checked.',
  'verify-ca':
    "The server's certificate must be signed by an authority that is trusted; its name is not compared.",
  'verify-full':
    "The server's certificate must be signed by an authority that is trusted and carry the host's name.",
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
