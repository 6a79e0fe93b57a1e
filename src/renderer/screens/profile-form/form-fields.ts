import {
  type CheckMode,
  checkModes,
  type ReleaseAction,
  type ReuseOrder,
  releaseActions,
  reuseOrders,
} from '#shared/model/profile/pool.ts';
import { targetSessionAttrs } from '#shared/model/profile/target.ts';
import { type TlsMode, tlsModes, tlsNegotiations } from '#shared/model/profile/tls.ts';
import type { ProfileDraft } from '#shared/model/profile.ts';

/** Which kind of box a setting has in the form. Together they are all settings of a profile. */
export const numberFields = [
  'port',
  'min',
  'max',
  'overflow',
  'waitTimeoutMs',
  'connectTimeoutMs',
  'idleTimeoutMs',
  'maxLifetimeMs',
  'lifetimeJitterPercent',
  'maxUses',
  'checkIdleMs',
  'leakThresholdMs',
  'idlePoolCloseMs',
  'queryTimeoutMs',
  'statementTimeoutMs',
  'lockTimeoutMs',
  'idleInTransactionTimeoutMs',
  'keepAliveDelayMs',
  'retries',
  'retryDelayMs',
  'breakerThreshold',
  'breakerHalfOpenMs',
  'healthIntervalMs',
  'healthTimeoutMs',
] as const satisfies readonly (keyof ProfileDraft)[];

export const textFields = [
  'name',
  'host',
  'database',
  'user',
  'applicationName',
  'tlsCaFile',
  'tlsCertFile',
  'tlsKeyFile',
  'timeZone',
  'searchPath',
  'role',
  'connectSql',
  'healthStatement',
] as const satisfies readonly (keyof ProfileDraft)[];

export const switchFields = [
  'keepAlive',
  'logStatements',
  'readOnly',
  'queryWrites',
] as const satisfies readonly (keyof ProfileDraft)[];

/** The words of each choice; the values are those of the schema. */
export const choiceFields = {
  targetSessionAttrs: targetSessionAttrs.map((value) => ({ value, label: value })),
  tlsMode: tlsModes.map((value) => ({ value, label: tlsLabel(value) })),
  tlsNegotiation: tlsNegotiations.map((value) => ({
    value,
    label:
      value === 'direct' ? 'Direct: TLS at once (PostgreSQL 17 and later)' : 'PostgreSQL: ask for TLS first',
  })),
  reuseOrder: reuseOrders.map((value) => ({ value, label: reuseLabel(value) })),
  onRelease: releaseActions.map((value) => ({ value, label: releaseLabel(value) })),
  checkBeforeUse: checkModes.map((value) => ({ value, label: checkLabel(value) })),
} as const satisfies Partial<Record<keyof ProfileDraft, readonly { value: string; label: string }[]>>;

function reuseLabel(order: ReuseOrder): string {
  return {
    lifo: 'LIFO: the one given back last',
    fifo: 'FIFO: the one at rest for longest',
  }[order];
}

function checkLabel(mode: CheckMode): string {
  return { never: 'Never', 'when-idle': 'When idle for longer', always: 'Always' }[mode];
}

function tlsLabel(mode: TlsMode): string {
  return {
    disable: 'Disable: never encrypt',
    prefer: 'Prefer: encrypt if the server offers it',
    require: 'Require: always encrypt',
    'verify-ca': 'Verify CA: encrypt and check who signed the certificate',
    'verify-full': 'Verify full: encrypt and check the certificate',
  }[mode];
}

function releaseLabel(action: ReleaseAction): string {
  return {
    nothing: 'Nothing: leave it as it was',
    rollback: 'ROLLBACK, when a transaction is open',
    'reset-all': 'RESET ALL: settings go back',
    'discard-all': 'DISCARD ALL: as a new session',
  }[action];
}

export type NumberFieldName = (typeof numberFields)[number];
export type TextFieldName = (typeof textFields)[number];
export type SwitchFieldName = (typeof switchFields)[number];
export type ChoiceFieldName = keyof typeof choiceFields;
export const choiceFieldNames = Object.keys(choiceFields) as ChoiceFieldName[];

const within = (list: readonly string[]) => (name: string) => list.includes(name);
export const isNumberField = within(numberFields) as (name: string) => name is NumberFieldName;
export const isSwitchField = within(switchFields) as (name: string) => name is SwitchFieldName;
export const isChoiceField = within(choiceFieldNames) as (name: string) => name is ChoiceFieldName;
