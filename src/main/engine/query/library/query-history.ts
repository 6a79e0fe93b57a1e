import { randomUUID } from 'node:crypto';
import * as z from 'zod/mini';
import type { QueryHistoryPage } from '#shared/contract/query-library.ts';
import type { HistoryEntry } from '#shared/model/query-library.ts';
import { EngineError } from '../../base/errors.ts';
import { type FileDeps, jsonFile } from '../../base/json-file.ts';

const keptEntries = 1000;
/** Of all texts together; and a longer one is no statement to look for again. */
const keptChars = 4_000_000;
const longestText = 100_000;
/** Deleted entries that can be brought back. */
const undoable = 50;
/** Several runs in a row are one write. */
const saveAfterMs = 1000;

const entrySchema = z.object({
  entryId: z.string(),
  atMs: z.number(),
  profileIds: z.array(z.string()),
  text: z.string(),
  parameterTypes: z.array(z.nullable(z.string())),
  mode: z.enum(['readOnly', 'write']),
  state: z.enum(['done', 'failed', 'cancelled']),
  rows: z.number(),
  serverMs: z.nullable(z.number()),
});

const schema = z.object({ enabled: z.boolean(), entries: z.array(entrySchema) });

/** What was run, newest first. No results and no values. */
export class QueryHistory {
  readonly #file;
  readonly #deps: FileDeps;
  readonly #loaded: Promise<void>;
  #enabled = true;
  #entries: HistoryEntry[] = [];
  #timer: NodeJS.Timeout | null = null;
  #dirty = false;
  #isClosed = false;
  #saving: Promise<void> = Promise.resolve();
  /** Deleted one by one since the start, for Undo, with their places; what is added moves no place from the end. */
  readonly #deleted: { entry: HistoryEntry; fromEnd: number }[] = [];

  constructor(deps: FileDeps) {
    this.#deps = deps;
    this.#file = jsonFile(deps, {
      fileName: 'query-history.json',
      what: 'The query history',
      schema,
      empty: { enabled: true, entries: [] },
    });
    this.#loaded = this.#file.load().then(({ enabled, entries }) => {
      this.#enabled = enabled;
      this.#entries = entries;
    });
  }

  async add(entry: Omit<HistoryEntry, 'entryId'>): Promise<void> {
    await this.#loaded;
    if (this.#isClosed || !this.#enabled || entry.text.length > longestText) return;
    this.#entries.unshift({ entryId: randomUUID(), ...entry });
    let chars = 0;
    const fitting = this.#entries.findIndex((kept, index) => {
      chars += kept.text.length;
      return index >= keptEntries || chars > keptChars;
    });
    if (fitting > 0) this.#entries.length = fitting;
    this.#saveSoon();
  }

  async page(query: {
    profileId: string | null;
    search: string;
    beforeId: string | null;
    limit: number;
  }): Promise<QueryHistoryPage> {
    await this.#loaded;
    const { profileId, search, beforeId, limit } = query;
    const from = beforeId === null ? 0 : this.#entries.findIndex(({ entryId }) => entryId === beforeId) + 1;
    const wanted = search.toLowerCase();
    const found = this.#entries
      .slice(from)
      .filter(
        ({ profileIds, text }) =>
          (profileId === null || profileIds.includes(profileId)) && text.toLowerCase().includes(wanted),
      );
    return { entries: found.slice(0, limit), hasMore: found.length > limit, enabled: this.#enabled };
  }

  async delete(entryId: string): Promise<void> {
    await this.#loaded;
    const index = this.#entries.findIndex((kept) => kept.entryId === entryId);
    const entry = this.#entries[index];
    if (entry === undefined) return;
    this.#deleted.push({ entry, fromEnd: this.#entries.length - index });
    this.#entries = this.#entries.filter((kept) => kept !== entry);
    if (this.#deleted.length > undoable) this.#deleted.shift();
    await this.#save();
  }

  /** Puts a deleted entry back where it was. @throws EngineError `not_found` */
  async restore(entryId: string): Promise<void> {
    await this.#loaded;
    const index = this.#deleted.findIndex(({ entry }) => entry.entryId === entryId);
    const [deleted] = index < 0 ? [] : this.#deleted.splice(index, 1);
    if (deleted === undefined) {
      throw new EngineError('not_found', 'That entry of the history is gone for good.', {
        remedy: 'Run the statement again to have it in the history.',
      });
    }
    const place = Math.max(0, this.#entries.length + 1 - deleted.fromEnd);
    this.#entries = this.#entries.toSpliced(place, 0, deleted.entry);
    await this.#save();
  }

  async clear(): Promise<number> {
    await this.#loaded;
    const { length } = this.#entries;
    this.#entries = [];
    this.#deleted.length = 0;
    await this.#save();
    return length;
  }

  async setEnabled(enabled: boolean): Promise<void> {
    await this.#loaded;
    this.#enabled = enabled;
    await this.#save();
  }

  /** Saves what is not saved yet. Never rejects. */
  async close(): Promise<void> {
    this.#isClosed = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    if (this.#dirty) void this.#save();
    await this.#saving.catch(() => {});
  }

  #saveSoon(): void {
    this.#dirty = true;
    if (this.#timer !== null) return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      // The log has it; a history that is not saved is no reason to disturb.
      this.#save().catch(() => this.#deps.log.warn('the query history was not saved'));
    }, saveAfterMs);
  }

  #save(): Promise<void> {
    this.#dirty = false;
    this.#saving = this.#file.save({ enabled: this.#enabled, entries: this.#entries });
    // Whoever asked for it hears of a failure; `close` only waits.
    this.#saving.catch(() => {});
    return this.#saving;
  }
}
