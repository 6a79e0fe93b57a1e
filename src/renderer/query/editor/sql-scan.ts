/** A stretch of the text, `from` inclusive, `to` exclusive, in UTF-16 units as the editor counts. */
export interface Span {
  from: number;
  to: number;
}

/** `$3` has `number` 3. */
export interface ParameterSpan extends Span {
  number: number;
}

export interface ScannedSql {
  /** Each statement from its first to its last character, without the semicolon and what surrounds it. */
  statements: Span[];
  /** Every `$n` outside strings and comments, in order of place. */
  parameters: ParameterSpan[];
}

/**
 * Finds statements and parameters as PostgreSQL's lexer would (scan.l): strings with `''` and, after
 * E, backslashes; quoted names; nested comments; dollar quotes; and the semicolons within the body
 * of a function written `BEGIN ATOMIC … END`. A quote that is never closed runs to the end.
 */
export function scanSql(text: string): ScannedSql {
  const statements: Span[] = [];
  const parameters: ParameterSpan[] = [];
  let start = -1;
  let end = 0;
  const body = new AtomicBody();
  let at = 0;
  while (at < text.length) {
    const token = tokenAt(text, at);
    if (token.kind === 'semicolon' && !body.inside) {
      if (start >= 0) statements.push({ from: start, to: end });
      start = -1;
      body.reset();
    } else if (token.kind !== 'blank') {
      if (start < 0) start = at;
      end = token.to;
      if (token.kind === 'word') body.read(text.slice(at, token.to).toLowerCase());
      if (token.kind === 'parameter') {
        parameters.push({ number: Number(text.slice(at + 1, token.to)), from: at, to: token.to });
      }
    }
    at = token.to;
  }
  if (start >= 0) statements.push({ from: start, to: end });
  return { statements, parameters };
}

/** Follows `BEGIN ATOMIC … CASE … END … END`: inside it a semicolon ends no statement. */
class AtomicBody {
  #depth = 0;
  #previous = '';

  get inside(): boolean {
    return this.#depth > 0;
  }

  reset(): void {
    this.#depth = 0;
    this.#previous = '';
  }

  read(word: string): void {
    if (word === 'atomic' && this.#previous === 'begin') this.#depth += 1;
    else if (this.#depth > 0 && word === 'case') this.#depth += 1;
    else if (this.#depth > 0 && word === 'end') this.#depth -= 1;
    this.#previous = word;
  }
}

interface Token {
  kind: 'blank' | 'semicolon' | 'word' | 'parameter' | 'other';
  to: number;
}

const sticky = {
  blank: /(?:\s+|--[^\n\r]*)/y,
  dollarTag: /\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$/y,
  parameter: /\$\d+/y,
  word: /[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*/y,
};

function match(pattern: RegExp, text: string, at: number): number | null {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : null;
}

function tokenAt(text: string, at: number): Token {
  const char = text.charAt(at);
  if (char === ';') return { kind: 'semicolon', to: at + 1 };
  const blank = match(sticky.blank, text, at);
  if (blank !== null) return { kind: 'blank', to: blank };
  if (text.startsWith('/*', at)) return { kind: 'blank', to: commentEnd(text, at) };
  if (char === "'") return { kind: 'other', to: quoteEnd(text, at, false) };
  if (char === '"') return { kind: 'other', to: quoteEnd(text, at, false) };
  if ((char === 'e' || char === 'E') && text.charAt(at + 1) === "'") {
    return { kind: 'other', to: quoteEnd(text, at + 1, true) };
  }
  if (char === '$') {
    const tagEnd = match(sticky.dollarTag, text, at);
    if (tagEnd !== null) return { kind: 'other', to: dollarEnd(text, text.slice(at, tagEnd), tagEnd) };
    const parameterEnd = match(sticky.parameter, text, at);
    if (parameterEnd !== null) return { kind: 'parameter', to: parameterEnd };
  }
  const wordEnd = match(sticky.word, text, at);
  if (wordEnd !== null) return { kind: 'word', to: wordEnd };
  return { kind: 'other', to: at + 1 };
}

function commentEnd(text: string, at: number): number {
  let depth = 1;
  let next = at + 2;
  while (next < text.length && depth > 0) {
    if (text.startsWith('/*', next)) depth += 1;
    else if (text.startsWith('*/', next)) depth -= 1;
    else {
      next += 1;
      continue;
    }
    next += 2;
  }
  return Math.min(next, text.length);
}

/** After the closing quote; a doubled quote is a character of the text. */
function quoteEnd(text: string, at: number, backslashes: boolean): number {
  const quote = text.charAt(at);
  let next = at + 1;
  while (next < text.length) {
    const char = text.charAt(next);
    if (backslashes && char === '\\') next += 2;
    else if (char !== quote) next += 1;
    else if (text.charAt(next + 1) === quote) next += 2;
    else return next + 1;
  }
  return text.length;
}

function dollarEnd(text: string, tag: string, at: number): number {
  const close = text.indexOf(tag, at);
  return close < 0 ? text.length : close + tag.length;
}
