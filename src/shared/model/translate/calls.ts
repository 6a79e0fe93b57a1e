import type { Reader } from './reader.ts';
import { type Language, type Token, tokenize } from './tokens.ts';
import {
  bracketProblem,
  closingOf,
  type Entry,
  entriesOf,
  firstStatement,
  readValue,
  type Value,
} from './values.ts';

/** The pool's own call in a piece of source code. */
export interface FoundCall {
  name: string;
  line: number;
  entries: Entry[];
  /** What a name stands for that is assigned elsewhere in the text, or the SQL of the function it names. */
  resolve(value: Value): Value;
  /** The SQL that a function with this decorator runs: `event.listens_for(engine, "connect")`. */
  listener(event: string): string | null;
}

/**
 * Finds the first call of one of `names`. Without one, the text is taken for its arguments or for
 * the dictionary of them, as people cut them out. Null after a complaint.
 */
export function findCall(
  text: string,
  language: Language,
  names: string[],
  reader: Reader,
): FoundCall | null {
  const { tokens, problems } = tokenize(text, language);
  const problem = problems[0] ?? bracketProblem(tokens);
  if (problem !== null) {
    reader.complain(problem.line, problem.message);
    return null;
  }
  const resolve = (value: Value): Value =>
    value.kind === 'name' ? (assigned(tokens, value.name) ?? value) : value;
  const listener = (event: string) => listenerOf(tokens, event);
  const at = tokens.findIndex((token, i) => names.includes(token.source) && tokens[i + 1]?.source === '(');
  if (at !== -1) {
    const entries = entriesOf(tokens.slice(at + 2, closingOf(tokens, at + 1)));
    return { name: tokens[at]?.source ?? '', line: tokens[at]?.line ?? 1, entries, resolve, listener };
  }
  const bare = entriesOf(tokens);
  const [only] = bare;
  const entries = bare.length === 1 && only?.value.kind === 'entries' ? only.value.entries : bare;
  if (entries.some(({ key }) => key !== null)) return { name: '', line: 1, entries, resolve, listener };
  reader.complain(1, `There is no call of ${names.join(' or ')} in this text, and no name=value either.`);
  return null;
}

/** `NAME = …` at the start of a line, or `def NAME(…): …`. */
function assigned(tokens: Token[], name: string): Value | null {
  for (let i = 0; i < tokens.length; i += 1) {
    if (tokens[i]?.source !== name) continue;
    if (tokens[i - 1]?.source === 'def' || tokens[i - 1]?.source === 'function') {
      const next = tokens.findIndex(
        (token, j) => j > i && (token.source === 'def' || token.source === 'function'),
      );
      return { kind: 'code', sql: firstStatement(tokens.slice(i, next === -1 ? undefined : next)) };
    }
    const line = tokens[i]?.line;
    const before = tokens[i - 1];
    const startsLine =
      before === undefined || before.line !== line || /^(const|let|var)$/.test(before.source);
    if (!startsLine || tokens[i + 1]?.source !== '=' || tokens[i + 2]?.source === '=') continue;
    const start = i + 2;
    const opens = /^[([{]$/.test(tokens[start]?.source ?? '');
    const end = opens
      ? closingOf(tokens, start) + 1
      : tokens.findIndex(
          (token, j) => j > start && (token.line !== tokens[start]?.line || token.source === ';'),
        );
    return readValue(tokens.slice(start, end === -1 ? undefined : end));
  }
  return null;
}

function listenerOf(tokens: Token[], event: string): string | null {
  const at = tokens.findIndex(
    (token, i) =>
      token.source === 'listens_for' &&
      tokens
        .slice(i + 1, closingOf(tokens, i + 1))
        .some(({ kind, value }) => kind === 'text' && value === event),
  );
  return at === -1 ? null : firstStatement(tokens.slice(closingOf(tokens, at + 1)));
}
