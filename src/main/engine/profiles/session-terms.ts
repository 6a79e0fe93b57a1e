import type { ProfileDraft } from '#shared/model/profile.ts';

/** What a new session is told. */
export interface SessionTerms {
  /** Name and value, in the order they are told. */
  parameters: [name: string, value: string][];
  /** Empty for none. */
  role: string;
  connectSql: string;
}

type SessionSettings = Pick<
  ProfileDraft,
  | 'statementTimeoutMs'
  | 'lockTimeoutMs'
  | 'idleInTransactionTimeoutMs'
  | 'timeZone'
  | 'searchPath'
  | 'role'
  | 'parameters'
  | 'connectSql'
>;

/** Null when a session is to be left as the server makes it. Timeouts without a unit are milliseconds. */
export function sessionTermsOf(profile: SessionSettings): SessionTerms | null {
  const timeouts: [string, number][] = [
    ['statement_timeout', profile.statementTimeoutMs],
    ['lock_timeout', profile.lockTimeoutMs],
    ['idle_in_transaction_session_timeout', profile.idleInTransactionTimeoutMs],
  ];
  const texts: [string, string][] = [
    ['TimeZone', profile.timeZone],
    ['search_path', profile.searchPath],
  ];
  const parameters: [string, string][] = [
    ...timeouts.filter(([, ms]) => ms > 0).map(([name, ms]): [string, string] => [name, String(ms)]),
    ...texts.filter(([, value]) => value !== ''),
    ...profile.parameters.map(({ name, value }): [string, string] => [name, value]),
  ];
  const { role, connectSql } = profile;
  if (parameters.length === 0 && role === '' && connectSql === '') return null;
  return { parameters, role, connectSql };
}

/** What PgBouncer takes at login and keeps apart for each of its clients, whatever its pool mode. */
const trackedByPoolers = new Set([
  'client_encoding',
  'datestyle',
  'timezone',
  'standard_conforming_strings',
  'application_name',
]);

export const isTracked = (name: string): boolean => trackedByPoolers.has(name.toLowerCase());
