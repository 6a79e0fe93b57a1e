import { plainLine } from '../plain-line.ts';

/** What Markdown (GitHub's included) would read as more than text: emphasis, code, links, tables, HTML, mentions. */
const special = /[\\`*_{}[\]<>#|~!&@$]/g;

/**
 * Text as Markdown that shows just this text, on one line, also in a table's cell. Addresses in it
 * do not become links: who reads a report must not be led somewhere by a connection's name.
 */
export function markdownText(text: string): string {
  return plainLine(text)
    .replace(special, '\\$&')
    .replaceAll('://', ':\\/\\/')
    .replace(/\bwww\./gi, (www) => `${www.slice(0, -1)}\\.`)
    .replace(/^(\d+)([.)])(?=\s|$)/, '$1\\$2')
    .replace(/^[-+=]/, '\\$&');
}

/** Text as a code span; its fence is longer than any run of backticks within. Not for a table's cell. */
export function markdownCode(text: string): string {
  const line = plainLine(text);
  const longest = Math.max(0, ...[...line.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  const pad = line.startsWith('`') || line.endsWith('`') ? ' ' : '';
  return `${fence}${pad}${line}${pad}${fence}`;
}

/** A table with a header; cells must be Markdown already. Columns after the first are figures. */
export function markdownTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const rule = header.map((_, i) => (i === 0 ? '---' : '---:'));
  return [line(header), line(rule), ...rows.map(line)].join('\n');
}
