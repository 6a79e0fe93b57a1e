import type { TextPosition } from './query.ts';

/**
 * Enough of PostgreSQL's lexer to tell statements, words and parameters apart (src/fe_utils/psqlscan.l
 * is the model). It assumes standard_conforming_strings, the default since 9.1. The server has the
 * last word: nothing here decides what is safe.
 */
export interface SqlToken {
  /** `word`: a keyword or plain identifier; `name`: an identifier in double quotes. */
  kind: 'word' | 'name' | 'string' | 'number' | 'parameter' | 'symbol';
  from: number;
  to: number;
}

export interface SqlStatement {
  /** Offsets in the whole text (UTF-16), without blank space, comments in front, or the semicolon. */
  from: number;
  to: number;
  text: string;
}

const space = /\s+/y;
const lineComment = /--[^\n\r]*/y;
const word = /[\p{L}_\u0080-\uffff][\p{L}\p{N}_$\u0080-\uffff]*/uy;
const number = /(?:\d[\d_]*)?\.?\d[\d_]*(?:[eE][+-]?\d+)?|0[xXoObB][\da-fA-F_]+/y;
const parameter = /\$\d+/y;
const dollarQuote = /\$(?:[\p{L}_\u0080-\uffff][\p{L}\p{N}_\u0080-\uffff]*)?\$/uy;
/** An opening quote with what may stand before it. */
const quoteStart = /(?:[eE]|[nN]|[bB]|[xX]|[uU]&)?'|(?:[uU]&)?"/y;

function matchAt(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : -1;
}

/** The end of a comment in slashes and stars, which nest; the text's end when it is not closed. */
function endOfBlockComment(text: string, from: number): number {
  let depth = 0;
  for (let at = from; at < text.length; ) {
    if (text.startsWith('/*', at)) {
      depth += 1;
      at += 2;
    } else if (text.startsWith('*/', at)) {
      depth -= 1;
      at += 2;
      if (depth === 0) return at;
    } else at += 1;
  }
  return text.length;
}

function endOfQuoted(text: string, from: number, quote: string, escapes: boolean): number {
  for (let at = from; at < text.length; at += 1) {
    if (escapes && text[at] === '\\') at += 1;
    else if (text[at] === quote) {
      if (text[at + 1] !== quote) return at + 1;
      at += 1;
    }
  }
  return text.length;
}

/** Every token but blank space and comments, in order. Never fails: what is not closed ends with the text. */
export function* sqlTokens(text: string): Generator<SqlToken, void, undefined> {
  for (let at = 0; at < text.length; ) {
    const blank = Math.max(matchAt(space, text, at), matchAt(lineComment, text, at));
    if (blank > at) {
      at = blank;
      continue;
    }
    if (text.startsWith('/*', at)) {
      at = endOfBlockComment(text, at);
      continue;
    }
    const token = tokenAt(text, at);
    yield token;
    at = token.to;
  }
}

function tokenAt(text: string, from: number): SqlToken {
  const opened = matchAt(quoteStart, text, from);
  if (opened > 0) {
    const quote = text.charAt(opened - 1);
    const escapes = quote === "'" && /^[eE]/.test(text.charAt(from));
    const to = endOfQuoted(text, opened, quote, escapes);
    return { kind: quote === '"' ? 'name' : 'string', from, to };
  }
  const tagged = matchAt(dollarQuote, text, from);
  if (tagged > 0) {
    const tag = text.slice(from, tagged);
    const closed = text.indexOf(tag, tagged);
    return { kind: 'string', from, to: closed < 0 ? text.length : closed + tag.length };
  }
  const kinds = [
    ['word', word],
    ['parameter', parameter],
    ['number', number],
  ] as const;
  for (const [kind, pattern] of kinds) {
    const to = matchAt(pattern, text, from);
    if (to > from) return { kind, from, to };
  }
  return { kind: 'symbol', from, to: from + 1 };
}

/**
 * The statements of a text, in order; empty ones are left out. Semicolons within parentheses (rules)
 * and within BEGIN ATOMIC … END (bodies of SQL functions) end none.
 */
export function splitStatements(text: string): SqlStatement[] {
  const statements: SqlStatement[] = [];
  let [start, end] = [-1, -1];
  let [parentheses, blocks] = [0, 0];
  let previous = '';
  const finish = () => {
    if (start >= 0) statements.push({ from: start, to: end, text: text.slice(start, end) });
    start = -1;
    parentheses = 0;
    blocks = 0;
  };
  for (const { kind, from, to } of sqlTokens(text)) {
    const lower = kind === 'word' || kind === 'symbol' ? text.slice(from, to).toLowerCase() : '';
    if (lower === ';' && parentheses === 0 && blocks === 0) {
      finish();
      continue;
    }
    if (lower === '(') parentheses += 1;
    else if (lower === ')') parentheses = Math.max(0, parentheses - 1);
    else if (lower === 'atomic' && previous === 'begin') blocks = 1;
    else if (lower === 'case' && blocks > 0 && previous !== 'end') blocks += 1;
    else if (lower === 'end' && blocks > 0) blocks -= 1;
    if (start < 0) start = from;
    end = to;
    previous = lower;
  }
  finish();
  return statements;
}

/** The statement the cursor is in, or the last one before it; null in a text without any. */
export function statementAt(text: string, offset: number): SqlStatement | null {
  const statements = splitStatements(text);
  return statements.findLast(({ from }) => from <= offset) ?? statements[0] ?? null;
}

/** The highest n of the `$n` in a text; 0 when there is none. */
export function highestParameter(text: string): number {
  let highest = 0;
  for (const { kind, from, to } of sqlTokens(text)) {
    if (kind === 'parameter') highest = Math.max(highest, Number(text.slice(from + 1, to)));
  }
  return highest;
}

/** The first words of a statement, lower case; stops at anything that is not a plain word. */
export function firstWords(text: string, count: number): string[] {
  const words: string[] = [];
  for (const { kind, from, to } of sqlTokens(text)) {
    if (kind !== 'word' || words.length === count) break;
    words.push(text.slice(from, to).toLowerCase());
  }
  return words;
}

/** Line and column of an offset. A line ends with LF, CRLF or CR. */
export function positionAt(text: string, offset: number): TextPosition {
  const before = text.slice(0, offset);
  const lines = before.split(/\r\n|\r|\n/);
  return { offset, line: lines.length, column: (lines.at(-1) ?? '').length + 1 };
}
