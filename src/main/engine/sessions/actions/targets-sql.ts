import type { SessionFilter } from '#shared/model/sessions/filter.ts';
import type { SessionState } from '#shared/model/sessions/session.ts';
import { monitorName } from '../server/monitor-connection.ts';

const serverStates: Record<SessionState, readonly string[]> = {
  active: ['active'],
  idle: ['idle'],
  idleInTransaction: ['idle in transaction'],
  idleInTransactionAborted: ['idle in transaction (aborted)'],
  other: ['fastpath function call', 'disabled', 'starting'],
  unknown: [],
};

/** Parameters of one statement, numbered as they are added. */
export class Parameters {
  readonly values: unknown[] = [];

  /** @returns "$1" and so on */
  add(value: unknown): string {
    return `$${this.values.push(value)}`;
  }
}

/** Never a session of ours that watches, whoever asks. */
const notOurs = (parameters: Parameters): string =>
  `a.pid <> pg_backend_pid()
   AND NOT (a.application_name = ${parameters.add(monitorName)} AND a.usename = current_user)`;

/** What an action on one session may concern: not the server's own housekeeping. */
export const singleCondition = (parameters: Parameters): string =>
  `${notOurs(parameters)} AND a.backend_type IN
    ('client backend', 'walsender', 'autovacuum worker', 'parallel worker', 'logical replication worker',
     'logical replication apply worker', 'logical replication tablesync worker',
     'logical replication parallel worker')`;

/** The filter in SQL, as `matchesFilter` has it. Sessions the role cannot see never match. */
export function groupCondition(filter: SessionFilter, parameters: Parameters): string {
  const conditions = [notOurs(parameters), "a.backend_type = 'client backend'"];
  const oneOf = (expression: string, names: readonly string[] | undefined) => {
    if (names !== undefined) conditions.push(`${expression} = ANY (${parameters.add(names)}::text[])`);
  };
  const olderThan = (column: string, ageMs: number | undefined) => {
    if (ageMs === undefined) return;
    const seconds = parameters.add(ageMs / 1000);
    conditions.push(`a.${column} <= clock_timestamp() - make_interval(secs => ${seconds}::float8)`);
  };
  oneOf('a.application_name', filter.applications);
  oneOf('a.usename', filter.users);
  oneOf('a.datname', filter.databases);
  oneOf("coalesce(host(a.client_addr), '')", filter.addresses);
  oneOf(
    'a.state',
    filter.states?.flatMap((state) => serverStates[state]),
  );
  olderThan('state_change', filter.minStateAgeMs);
  olderThan('xact_start', filter.minTransactionAgeMs);
  return conditions.join(' AND ');
}
