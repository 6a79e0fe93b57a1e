import type { SkipReason, StagedPreview, TextEncoding } from '#shared/contract/names-staged.ts';
import { formatCount } from '../../../../charts/formats.ts';

export const names = (count: number): string => (count === 1 ? '1 name' : `${formatCount(count)} names`);

export const layoutWords: Record<StagedPreview['reading']['layout'], string> = {
  lines: 'one name a line',
  comma: 'columns parted by commas',
  semicolon: 'columns parted by semicolons',
  tab: 'columns parted by tabs',
};

export const encodingWords: Record<TextEncoding, string> = {
  'utf-8': 'UTF-8',
  'utf-16le': 'UTF-16 LE',
  'utf-16be': 'UTF-16 BE',
  'windows-1252': 'Windows-1252 (Western)',
  'iso-8859-2': 'ISO 8859-2 (Central European)',
  'windows-1251': 'Windows-1251 (Cyrillic)',
  shift_jis: 'Shift JIS (Japanese)',
  gb18030: 'GB 18030 (Chinese)',
};

/** What was understood, in one sentence. */
export function understood(
  { count, columns, reading, repeated }: StagedPreview,
  fileName: string | null,
): string {
  const from = fileName === null ? 'the paste' : `“${fileName}”`;
  const column =
    columns.length > 1 ? `, from the column “${columns[reading.column] ?? reading.column + 1}”` : '';
  const again =
    repeated === 0
      ? ''
      : ` ${formatCount(repeated)} of them stand there more than once; they are added as often.`;
  return `${names(count)} understood from ${from} (${encodingWords[reading.encoding]}, ${layoutWords[reading.layout]}${column}).${again}`;
}

const reasons: Record<SkipReason, [one: string, several: string]> = {
  empty: ['is empty', 'are empty'],
  tooLong: ['is longer than 10,000 characters', 'are longer than 10,000 characters'],
  nul: [
    'holds the character U+0000, which PostgreSQL cannot store',
    'hold the character U+0000, which PostgreSQL cannot store',
  ],
  noColumn: ['has no such column', 'have no such column'],
  malformed: ['opens a quote that is not closed', 'open a quote that is not closed'],
  unpaired: ['holds half of a character', 'hold half of a character'],
};

/** "3 lines are empty (lines 4, 9 and 12)": lines left out and why. */
export function skippedInWords({ reason, count, lines }: StagedPreview['skipped'][number]): string {
  const [one, several] = reasons[reason];
  if (count === 1) return `Line ${lines[0]} ${one}`;
  const shown = lines.map(String);
  const rest = count > shown.length ? ', …' : '';
  return `${formatCount(count)} lines ${several} (${shown.join(', ')}${rest})`;
}
