import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ExportFormat, ExportProgress } from '#shared/contract/exporter.ts';
import { EngineError } from '../base/errors.ts';
import type { Column } from './columns.ts';
import { formats } from './formats.ts';

/** Rows of another room as a file. */
export interface RowExport<Row> {
  format: ExportFormat;
  /** Stands in the file's name, with the time. */
  name: string;
  fromMs: number;
  columns: readonly Column<Row>[];
  expectedRows: number;
  /** All rows, some hundreds at a time: between two batches others get their turn. */
  batches(): AsyncIterable<readonly Row[]>;
}

const progressEveryMs = 250;
/** Pieces smaller than this travel together. */
const pieceBytes = 256 * 1024;

/** The file, made no faster than it is taken. Ends early at the signal or when the taker leaves. */
export async function* rowStream<Row>(
  { format, columns, batches }: RowExport<Row>,
  signal: AbortSignal,
  onProgress: (progress: Omit<ExportProgress, 'exportId' | 'expectedRows'>) => void,
): AsyncGenerator<Uint8Array, void, undefined> {
  const writer = formats[format].start();
  let [rows, bytes, toldMs] = [0, 0, Number.NEGATIVE_INFINITY];
  let state: ExportProgress['state'] = 'cancelled';
  let parts: Uint8Array[] = [];
  let partBytes = 0;
  const take = (): Uint8Array => {
    const piece = Buffer.concat(parts);
    parts = [];
    bytes += partBytes;
    partBytes = 0;
    return piece;
  };
  const put = (part: Uint8Array) => {
    parts.push(part);
    partBytes += part.length;
  };
  try {
    // Also without a row there is a header.
    put(writer.rows(columns, []));
    for await (const batch of batches()) {
      if (signal.aborted) break;
      put(writer.rows(columns, batch));
      rows += batch.length;
      if (partBytes >= pieceBytes) yield take();
      else await nextTurn();
      if (performance.now() - toldMs < progressEveryMs) continue;
      toldMs = performance.now();
      onProgress({ state: 'running', rows, bytes });
    }
    if (!signal.aborted) {
      put(writer.end());
      if (partBytes > 0) yield take();
      state = 'done';
    }
  } catch (error) {
    state = 'failed';
    throw error;
  } finally {
    onProgress({ state, rows, bytes });
  }
  if (signal.aborted) throw new EngineError('cancelled', 'Cancelled.');
}
