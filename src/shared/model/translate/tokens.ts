export type Language = 'python' | 'javascript';

/** A piece of source text. `value` is what a literal stands for; null for text with parts to be computed. */
export interface Token {
  kind: 'name' | 'number' | 'text' | 'mark';
  source: string;
  value: string | number | null;
  line: number;
}

export interface Complaint {
  line: number;
  message: string;
}

const escapes: Record<string, string> = { n: '\n', t: '\t', r: '\r', '\n': '' };

function unescaped(body: string): string {
  return body.replaceAll(
    /\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|([\s\S]))/gi,
    (_, hex?: string, unicode?: string, one?: string) => {
      const code = hex ?? unicode;
      if (code !== undefined) return String.fromCharCode(Number.parseInt(code, 16));
      return one === undefined ? '' : (escapes[one] ?? one);
    },
  );
}

const patterns = {
  python: {
    comment: /#[^\n]*/y,
    text: /([rbuf]{0,2})("""[\s\S]*?"""|'''[\s\S]*?'''|"(?:\\[\s\S]|[^"\\\n])*"|'(?:\\[\s\S]|[^'\\\n])*')/iy,
  },
  javascript: {
    comment: /\/\/[^\n]*|\/\*[\s\S]*?\*\//y,
    text: /()("(?:\\[\s\S]|[^"\\\n])*"|'(?:\\[\s\S]|[^'\\\n])*'|`(?:\\[\s\S]|[^`\\])*`)/y,
  },
} as const;

const number = /(?:0x[0-9a-f_]+|\d[\d_]*(?:\.\d[\d_]*)?(?:e[+-]?\d+)?)n?/iy;
const name = /[\p{L}_$][\p{L}\p{N}_$]*/uy;
const space = /[\s\\]+/y;

/** Cuts source text into tokens; comments and white space fall away. Nothing of it is ever run. */
export function tokenize(text: string, language: Language): { tokens: Token[]; problems: Complaint[] } {
  const tokens: Token[] = [];
  const problems: Complaint[] = [];
  let line = 1;
  let at = 0;
  const match = (pattern: RegExp) => {
    pattern.lastIndex = at;
    return pattern.exec(text);
  };
  const { comment, text: textPattern } = patterns[language];
  while (at < text.length) {
    const skipped = match(space) ?? match(comment);
    const quoted = skipped === null ? match(textPattern) : null;
    const word = skipped === null && quoted === null ? (match(number) ?? match(name)) : null;
    const source = (skipped ?? quoted ?? word)?.[0] ?? text[at] ?? '';
    if (quoted !== null) {
      const [, prefix = '', literal = ''] = quoted;
      const quote = /^("""|'''|.)/.exec(literal)?.[0].length ?? 1;
      const body = literal.slice(quote, -quote);
      const computed = /f/i.test(prefix) ? body.includes('{') : literal[0] === '`' && body.includes('${');
      const value = computed ? null : /r/i.test(prefix) ? body : unescaped(body);
      tokens.push({ kind: 'text', source, value, line });
    } else if (word !== null) {
      const isNumber = /^\d/.test(source);
      const value = isNumber ? Number(source.replaceAll('_', '').replace(/n$/, '')) : null;
      tokens.push({ kind: isNumber ? 'number' : 'name', source, value, line });
    } else if (skipped === null) {
      if (/["'`]/.test(source)) {
        problems.push({ line, message: `A text that begins with ${source} here has no end.` });
        at = text.indexOf('\n', at) === -1 ? text.length : text.indexOf('\n', at);
        continue;
      }
      tokens.push({ kind: 'mark', source, value: null, line });
    }
    line += source.split('\n').length - 1;
    at += source.length;
  }
  return { tokens, problems };
}
