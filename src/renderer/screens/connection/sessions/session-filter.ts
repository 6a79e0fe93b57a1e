import { matchesFilter, type SessionFilter, stateWords } from '#shared/model/sessions/filter.ts';
import { idleInTransactionMs, type Session, type SessionState } from '#shared/model/sessions/session.ts';

/** What the table of sessions is narrowed down to. */
export interface ShownFilter {
  /** What an action on the group goes by. */
  filter: SessionFilter;
  /** Searched in everything a row shows; narrows the table only. */
  text: string;
  /** The server's own processes as well. */
  everything: boolean;
}

export const noFilter: ShownFilter = { filter: {}, text: '', everything: false };

export const hasConditions = (filter: SessionFilter): boolean =>
  Object.values(filter).some((condition) => condition !== undefined);

/** The same filter with one condition replaced; undefined takes it away. */
export function withCondition<K extends keyof SessionFilter>(
  shown: ShownFilter,
  key: K,
  condition: SessionFilter[K] | undefined,
): ShownFilter {
  const { [key]: _, ...others } = shown.filter;
  return { ...shown, filter: condition === undefined ? others : { ...others, [key]: condition } };
}

/** Everything of a session that a text is searched in. */
function searchText(session: Session): string {
  const { pid, application, user, database, clientAddress, waitEventType, waitEvent, query, backendType } =
    session;
  return [
    pid,
    application,
    user,
    database,
    clientAddress,
    stateWords[session.state],
    waitEventType,
    waitEvent,
  ]
    .concat([query, session.kind === 'client' ? null : backendType])
    .join('\n')
    .toLowerCase();
}

const searchTexts = new WeakMap<Session, string>();

/** Sessions that did not change are the same objects, so their text is put together once. */
function searchTextOf(session: Session): string {
  let text = searchTexts.get(session);
  if (text === undefined) {
    text = searchText(session);
    searchTexts.set(session, text);
  }
  return text;
}

export function matchesShown(shown: ShownFilter, session: Session, serverNowMs: number): boolean {
  const { filter, text, everything } = shown;
  if (!everything && session.kind !== 'client') return false;
  if (hasConditions(filter) && !matchesFilter(filter, session, serverNowMs)) return false;
  const wanted = text.trim().toLowerCase();
  return wanted === '' || searchTextOf(session).includes(wanted);
}

export interface Suggestion {
  /** "3 idle in transaction over 10 min: billing" */
  label: string;
  filter: SessionFilter;
}

const minuteMs = 60_000;
/** An open transaction that does nothing for as long is worth a look, the longer the more. */
const suspiciousMs = [60 * minuteMs, 10 * minuteMs, minuteMs];
const ageLabels: Record<number, string> = {
  [60 * minuteMs]: '1 h',
  [10 * minuteMs]: '10 min',
  [minuteMs]: '1 min',
};

/** Groups worth a click: who has been idle in a transaction for long, by application, the largest first. */
export function suggestionsOf(sessions: Iterable<Session>, serverNowMs: number): Suggestion[] {
  const ages = new Map<string, number[]>();
  for (const session of sessions) {
    const ageMs = session.kind === 'client' ? idleInTransactionMs(session, serverNowMs) : null;
    if (ageMs === null || ageMs < minuteMs) continue;
    ages.set(session.application, [...(ages.get(session.application) ?? []), ageMs]);
  }
  const groups = [...ages].map(([application, inGroup]) => {
    const minStateAgeMs = suspiciousMs.find((least) => inGroup.some((ageMs) => ageMs >= least)) ?? minuteMs;
    const count = inGroup.filter((ageMs) => ageMs >= minStateAgeMs).length;
    return { application, minStateAgeMs, count };
  });
  return groups
    .sort((a, b) => b.minStateAgeMs - a.minStateAgeMs || b.count - a.count)
    .slice(0, 3)
    .map(({ application, minStateAgeMs, count }) => ({
      label: `${count} idle in transaction over ${ageLabels[minStateAgeMs]}: ${application || '(no application name)'}`,
      filter: {
        states: ['idleInTransaction', 'idleInTransactionAborted'],
        applications: [application],
        minStateAgeMs,
      },
    }));
}

/** How many client sessions are in each state. */
export function countStates(sessions: Iterable<Session>): Record<SessionState, number> {
  const counts = {
    active: 0,
    idle: 0,
    idleInTransaction: 0,
    idleInTransactionAborted: 0,
    other: 0,
    unknown: 0,
  };
  for (const { kind, state } of sessions) if (kind === 'client') counts[state] += 1;
  return counts;
}

/** Names and counts of client sessions by some part of theirs, largest first. */
export function countBy(
  sessions: Iterable<Session>,
  partOf: (session: Session) => string | null,
): [name: string, count: number][] {
  const counts = new Map<string, number>();
  for (const session of sessions) {
    const part = session.kind === 'client' ? partOf(session) : null;
    if (part !== null) counts.set(part, (counts.get(part) ?? 0) + 1);
  }
  return [...counts].sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0]));
}
