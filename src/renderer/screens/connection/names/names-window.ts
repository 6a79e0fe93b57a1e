import type { ErrorPayload } from '#shared/contract/errors.ts';
import type { NamesPage, PageAt, Served, WatchedNames } from '#shared/contract/names.ts';
import type { NameRow } from '#shared/model/names.ts';
import { isCancelled, payloadOf } from '../../../data/errors.ts';

/** A row on the screen. `isGone`: another writer deleted it; it keeps its place until the list is read anew. */
export interface ShownRow extends NameRow {
  isGone?: true;
}

export interface WindowState {
  /** Neighbours in the table, without gaps between them, ordered by id. */
  rows: readonly ShownRow[];
  hasBefore: boolean;
  hasAfter: boolean;
  /**
   * Where the first row stands on a scale of rows that does not move while rows come and go at either
   * end. What scrolls keeps its place by it.
   */
  origin: number;
  /** Changes with every jump: the place of before means nothing then. */
  jump: number;
  /** The row to bring into view after a jump: an id, or an end of the list. */
  target: number | 'first' | 'last';
  loading: 'jump' | 'before' | 'after' | null;
  error: ErrorPayload | null;
  /** How the last page, or the last look at the rows shown, was served. */
  served: Served | null;
  /** Null until watched. */
  newestId: number | null;
  estimatedRows: number | null;
  /** Why what others do is not seen at the moment. */
  watchError: ErrorPayload | null;
}

interface WindowDeps {
  page(at: PageAt, limit: number, signal: AbortSignal): Promise<NamesPage>;
  watch(fromId: number, limit: number, signal: AbortSignal): Promise<WatchedNames | null>;
}

export const pageSize = 100;
/** Rows kept; those far from what is on the screen go, and are read again when scrolled to. */
const mostRows = 1500;
const smallestId = -2_147_483_648;

const empty: WindowState = {
  ...{ rows: [], hasBefore: false, hasAfter: false, origin: 0, jump: 0, target: 'first' },
  ...{ loading: 'jump', error: null, served: null, newestId: null, estimatedRows: null, watchError: null },
};

/** The part of a long table that is at hand: a run of rows that grows at both ends as it is scrolled. */
export class NamesWindow {
  readonly #deps: WindowDeps;
  readonly #listeners = new Set<() => void>();
  #state: WindowState = empty;
  #loading = new AbortController();
  #watching = new AbortController();
  /** Counts changes made here: what was read before one must not undo it on the screen. */
  #changes = 0;

  constructor(deps: WindowDeps) {
    this.#deps = deps;
  }

