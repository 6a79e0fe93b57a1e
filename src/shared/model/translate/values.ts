import type { Complaint, Token } from './tokens.ts';

/** A value of source code, as far as it can be told without running it. */
export type Value =
  | { kind: 'text'; text: string }
  | { kind: 'number'; number: number }
  | { kind: 'truth'; truth: boolean }
  | { kind: 'nothing' }
  | { kind: 'list'; items: Value[] }
  | { kind: 'entries'; entries: Entry[] }
  | { kind: 'call'; name: string; entries: Entry[] }
  | { kind: 'name'; name: string }
  /** A function; the first statement it runs. */
  | { kind: 'code'; sql: string | null }
  | { kind: 'unknown' };

/** An argument or a part of a dictionary; `key` is null for what stands without a name. */
export interface Entry {
  key: string | null;
  value: Value;
  line: number;
  source: string;
}

const closers: Record<string, string> = { '(': ')', '[': ']', '{': '}' };
const isMark = (token: Token | undefined, source: string) =>
  token?.kind === 'mark' && token.source === source;

/** The index of the bracket that closes the one at `open`; the end of the text where none does. */
export function closingOf(tokens: Token[], open: number): number {
  const wanted: string[] = [];
  for (let i = open; i < tokens.length; i += 1) {
    const token = tokens[i];
    if (token?.kind !== 'mark') continue;
    const closer = closers[token.source];
    if (closer !== undefined) wanted.push(closer);
    else if (token.source === wanted.at(-1)) wanted.pop();
    if (wanted.length === 0) return i;
  }
  return tokens.length;
}

/** The first bracket that is never closed, or closed without having been opened. */
export function bracketProblem(tokens: Token[]): Complaint | null {
  const open: Token[] = [];
  for (const token of tokens) {
    if (token.kind !== 'mark') continue;
    if (closers[token.source] !== undefined) open.push(token);
    else if (Object.values(closers).includes(token.source)) {
      const opener = open.pop();
      if (opener === undefined || closers[opener.source] !== token.source)
        return { line: token.line, message: `This "${token.source}" closes nothing that was opened.` };
    }
  }
  const last = open.at(-1);
  return last === undefined
    ? null
    : { line: last.line, message: `The "${last.source}" that opens here is never closed.` };
}

