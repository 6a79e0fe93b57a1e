import { type SettingName, sameSetting } from './profile/labels.ts';
import type { ProfileDraft } from './profile.ts';

type Draft = Partial<ProfileDraft>;

/** A few settings that go together, with the reason for each. Nothing is applied by itself. */
export interface Preset {
  id: 'development' | 'production' | 'high-traffic' | 'behind-pgbouncer' | 'read-replica';
  label: string;
  /** When to choose it. */
  summary: string;
  settings: { values: Draft; why: string }[];
}

const seconds = (count: number) => count * 1000;
const minutes = (count: number) => count * 60_000;

export const presets: readonly Preset[] = [
  {
    id: 'development',
    label: 'Development',
    summary: 'One person and one application: few connections, and mistakes show soon.',
    settings: [
      {
        values: { min: 2, max: 10, overflow: 0 },
        why: 'Two are ready at once; ten are more than one person needs.',
      },
      {
        values: { waitTimeoutMs: seconds(10), connectTimeoutMs: seconds(5) },
        why: 'A pool that ran dry or a server that is down shows before you wonder.',
      },
      {
        values: { idleTimeoutMs: minutes(5), maxLifetimeMs: 0 },
        why: 'What is not used goes; nothing needs to be renewed.',
      },
      {
        values: { queryTimeoutMs: seconds(60), statementTimeoutMs: 0 },
        why: 'Long statements are part of trying things out.',
      },
      {
        values: { leakThresholdMs: seconds(10) },
        why: 'A connection that is not given back is found while the code is fresh.',
      },
    ],
  },
  {
    id: 'production',
    label: 'Production',
    summary:
      'A service with steady load: connections are ready, renewed, checked, and nothing hangs for ever.',
    settings: [
      {
        values: { min: 10, max: 100, overflow: 0 },
        why: 'Ten take the usual load without connecting, a hundred the peaks.',
      },
      {
        values: { waitTimeoutMs: seconds(30), connectTimeoutMs: seconds(10) },
        why: 'Requests wait out a short peak, but not for a server that does not answer.',
      },
      {
        values: { idleTimeoutMs: minutes(10), maxLifetimeMs: minutes(30), lifetimeJitterPercent: 10 },
        why: 'Connections are renewed before firewalls and failovers make them stale, and not all at once.',
      },
      {
        values: { queryTimeoutMs: seconds(60), statementTimeoutMs: seconds(60), lockTimeoutMs: seconds(10) },
        why: 'A statement that runs away or waits for a lock does not keep its connection.',
      },
      {
        values: { idleInTransactionTimeoutMs: seconds(60) },
        why: 'A transaction that was forgotten neither holds locks nor keeps vacuum from its work.',
      },
      {
        values: { onRelease: 'rollback' },
        why: 'What is left open in a transaction does not reach the next holder.',
      },
      {
        values: { checkBeforeUse: 'when-idle', checkIdleMs: seconds(30) },
        why: 'A connection that died at rest is replaced before anyone gets it; busy ones pay nothing.',
      },
      { values: { leakThresholdMs: seconds(60) }, why: 'Holding one for a minute is long for a service.' },
    ],
  },
  {
    id: 'high-traffic',
    label: 'High traffic',
    summary: 'Many short requests: a large pool that is warm, and that fails fast when it is full.',
    settings: [
      {
        values: { min: 50, max: 200, overflow: 0 },
        why: 'Fifty stay open for the usual rush. See that max_connections of the server has room for 200.',
      },
      {
        values: { waitTimeoutMs: seconds(5), connectTimeoutMs: seconds(5) },
        why: 'When all are taken, failing soon is better than a growing queue.',
      },
      {
        values: { idleTimeoutMs: minutes(10), maxLifetimeMs: minutes(60), lifetimeJitterPercent: 20 },
        why: 'Renewal is seldom, and spread wide over so many connections.',
      },
      {
        values: { reuseOrder: 'lifo' },
        why: 'The latest is the warmest; the rest can go when traffic falls.',
      },
      {
        values: { queryTimeoutMs: seconds(10), statementTimeoutMs: seconds(10), lockTimeoutMs: seconds(2) },
        why: 'One slow statement must not hold up thousands.',
      },
      {
        values: { idleInTransactionTimeoutMs: seconds(10) },
        why: 'Nothing waits for its user inside a transaction.',
      },
      { values: { onRelease: 'rollback' }, why: 'Costs nothing when no transaction is open.' },
      {
        values: { checkBeforeUse: 'when-idle', checkIdleMs: seconds(60) },
        why: 'Under load connections hardly rest, so hardly any is checked.',
      },
      { values: { leakThresholdMs: seconds(15) }, why: 'Holding one for so long is suspicious here.' },
    ],
  },
  {
    id: 'behind-pgbouncer',
    label: 'Behind PgBouncer',
    summary:
      'The target is a PgBouncer: nothing is sent that it refuses, nothing is kept on sessions that others get next.',
    settings: [
      {
        values: { statementTimeoutMs: 0, lockTimeoutMs: 0, idleInTransactionTimeoutMs: 0 },
        why: 'PgBouncer refuses startup parameters that it does not track. Set these with ALTER ROLE … SET.',
      },
      {
        values: { timeZone: '', searchPath: '', role: '', parameters: [], connectSql: '' },
        why: 'State of a session would stay with a server connection that another client gets next.',
      },
      { values: { onRelease: 'nothing' }, why: 'PgBouncer resets its servers itself (server_reset_query).' },
      {
        values: { checkBeforeUse: 'never' },
        why: 'PgBouncer checks its servers itself (server_check_query).',
      },
      { values: { min: 0 }, why: 'PgBouncer keeps the connections; a pool before it need not.' },
      {
        values: { maxLifetimeMs: 0, maxUses: 0 },
        why: 'PgBouncer renews its servers itself (server_lifetime).',
      },
      {
        values: { moreHosts: [], targetSessionAttrs: 'any' },
        why: 'The target is the pooler, whatever stands behind it.',
      },
      { values: { tlsNegotiation: 'postgres' }, why: 'Most versions of PgBouncer do not take TLS at once.' },
    ],
  },
  {
    id: 'read-replica',
    label: 'Read replica',
    summary: 'Reports and reads: a standby is preferred, and nothing is written.',
    settings: [
      {
        values: { targetSessionAttrs: 'prefer-standby' },
        why: 'Of several hosts a standby is taken, the primary only if there is none.',
      },
      {
        values: { readOnly: true, queryWrites: false },
        why: 'A standby refuses writes anyway; here they are not even offered.',
      },
      {
        values: { statementTimeoutMs: minutes(5), idleInTransactionTimeoutMs: seconds(60) },
        why: 'Long snapshots on a standby are cancelled by replay, or keep vacuum on the primary from its work.',
      },
      {
        values: { maxLifetimeMs: minutes(10), lifetimeJitterPercent: 20 },
        why: 'After a failover, or when replicas come and go, connections move within minutes.',
      },
      {
        values: { checkBeforeUse: 'when-idle', checkIdleMs: seconds(30) },
        why: 'Replicas are restarted more often than primaries.',
      },
    ],
  },
];

/** What a preset would change. */
export interface PresetChange {
  setting: SettingName;
  from: unknown;
  to: unknown;
  why: string;
}

/** Only what differs from `current`; empty when all of it is so already. */
export function presetChanges(
  current: Partial<Record<SettingName, unknown>>,
  preset: Preset,
): PresetChange[] {
  return preset.settings.flatMap(({ values, why }) =>
    (Object.entries(values) as [SettingName, unknown][])
      .filter(([setting, to]) => !sameSetting(current[setting], to))
      .map(([setting, to]) => ({ setting, from: current[setting], to, why })),
  );
}
