import { parameterTypeSchema } from '#shared/contract/query.ts';
import type { QueryMode } from '#shared/model/query.ts';
import { EditorModel } from '../editor/editor-model.ts';
import { loadDraft, storeDraft } from './draft.ts';
import { emptyBox, type ParameterBox, withBox } from './parameter-values.ts';

/** How a statement is run, beside its text. */
export interface StatementOptions {
  mode: QueryMode;
  timeoutMs: number;
  /** Null reads everything. */
  rowLimit: number | null;
  boxes: readonly ParameterBox[];
}

const storeAfterMs = 400;

/** What a user has typed and set before running it, kept as a draft on this machine. */
export class StatementModel {
  readonly editor: EditorModel;
  readonly #name: string;
  readonly #listeners = new Set<() => void>();
  #options: StatementOptions;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** `name` tells drafts apart: a profile's id, or `many`. */
  constructor(name: string) {
    this.#name = name;
    const { text, parameterTypes, timeoutMs, rowLimit } = loadDraft(name);
    this.editor = new EditorModel(text);
    const boxes = parameterTypes.map((type) => ({ ...emptyBox, type }));
    this.#options = { mode: 'readOnly', timeoutMs, rowLimit, boxes };
    this.editor.subscribe(() => this.#storeSoon());
    window.addEventListener('pagehide', this.#store);
  }

  options = (): StatementOptions => this.#options;

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  set(change: Partial<StatementOptions>): void {
    this.#options = { ...this.#options, ...change };
    this.#storeSoon();
    for (const listener of [...this.#listeners]) listener();
  }

  setBox(index: number, change: Partial<ParameterBox>): void {
    this.set({ boxes: withBox(this.#options.boxes, index, change) });
  }

  /** Takes a statement of the history or of the saved ones, with its types; the boxes' values stay. */
  take(text: string, parameterTypes: readonly (string | null)[], how: 'replace' | 'insert'): void {
    if (how === 'insert') {
      this.editor.insert(text);
      return;
    }
    this.editor.replaceAll(text);
    let { boxes } = this.#options;
    for (const [index, type] of parameterTypes.entries()) {
      const known = parameterTypeSchema.safeParse(type);
      boxes = withBox(boxes, index, { type: known.data ?? null });
    }
    this.set({ boxes });
  }

  #storeSoon(): void {
    this.#timer ??= setTimeout(this.#store, storeAfterMs);
  }

  #store = (): void => {
    if (this.#timer === undefined) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const { timeoutMs, rowLimit, boxes } = this.#options;
    const parameterTypes = boxes.map(({ type }) => type);
    storeDraft(this.#name, { text: this.editor.text, parameterTypes, timeoutMs, rowLimit });
  };
}