const sourceOf = (tokens: Token[]): string =>
  tokens.reduce((text, token, i) => {
    const before = tokens[i - 1];
    const tight =
      before === undefined ||
      /^[.,)\]:(]$/.test(token.source) ||
      /^[.([]$/.test(before.source) ||
      token.source === '[';
    return text + (tight ? '' : ' ') + token.source;
  }, '');

/** Splits what stands between brackets at its commas. A line that begins with a key begins an entry too. */
export function entriesOf(tokens: Token[]): Entry[] {
  const entries: Entry[] = [];
  let start = 0;
  let i = 0;
  const isKey = (at: number) => {
    const token = tokens[at];
    const next = tokens[at + 1];
    if (token === undefined || (token.kind !== 'name' && token.kind !== 'text')) return false;
    return (
      isMark(next, ':') || (isMark(next, '=') && !isMark(tokens[at + 2], '=') && !isMark(tokens[at + 2], '>'))
    );
  };
  const flush = (end: number) => {
    const part = tokens.slice(start, end);
    if (part.length > 0) entries.push(entryOf(part));
  };
  while (i < tokens.length) {
    const token = tokens[i];
    if (isMark(token, ',')) {
      flush(i);
      i += 1;
      start = i;
      continue;
    }
    if (i > start && isKey(i) && token?.line !== tokens[i - 1]?.line && !isMark(tokens[i - 1], '?')) {
      flush(i);
      start = i;
    }
    i = token?.kind === 'mark' && closers[token.source] !== undefined ? closingOf(tokens, i) + 1 : i + 1;
  }
  flush(tokens.length);
  return entries;
}

function entryOf(part: Token[]): Entry {
  const [first, second] = part;
  const line = first?.line ?? 1;
  const source = sourceOf(part);
  const key = first?.kind === 'text' ? String(first.value ?? '') : (first?.source ?? '');
  if (first?.kind === 'name' || first?.kind === 'text') {
    if (isMark(second, ':') || isMark(second, '='))
      return { key, value: readValue(part.slice(2)), line, source };
    // `onConnect(client) { … }`, with or without `async`.
    const skip = first.source === 'async' && second?.kind === 'name' ? 1 : 0;
    const open = skip + 1;
    if (first.kind === 'name' && isMark(part[open], '(') && isMark(part[closingOf(part, open) + 1], '{')) {
      return {
        key: part[skip]?.source ?? '',
        value: { kind: 'code', sql: firstStatement(part) },
        line,
        source,
      };
    }
    // `max,`: an object's shorthand.
    if (first.kind === 'name' && part.length === 1)
      return { key: null, value: readValue(part), line, source };
  }
  return { key: null, value: readValue(part), line, source };
}

/** The text given to the first `execute`, `query` or `text` call. */
export function firstStatement(tokens: Token[]): string | null {
  for (let i = 0; i < tokens.length; i += 1) {
    if (!/^(execute|query)$/.test(tokens[i]?.source ?? '') || !isMark(tokens[i + 1], '(')) continue;
    const given = tokens.slice(i + 2, closingOf(tokens, i + 1)).filter(({ kind }) => kind === 'text');
    const sql = given[0]?.value;
    if (typeof sql === 'string') return sql;
  }
  return null;
}

const constants: Record<string, Value> = {
  True: { kind: 'truth', truth: true },
  true: { kind: 'truth', truth: true },
  False: { kind: 'truth', truth: false },
  false: { kind: 'truth', truth: false },
  None: { kind: 'nothing' },
  null: { kind: 'nothing' },
  undefined: { kind: 'nothing' },
  Infinity: { kind: 'number', number: Number.POSITIVE_INFINITY },
};

/** What an expression stands for: literals, sums and products of numbers, lists, dictionaries, calls. */
export function readValue(part: Token[]): Value {
  const [first] = part;
  const last = part.length - 1;
  if (first === undefined) return { kind: 'unknown' };
  if (part.every(({ kind, value }) => kind === 'text' && value !== null))
    return { kind: 'text', text: part.map(({ value }) => value).join('') };
  if (part.length === 1 && first.kind === 'name')
    return Object.hasOwn(constants, first.source)
      ? (constants[first.source] as Value)
      : { kind: 'name', name: first.source };
  const number = numberOf(part);
  if (number !== null) return { kind: 'number', number };
  if (first.kind === 'mark' && closers[first.source] !== undefined && closingOf(part, 0) === last) {
    const inside = part.slice(1, last);
    if (first.source === '{') return { kind: 'entries', entries: entriesOf(inside) };
    const items = entriesOf(inside).map(({ value }) => value);
    const hasComma = first.source === '[' || inside.some((token) => isMark(token, ','));
    return hasComma ? { kind: 'list', items } : readValue(inside);
  }
  if (
    first.source === 'lambda' ||
    part.some((t, i) => isMark(t, '=') && isMark(part[i + 1], '>')) ||
    first.source === 'function'
  )
    return { kind: 'code', sql: firstStatement(part) };
  // `a.b.c(…)` and `new a.b(…)`.
  const path = part.slice(first.source === 'new' || first.source === 'await' ? 1 : 0);
  const open = path.findIndex((token) => isMark(token, '('));
  if (open > 0 && closingOf(path, open) === path.length - 1) {
    const names = path.slice(0, open);
    if (names.every((token) => token.kind === 'name' || isMark(token, '.')))
      return { kind: 'call', name: sourceOf(names), entries: entriesOf(path.slice(open + 1, -1)) };
  }
  if (path.every((token) => token.kind === 'name' || isMark(token, '.')))
    return { kind: 'name', name: sourceOf(path) };
  return { kind: 'unknown' };
}

/** "5 * 60 * 1000", "-1", "30.5"; null for anything else. */
function numberOf(part: Token[]): number | null {
  let at = 0;
  const primary = (): number => {
    const token = part[at];
    at += 1;
    if (token?.kind === 'number') return Number(token.value);
    if (token?.source === '-') return -primary();
    if (token?.source === '+') return primary();
    if (token?.source !== '(') return Number.NaN;
    const inner = sum();
    at += 1;
    return isMark(part[at - 1], ')') ? inner : Number.NaN;
  };
  const product = (): number => {
    let value = primary();
    while (isMark(part[at], '*') || isMark(part[at], '/')) {
      const times = part[at]?.source === '*';
      at += 1;
      const next = primary();
      value = times ? value * next : value / next;
    }
    return value;
  };
  const sum = (): number => {
    let value = product();
    while (isMark(part[at], '+') || isMark(part[at], '-')) {
      const plus = part[at]?.source === '+';
      at += 1;
      const next = product();
      value = plus ? value + next : value - next;
    }
    return value;
  };
  const value = sum();
  return at === part.length && !Number.isNaN(value) ? value : null;
}
