import type { Reading, SkipReason, StagedPreview } from '#shared/contract/names-staged.ts';
import { longestName } from '#shared/model/names.ts';
import { throwIfCancelled } from '../../base/errors.ts';
import { decodeText } from './decode-text.ts';
import { delimiters, type FileRecord, type Layout, splitRecords } from './split-records.ts';

/** What a file or paste came to: the names, and what is told of them. */
export interface ReadNames {
  names: string[];
  told: Omit<StagedPreview, 'stageId'>;
}

const sampledRecords = 20;
const shownNames = 20;
const shownLines = 5;

/**
 * Reads the names out of a file or paste.
 * @param fileName null for a paste; its ending tells CSV from lines
 * @throws EngineError `bad_input` for what is no text, `cancelled`
 */
export async function readNames(
  bytes: Uint8Array,
  fileName: string | null,
  reading: Reading,
  signal: AbortSignal,
): Promise<ReadNames> {
  const { text, encoding } = decodeText(bytes, reading.encoding);
  const sample = text.slice(0, 100_000);
  const layout = reading.layout === 'auto' ? await layoutOf(sample, fileName) : reading.layout;
  const first = await firstRecords(sample, layout);
  const isHeader =
    layout !== 'lines' && (reading.header === 'auto' ? namesColumns(first) : reading.header === 'yes');
  const columns = layout === 'lines' ? [] : titlesOf(first, isHeader);
  const column = layout === 'lines' ? 0 : (reading.column ?? columnOf(first, columns, isHeader));

  const taken = new Taken(column, reading.trim);
  let isFirst = true;
  for await (const records of splitRecords(text, layout)) {
    throwIfCancelled(signal);
    for (const record of records) {
      if (!(isFirst && isHeader)) taken.take(record);
      isFirst = false;
    }
  }
  return {
    names: taken.names,
    told: { ...taken.told(), columns, reading: { encoding, layout, header: isHeader, column } },
  };
}

/** Collects names, and what is no name with the reason. */
class Taken {
  readonly names: string[] = [];
  readonly #first: StagedPreview['first'] = [];
  readonly #skipped = new Map<SkipReason, { count: number; lines: number[] }>();
  readonly #column: number;
  readonly #trim: boolean;

  constructor(column: number, trim: boolean) {
    this.#column = column;
    this.#trim = trim;
  }

  take({ line, cells }: FileRecord): void {
    const cell = cells?.[this.#column];
    const name = this.#trim ? (cell?.trim() ?? '') : (cell ?? '');
    const reason = cell === undefined ? whyNoCell(cells) : reasonToSkip(name);
    if (reason !== null) {
      this.#skip(reason, line);
      return;
    }
    this.names.push(name);
    if (this.#first.length < shownNames) this.#first.push({ line, name: name.slice(0, 300) });
  }

  told(): Omit<StagedPreview, 'stageId' | 'columns' | 'reading'> {
    const skipped = [...this.#skipped].map(([reason, { count, lines }]) => ({ reason, count, lines }));
    const { length } = this.names;
    return { count: length, first: this.#first, repeated: length - new Set(this.names).size, skipped };
  }

  #skip(reason: SkipReason, line: number): void {
    const entry = this.#skipped.get(reason) ?? { count: 0, lines: [] };
    entry.count += 1;
    if (entry.lines.length < shownLines) entry.lines.push(line);
    this.#skipped.set(reason, entry);
  }
}

function whyNoCell(cells: string[] | null): SkipReason {
  if (cells === null) return 'malformed';
  return cells.length <= 1 && (cells[0] ?? '').trim() === '' ? 'empty' : 'noColumn';
}

function reasonToSkip(name: string): SkipReason | null {
  if (name.trim() === '') return 'empty';
  if (name.includes('\u0000')) return 'nul';
  if (name.length > longestName && [...name].length > longestName) return 'tooLong';
  return name.isWellFormed() ? null : 'unpaired';
}

async function firstRecords(sample: string, layout: Layout): Promise<string[][]> {
  const records: string[][] = [];
  for await (const some of splitRecords(sample, layout)) {
    records.push(
      ...some.flatMap(({ cells }) => (cells === null || cells.join('').trim() === '' ? [] : [cells])),
    );
    if (records.length >= sampledRecords) break;
  }
  return records.slice(0, sampledRecords);
}

/** CSV by its file's ending, or by cells that a spreadsheet's clipboard parts with tabs. */
async function layoutOf(sample: string, fileName: string | null): Promise<Layout> {
  const ending = /\.([a-z]+)$/i.exec(fileName ?? '')?.[1]?.toLowerCase();
  if (ending === 'tsv') return 'tab';
  if (ending !== 'csv') return (await widthOf(sample, 'tab')) > 1 ? 'tab' : 'lines';
  let [best, bestWidth]: [Layout, number] = ['comma', 1];
  for (const layout of Object.keys(delimiters) as Layout[]) {
    const width = await widthOf(sample, layout);
    if (width > bestWidth) [best, bestWidth] = [layout, width];
  }
  return best;
}

/** How many cells each record has; 0 where they differ. */
async function widthOf(sample: string, layout: Layout): Promise<number> {
  const widths = new Set((await firstRecords(sample, layout)).map((cells) => cells.length));
  return widths.size === 1 ? ([...widths][0] ?? 0) : 0;
}

const knownTitle =
  /^(id|no\.?|nr\.?|#|(full|first|last|given|family|user|display)?[ _-]*names?|e-?mail|nom|nombre|nome)$/i;

const namesColumns = ([head]: string[][]): boolean =>
  head?.some((cell) => knownTitle.test(cell.trim())) === true;

function titlesOf(records: string[][], isHeader: boolean): string[] {
  const width = Math.min(1000, Math.max(1, ...records.map((cells) => cells.length)));
  const head = isHeader ? records[0] : undefined;
  return Array.from({ length: width }, (_, at) => head?.[at]?.trim().slice(0, 100) || `Column ${at + 1}`);
}

/** The column titled as one of names, else the one with the most words in it. */
function columnOf(records: string[][], titles: string[], isHeader: boolean): number {
  const exact = titles.findIndex((title) => /^names?$/i.test(title));
  if (exact >= 0) return exact;
  const like = titles.findIndex((title) => /name/i.test(title));
  if (like >= 0) return like;
  const body = isHeader ? records.slice(1) : records;
  const words = titles.map((_, at) => body.filter((cells) => /\p{L}/u.test(cells[at] ?? '')).length);
  return Math.max(0, words.indexOf(Math.max(...words)));
}
