import type { ExportProgress, SaveOutcome } from '#shared/contract/exporter.ts';
import type { NameSearch } from '#shared/model/names.ts';
import { fileTimestamp } from '../base/atomic-file.ts';
import { EngineError } from '../base/errors.ts';
import type { EventBus } from '../base/event-bus.ts';
import { fileNamePart } from '../exporter/index.ts';
import type { SaveRequest } from '../ports.ts';
import { qualified } from './names-table.ts';
import { andAlso, matching } from './rows.ts';
import type { Queryable } from './transaction.ts';

export interface FullRow {
  id: number;
  name: string;
}

/** Rows a page: few enough that one never holds a connection for long. */
export const exportedPage = 5000;
const progressEveryMs = 250;

/** Reads a page of whole rows after an id; null for the first. */
export async function readFullRows(
  client: Queryable,
  schema: string,
  search: NameSearch | null,
  afterId: number | null,
): Promise<FullRow[]> {
  const all = matching(search);
  const where = afterId === null ? all : andAlso(all, 'id > ?', afterId);
  const text = `select id, name from ${qualified(schema)} where ${where.sql} order by id limit ${exportedPage}`;
  return (await client.query<{ id: number; name: string }>(text, where.values)).rows;
}

/** RFC 4180. Names stay as they are, so that a file can be added again without a change. */
const csvCell = (text: string) => (/[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

const formats = {
  csv: {
    extension: 'csv',
    mimeType: 'text/csv; charset=utf-8',
    head: 'id,name\r\n',
    line: ({ id, name }: FullRow) => `${id},${csvCell(name)}\r\n`,
  },
  jsonl: {
    extension: 'jsonl',
    mimeType: 'application/x-ndjson; charset=utf-8',
    head: '',
    line: ({ id, name }: FullRow) => `${JSON.stringify({ id, name })}\n`,
  },
};

export interface ExportWish {
  exportId: string;
  format: keyof typeof formats;
  connection: string;
  expectedRows: number;
  callerId: string;
  signal: AbortSignal;
  /** Reads the next page in a transaction of its own. */
  read(afterId: number | null, signal: AbortSignal): Promise<FullRow[]>;
}

interface Deps {
  saveFile(request: SaveRequest): Promise<SaveOutcome>;
  events: EventBus;
  nowMs(): number;
}

/** Exports of names under way, downloads that go on after their request was answered included. */
export class NameExports {
  readonly #deps: Deps;
  readonly #underWay = new Map<string, AbortController>();

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** The first page is read before anybody is asked where to save. @throws what reading throws */
  async save(wish: ExportWish): Promise<SaveOutcome> {
    const { exportId, callerId, format } = wish;
    const { extension, mimeType } = formats[format];
    const cancelling = new AbortController();
    const signal = AbortSignal.any([wish.signal, cancelling.signal]);
    const first = await wish.read(null, signal);
    this.#underWay.set(exportId, cancelling);
    const moment = fileTimestamp(this.#deps.nowMs()).slice(0, 19);
    const outcome = await this.#deps
      .saveFile({
        callerId,
        suggestedName: `poolscope-${fileNamePart(wish.connection)}-names-${moment}Z.${extension}`,
        mimeType,
        content: () => this.#content(wish, first, cancelling.signal),
        signal,
      })
      .catch((error: unknown) => {
        this.#underWay.delete(exportId);
        throw error;
      });
    if (outcome.kind !== 'download') this.#underWay.delete(exportId);
    return outcome;
  }

  cancel(exportId: string): void {
    this.#underWay.get(exportId)?.abort();
    this.#underWay.delete(exportId);
  }

  close(): void {
    for (const cancelling of this.#underWay.values()) cancelling.abort();
  }

  async *#content(wish: ExportWish, first: FullRow[], signal: AbortSignal): AsyncGenerator<string> {
    const { exportId, expectedRows, read } = wish;
    const { head, line } = formats[wish.format];
    let [rows, bytes, toldMs] = [0, 0, Number.NEGATIVE_INFINITY];
    let state: ExportProgress['state'] = 'cancelled';
    const tell = () =>
      this.#deps.events.emit('exporter.progress', { exportId, expectedRows, state, rows, bytes });
    try {
      yield head;
      bytes += head.length;
      for (let page = first; page.length > 0; ) {
        const text = page.map(line).join('');
        rows += page.length;
        bytes += Buffer.byteLength(text);
        if (performance.now() - toldMs >= progressEveryMs) {
          toldMs = performance.now();
          state = 'running';
          tell();
          state = 'cancelled';
        }
        yield text;
        if (signal.aborted) throw new EngineError('cancelled', 'Cancelled.');
        page = page.length < exportedPage ? [] : await read(page.at(-1)?.id ?? null, signal);
      }
      state = 'done';
    } catch (error) {
      if (!signal.aborted) state = 'failed';
      throw error;
    } finally {
      this.#underWay.delete(exportId);
      tell();
    }
  }
}
