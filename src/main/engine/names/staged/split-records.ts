import { setImmediate as nextTurn } from 'node:timers/promises';
import { parse } from 'csv-parse';

/** One record of a file, and the line it begins on. `cells` is null when it cannot be told apart. */
export interface FileRecord {
  line: number;
  cells: string[] | null;
}

export type Layout = 'lines' | 'comma' | 'semicolon' | 'tab';

export const delimiters: Record<Exclude<Layout, 'lines'>, string> = { comma: ',', semicolon: ';', tab: '\t' };

/** Enough for a moment's work; then whoever else waits has a turn. */
const recordsPerTurn = 5000;

/** The records of a text in order, in pieces, without keeping the process from other work for long. */
export async function* splitRecords(text: string, layout: Layout): AsyncGenerator<FileRecord[]> {
  if (layout === 'lines') yield* splitLines(text);
  else yield* splitCsv(text, delimiters[layout]);
}

async function* splitLines(text: string): AsyncGenerator<FileRecord[]> {
  let [line, start, records] = [1, 0, [] as FileRecord[]];
  while (start < text.length) {
    const feed = text.indexOf('\n', start);
    const end = feed < 0 ? text.length : feed;
    const last = text[end - 1] === '\r' && end > start ? end - 1 : end;
    records.push({ line, cells: [text.slice(start, last)] });
    if (records.length === recordsPerTurn) {
      yield records;
      records = [];
      await nextTurn();
    }
    start = end + 1;
    line += 1;
  }
  yield records;
}

const pieceLength = 256 * 1024;

/** RFC 4180, with quotes taken as they come within a cell that does not begin with one. */
async function* splitCsv(text: string, delimiter: string): AsyncGenerator<FileRecord[]> {
  const records: FileRecord[] = [];
  const parser = parse({
    delimiter,
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_quotes: true,
    relax_column_count: true,
    skip_empty_lines: false,
    skip_records_with_error: true,
    info: true,
  });
  let lastLine = 0;
  parser.on('readable', () => {
    for (let one = parser.read(); one !== null; one = parser.read()) {
      const { record, info } = one as { record: string[]; info: { lines: number } };
      // `lines` counts up to where the record ends.
      records.push({ line: lastLine + 1, cells: record });
      lastLine = info.lines;
    }
  });
  parser.on('skip', (error: { lines?: number }) => {
    records.push({ line: lastLine + 1, cells: null });
    lastLine = error.lines ?? lastLine + 1;
  });
  const ended = Promise.withResolvers<void>();
  parser.once('end', ended.resolve);
  parser.once('error', () => {
    // What came before it stands.
    records.push({ line: lastLine + 1, cells: null });
    ended.resolve();
  });
  for (let start = 0; start < text.length && !parser.destroyed; start += pieceLength) {
    parser.write(text.slice(start, start + pieceLength));
    await nextTurn();
    yield records.splice(0);
  }
  if (!parser.destroyed) parser.end();
  await ended.promise;
  yield records.splice(0);
}
