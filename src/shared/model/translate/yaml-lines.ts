import type { KeyLine } from './key-lines.ts';
import type { Reader } from './reader.ts';

/*
 * The part of YAML that configuration files of Spring Boot are written in: nested mappings of plain
 * and quoted values, block texts (| and >), comments. Anything else is reported by its line.
 */

interface Level {
  indent: number;
  key: string;
}

/** Mappings as dotted keys, in order. */
export function yamlLines(text: string, reader: Reader): KeyLine[] {
  const found: KeyLine[] = [];
  const levels: Level[] = [];
  const lines = text.split(/\r?\n/);
  for (let i = 0; i < lines.length; i += 1) {
    const raw = lines[i] ?? '';
    const line = i + 1;
    const content = raw.trim();
    if (content === '' || content.startsWith('#') || /^(---|\.\.\.)/.test(content)) continue;
    const indent = raw.length - raw.trimStart().length;
    if (/^ *\t/.test(raw)) {
      reader.complain(line, 'YAML is indented with spaces, not with tabs.');
      continue;
    }
    const match =
      /^("(?:\\.|[^"\\])*"|'(?:[^']|'')*'|[^\s#:'"[\]{},-][^:#]*?|[^\s#:'"[\]{},]+):(?:\s+(.*))?$/.exec(
        content,
      );
    if (match === null) {
      const why = content.startsWith('- ')
        ? 'Lists have no place among the settings of a pool.'
        : 'This line is not "name: value".';
      reader.complain(line, why);
      continue;
    }
    while (levels.length > 0 && (levels.at(-1)?.indent ?? 0) >= indent) levels.pop();
    const key = [...levels.map((level) => level.key), scalar(match[1] ?? '')].join('.');
    const written = (match[2] ?? '').trim();
    const block = /^([|>])[+-]?$/.exec(written);
    if (block !== null) {
      const body: string[] = [];
      while (
        i + 1 < lines.length &&
        (/^\s*$/.test(lines[i + 1] ?? '') || deeper(lines[i + 1] ?? '', indent))
      ) {
        i += 1;
        body.push((lines[i] ?? '').trim());
      }
      found.push({ key, value: body.join(block[1] === '|' ? '\n' : ' ').trimEnd(), line });
    } else if (withoutComment(written) === '') levels.push({ indent, key: scalar(match[1] ?? '') });
    else if (/^["']/.test(written) && !closes(written))
      reader.complain(line, 'The quotation mark in this line has no end.');
    else if (/^[[{&*!]/.test(written)) reader.leave(line, content, 'Only plain values can be read here.');
    else found.push({ key, value: scalar(withoutComment(written)), line });
  }
  return found;
}

const deeper = (raw: string, indent: number) => raw.length - raw.trimStart().length > indent;
const closes = (written: string) => /^("(?:\\.|[^"\\])*"|'(?:[^']|'')*')\s*(#.*)?$/.test(written);

function withoutComment(written: string): string {
  const quoted = /^("(?:\\.|[^"\\])*"|'(?:[^']|'')*')/.exec(written);
  return quoted === null ? written.replace(/(^|\s+)#.*$/, '').trim() : quoted[0];
}

function scalar(written: string): string {
  if (written.startsWith("'")) return written.slice(1, -1).replaceAll("''", "'");
  if (!written.startsWith('"')) return written;
  const escapes: Record<string, string> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f' };
  return written
    .slice(1, -1)
    .replaceAll(/\\(?:u([0-9a-f]{4})|x([0-9a-f]{2})|(.))/gi, (_, u?: string, x?: string, one?: string) =>
      u !== undefined || x !== undefined
        ? String.fromCharCode(Number.parseInt(u ?? x ?? '', 16))
        : (escapes[one ?? ''] ?? one ?? ''),
    );
}

/** A value that YAML reads back as this very text. JSON's quotes are YAML's. */
export const yamlValue = (value: string | number | boolean): string =>
  typeof value === 'string' ? JSON.stringify(value) : String(value);
