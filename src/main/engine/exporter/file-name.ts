/** Longest part taken from the connection's name; with four bytes each still a valid file name. */
const longestName = 40;

/** "2026-11-20T23-37-33Z": a second, in characters that every file system takes. */
const moment = (atMs: number): string => `${new Date(atMs).toISOString().slice(0, 19).replaceAll(':', '-')}Z`;

/**
 * `poolscope-<connection>-<from>-<to>.<extension>` with letters, marks and digits of any script kept
 * and everything else turned into "-": no separators, no reserved names, no hidden or trailing dots,
 * no characters that change the direction of text.
 */
export function exportFileName(connection: string, fromMs: number, toMs: number, extension: string): string {
  const safe = [...connection.normalize('NFC').replaceAll(/[^\p{L}\p{M}\p{N}_.]+/gu, '-')]
    .slice(0, longestName)
    .join('')
    .replaceAll(/\.{2,}/g, '.')
    .replaceAll(/^[-.]+|[-.]+$/g, '');
  return `poolscope-${safe === '' ? 'connection' : safe}-${moment(fromMs)}-${moment(toMs)}.${extension}`;
}
