import { type Session, type SessionKind, type SessionState, sessionKinds, sessionStates } from './session.ts';

const numberFields = [
  'pid',
  'backendStartUs',
  'leaderPid',
  'clientPort',
  'xactStartMs',
  'queryStartMs',
  'stateChangeMs',
] as const;
const textFields = [
  'backendType',
  'database',
  'user',
  'application',
  'clientAddress',
  'waitEventType',
  'waitEvent',
  'queryId',
  'query',
] as const;

/** Sessions as they cross the bridge: columns, with every text once. Made and read only by this file. */
export interface PackedSessions {
  count: number;
  numbers: (number | null)[][];
  /** Indexes into `words`; -1 for null. */
  texts: number[][];
  kinds: number[];
  states: number[];
  visible: boolean[];
  words: string[];
}

export function packSessions(sessions: readonly Session[]): PackedSessions {
  const words: string[] = [];
  const known = new Map<string, number>();
  const indexOf = (text: string | null): number => {
    if (text === null) return -1;
    const index = known.get(text);
    if (index !== undefined) return index;
    known.set(text, words.length);
    return words.push(text) - 1;
  };
  return {
    count: sessions.length,
    numbers: numberFields.map((field) => sessions.map((session) => session[field])),
    texts: textFields.map((field) => sessions.map((session) => indexOf(session[field]))),
    kinds: sessions.map(({ kind }) => sessionKinds.indexOf(kind)),
    states: sessions.map(({ state }) => sessionStates.indexOf(state)),
    visible: sessions.map(({ visible }) => visible),
    words,
  };
}

export function unpackSessions(packed: PackedSessions): Session[] {
  const { count, numbers, texts, kinds, states, visible, words } = packed;
  const number = (field: number, row: number) => numbers[field]?.[row] ?? null;
  const text = (field: number, row: number) => words[texts[field]?.[row] ?? -1] ?? null;
  return Array.from({ length: count }, (_, row) => ({
    pid: number(0, row) ?? 0,
    backendStartUs: number(1, row),
    leaderPid: number(2, row),
    clientPort: number(3, row),
    xactStartMs: number(4, row),
    queryStartMs: number(5, row),
    stateChangeMs: number(6, row),
    backendType: text(0, row),
    database: text(1, row),
    user: text(2, row),
    application: text(3, row) ?? '',
    clientAddress: text(4, row),
    waitEventType: text(5, row),
    waitEvent: text(6, row),
    queryId: text(7, row),
    query: text(8, row),
    kind: sessionKinds[kinds[row] ?? -1] ?? ('background' satisfies SessionKind),
    state: sessionStates[states[row] ?? -1] ?? ('unknown' satisfies SessionState),
    visible: visible[row] ?? false,
  }));
}
