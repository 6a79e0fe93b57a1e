import type { Reader } from './reader.ts';

/** One setting of a file of settings. Nested keys are joined by dots. */
export interface KeyLine {
  key: string;
  value: string;
  line: number;
}

/** Java's `.properties`: `key=value`, `key: value`, comments, continued lines. */
export function propertiesLines(text: string, reader: Reader): KeyLine[] {
  const found: KeyLine[] = [];
  const lines = text.split(/\r?\n/);
  for (let i = 0; i < lines.length; i += 1) {
    const line = i + 1;
    let content = (lines[i] ?? '').trimStart();
    if (content === '' || /^[#!]/.test(content)) continue;
    while (/(^|[^\\])(\\\\)*\\$/.test(content) && i + 1 < lines.length) {
      i += 1;
      content = content.slice(0, -1) + (lines[i] ?? '').trimStart();
    }
    const match = /^((?:\\.|[^\\=:\s])+)\s*(?:[=:]\s*|\s+)(.*)$/.exec(content);
    if (match === null) reader.complain(line, 'There is no value in this line: write it as name=value.');
    else found.push({ key: plain(match[1] ?? ''), value: plain(match[2] ?? '').trimEnd(), line });
  }
  return found;
}

const plain = (written: string): string =>
  written.replaceAll(/\\(?:u([0-9a-f]{4})|(.))/gi, (_, code?: string, one?: string) => {
    if (code !== undefined) return String.fromCharCode(Number.parseInt(code, 16));
    return one === 'n' ? '\n' : one === 't' ? '\t' : one === 'r' ? '\r' : (one ?? '');
  });

/** A value for a `.properties` file. */
export const propertiesValue = (value: string): string =>
  value.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\r', '\\r').replace(/^\s/, '\\$&');

/** Sections and `key = value` lines, as PgBouncer reads them: a comment is a line of its own. */
export function iniLines(text: string, reader: Reader): (KeyLine & { section: string })[] {
  const found: (KeyLine & { section: string })[] = [];
  let section = '';
  for (const [i, raw] of text.split(/\r?\n/).entries()) {
    const content = raw.trim();
    if (content === '' || /^[;#]/.test(content)) continue;
    const heading = /^\[(.+)\]$/.exec(content);
    const match = /^("(?:[^"]|"")*"|[^=\s]+)\s*=\s*(.*)$/.exec(content);
    if (heading !== null) section = (heading[1] ?? '').trim().toLowerCase();
    else if (/^%include\b/.test(content)) reader.leave(i + 1, content, 'Paste what is in that file too.');
    else if (match === null) reader.complain(i + 1, 'This line is neither a [section] nor name = value.');
    else found.push({ section, key: match[1] ?? '', value: match[2] ?? '', line: i + 1 });
  }
  return found;
}