  state = (): WindowState => this.#state;

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Reads another part of the table. Resolves when it is there or has failed; never rejects. */
  async goTo(at: Exclude<PageAt, { kind: 'after' | 'before' }>): Promise<void> {
    const target = at.kind === 'around' ? at.id : at.kind;
    await this.#load('jump', at, (page) => ({
      ...{ rows: page.rows, hasBefore: page.hasBefore, hasAfter: page.hasAfter, origin: 0, target },
      jump: this.#state.jump + 1,
    }));
  }

  /** Reads the page before the first row, unless something is being read or there is none. */
  async growBefore(): Promise<void> {
    const { rows, hasBefore, loading, error, origin } = this.#state;
    const [first] = rows;
    if (!hasBefore || loading !== null || error !== null || first === undefined) return;
    await this.#load('before', { kind: 'before', id: first.id }, (page) => {
      const all = [...page.rows, ...this.#state.rows];
      const kept = all.slice(0, mostRows);
      const hasAfter = this.#state.hasAfter || kept.length < all.length;
      return { rows: kept, hasBefore: page.hasBefore, hasAfter, origin: origin - page.rows.length };
    });
  }

  async growAfter(): Promise<void> {
    const { rows, hasAfter, loading, error } = this.#state;
    const last = rows.at(-1);
    if (!hasAfter || loading !== null || error !== null || last === undefined) return;
    await this.#load('after', { kind: 'after', id: last.id }, (page) => {
      const all = [...this.#state.rows, ...page.rows];
      const dropped = Math.max(0, all.length - mostRows);
      return {
        rows: all.slice(dropped),
        hasBefore: this.#state.hasBefore || dropped > 0,
        hasAfter: page.hasAfter,
        origin: this.#state.origin + dropped,
      };
    });
  }

  /**
   * Looks at rows on the screen again and takes over what others did to them: changed names, new rows
   * at the end, and rows that are gone. False when it could not look.
   */
  async watch(fromIndex: number, count: number): Promise<boolean> {
    if (this.#state.loading !== null || this.#state.error !== null) return true;
    const { jump, rows } = this.#state;
    const changes = this.#changes;
    const fromId = rows[fromIndex]?.id ?? rows.at(-1)?.id ?? smallestId;
    this.#watching = new AbortController();
    try {
      const seen = await this.#deps.watch(fromId, count, this.#watching.signal);
      if (seen === null || jump !== this.#state.jump || changes !== this.#changes) return true;
      if (this.#state.loading !== null) return true;
      this.#set({ ...merged(this.#state, seen, fromId), watchError: null });
      return true;
    } catch (error) {
      if (isCancelled(error)) return true;
      this.#set({ watchError: payloadOf(error) });
      return false;
    }
  }

  /** Shows a row as it is now, after a change made here or told by an answer. */
  put(row: NameRow): void {
    this.#changes += 1;
    const { rows, hasAfter } = this.#state;
    const at = rows.findIndex(({ id }) => id >= row.id);
    if (rows[at]?.id === row.id) this.#set({ rows: rows.with(at, row) });
    else if (at > 0) this.#set({ rows: rows.toSpliced(at, 0, row) });
    else if (at < 0 && !hasAfter) this.#set({ rows: [...rows, row] });
    else if (at === 0 && !this.#state.hasBefore)
      this.#set({ rows: [row, ...rows], origin: this.#state.origin - 1 });
  }

  /** Takes a row out that was deleted here. */
  remove(id: number): void {
    this.#changes += 1;
    this.#set({ rows: this.#state.rows.filter((row) => row.id !== id) });
  }

  markGone(id: number): void {
    this.#changes += 1;
    this.#set({ rows: this.#state.rows.map((row) => (row.id === id ? { ...row, isGone: true } : row)) });
  }

  /** Ends what is under way. It can be used again after. */
  close(): void {
    this.#loading.abort();
    this.#watching.abort();
  }

  async #load(
    loading: 'jump' | 'before' | 'after',
    at: PageAt,
    change: (page: NamesPage) => Partial<WindowState>,
  ): Promise<void> {
    this.#loading.abort();
    this.#watching.abort();
    this.#loading = new AbortController();
    const { signal } = this.#loading;
    this.#set({ loading, error: null });
    try {
      const page = await this.#deps.page(at, pageSize, signal);
      if (!signal.aborted) this.#set({ ...change(page), loading: null, served: page.served });
    } catch (error) {
      if (signal.aborted) return;
      this.#set({ loading: null, error: isCancelled(error) ? null : payloadOf(error) });
    }
  }

  #set(change: Partial<WindowState>): void {
    this.#state = { ...this.#state, ...change };
    for (const listener of [...this.#listeners]) listener();
  }
}

const isSame = (a: ShownRow, b: ShownRow) =>
  a.name === b.name && a.isCut === b.isCut && a.isGone === b.isGone;

/** The rows shown with those that were seen, from an id on as far as was looked. */
function merged(state: WindowState, seen: WatchedNames, fromId: number): Partial<WindowState> {
  const { newestId, estimatedRows, served } = seen;
  const toId = seen.hasAfter ? (seen.rows.at(-1)?.id ?? fromId) : Number.POSITIVE_INFINITY;
  const lastId = state.rows.at(-1)?.id ?? smallestId;
  const byId = new Map(seen.rows.map((row) => [row.id, row]));
  const before = state.rows.filter(({ id }) => id < fromId);
  const after = state.rows.filter(({ id }) => id > toId);
  const looked = state.rows
    .filter(({ id }) => id >= fromId && id <= toId)
    .map((row): ShownRow => {
      const now = byId.get(row.id);
      byId.delete(row.id);
      if (now === undefined) return row.isGone ? row : { ...row, isGone: true };
      return isSame(row, now) ? row : now;
    });
  const rows =
    byId.size === 0
      ? [...before, ...looked, ...after]
      : [...before, ...[...looked, ...byId.values()].sort((a, b) => a.id - b.id), ...after];
  const isUnchanged = rows.length === state.rows.length && rows.every((row, at) => row === state.rows[at]);
  return {
    ...{ newestId, estimatedRows, served },
    rows: isUnchanged ? state.rows : rows,
    // What was seen beyond the last row follows it without a gap.
    hasAfter: toId > lastId ? seen.hasAfter : state.hasAfter,
  };
}
