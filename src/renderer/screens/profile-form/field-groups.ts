import type { SettingName } from '#shared/model/profile/labels.ts';

/** A box of the form: a setting, or a secret that lies in the vault. */
export type FormFieldName = SettingName | 'password' | 'keyPassphrase';

export type GroupId =
  | 'target'
  | 'hosts'
  | 'tls'
  | 'size'
  | 'time'
  | 'session'
  | 'release'
  | 'resilience'
  | 'safety';

export interface FieldGroup {
  id: GroupId;
  title: string;
  fields: readonly FormFieldName[];
}

/** The whole form, in order. The first group is what a newcomer fills in, and is always open. */
export const fieldGroups: readonly FieldGroup[] = [
  { id: 'target', title: 'Target', fields: ['name', 'host', 'port', 'database', 'user', 'password'] },
  {
    id: 'hosts',
    title: 'More hosts and application name',
    fields: ['moreHosts', 'targetSessionAttrs', 'applicationName'],
  },
  {
    id: 'tls',
    title: 'TLS',
    fields: ['tlsMode', 'tlsCaFile', 'tlsCertFile', 'tlsKeyFile', 'keyPassphrase', 'tlsNegotiation'],
  },
  { id: 'size', title: 'Size', fields: ['min', 'max', 'overflow', 'reuseOrder'] },
  {
    id: 'time',
    title: 'Time',
    fields: [
      'waitTimeoutMs',
      'connectTimeoutMs',
      'idleTimeoutMs',
      'maxLifetimeMs',
      'lifetimeJitterPercent',
      'maxUses',
      'queryTimeoutMs',
      'statementTimeoutMs',
      'lockTimeoutMs',
      'idleInTransactionTimeoutMs',
      'keepAlive',
      'keepAliveDelayMs',
    ],
  },
  { id: 'session', title: 'Session', fields: ['timeZone', 'searchPath', 'role', 'parameters', 'connectSql'] },
  {
    id: 'release',
    title: 'On release and checks',
    fields: ['onRelease', 'checkBeforeUse', 'checkIdleMs', 'leakThresholdMs'],
  },
  {
    id: 'resilience',
    title: 'Resilience',
    fields: [
      'retries',
      'retryDelayMs',
      'breakerThreshold',
      'breakerHalfOpenMs',
      'healthIntervalMs',
      'healthTimeoutMs',
      'healthStatement',
      'idlePoolCloseMs',
    ],
  },
  { id: 'safety', title: 'Safety', fields: ['readOnly', 'queryWrites', 'logStatements'] },
];

/** The group that holds the field of this path ("moreHosts.0.port"). */
export const groupOfField = (path: string): FieldGroup | undefined =>
  fieldGroups.find(({ fields }) => (fields as readonly string[]).includes(path.split('.')[0] ?? ''));
