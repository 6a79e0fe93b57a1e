import * as z from 'zod/mini';
import { type Session, sessionStates, transactionMs } from './session.ts';

const names = z.optional(z.array(z.string().check(z.maxLength(256))).check(z.minLength(1), z.maxLength(100)));
const age = z.optional(z.int().check(z.gte(0), z.lte(3_600_000 * 24 * 365)));

/**
 * Client sessions by what they are and do; every condition given must hold. Means the same in the
 * table, in the preview of an action and in the action itself. `''` stands for no application name,
 * and for a Unix socket among the addresses.
 */
export const sessionFilterSchema = z.object({
  applications: names,
  users: names,
  databases: names,
  addresses: names,
  states: z.optional(z.array(z.enum(sessionStates)).check(z.minLength(1))),
  /** Milliseconds in the present state, from `state_change`. */
  minStateAgeMs: age,
  /** Milliseconds since the transaction began. */
  minTransactionAgeMs: age,
});
export type SessionFilter = z.output<typeof sessionFilterSchema>;

/** What is unknown never matches a condition: an action must not hit what cannot be seen. */
export function matchesFilter(filter: SessionFilter, session: Session, serverNowMs: number): boolean {
  const { applications, users, databases, addresses, states, minStateAgeMs, minTransactionAgeMs } = filter;
  const stateAgeMs = session.stateChangeMs === null ? null : serverNowMs - session.stateChangeMs;
  const xactMs = transactionMs(session, serverNowMs);
  return (
    session.kind === 'client' &&
    (applications?.includes(session.application) ?? true) &&
    (users === undefined || (session.user !== null && users.includes(session.user))) &&
    (databases === undefined || (session.database !== null && databases.includes(session.database))) &&
    (addresses === undefined || (session.visible && addresses.includes(session.clientAddress ?? ''))) &&
    (states === undefined || states.includes(session.state)) &&
    (minStateAgeMs === undefined || (stateAgeMs !== null && stateAgeMs >= minStateAgeMs)) &&
    (minTransactionAgeMs === undefined || (xactMs !== null && xactMs >= minTransactionAgeMs))
  );
}

/** "idle in transaction for at least 10 minutes, application billing": a filter in words. */
export function filterInWords(filter: SessionFilter): string {
  const list = (label: string, values: string[] | undefined) =>
    values === undefined
      ? []
      : [`${label} ${values.map((value) => (value === '' ? '(none)' : value)).join(' or ')}`];
  const parts = [
    ...(filter.states === undefined ? [] : [filter.states.map((state) => stateWords[state]).join(' or ')]),
    ...(filter.minStateAgeMs === undefined
      ? []
      : [`in this state for at least ${ageInWords(filter.minStateAgeMs)}`]),
    ...(filter.minTransactionAgeMs === undefined
      ? []
      : [`in a transaction for at least ${ageInWords(filter.minTransactionAgeMs)}`]),
    ...list('application', filter.applications),
    ...list('user', filter.users),
    ...list('database', filter.databases),
    ...list('address', filter.addresses),
  ];
  return parts.length === 0 ? 'all client sessions' : parts.join(', ');
}

/** The states as the server calls them. */
export const stateWords: Record<Session['state'], string> = {
  active: 'active',
  idle: 'idle',
  idleInTransaction: 'idle in transaction',
  idleInTransactionAborted: 'idle in transaction (aborted)',
  other: 'other',
  unknown: 'unknown',
};

function ageInWords(ms: number): string {
  if (ms % 60_000 === 0 && ms > 0) return ms === 60_000 ? '1 minute' : `${ms / 60_000} minutes`;
  return `${ms / 1000} s`;
}
