import {
  acceptCompletion,
  autocompletion,
  type CompletionSource,
  closeBrackets,
  closeBracketsKeymap,
  closeCompletion,
  completionKeymap,
} from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { PostgreSQL, type SQLNamespace, sql } from '@codemirror/lang-sql';
import { bracketMatching, indentOnInput } from '@codemirror/language';
import { type Diagnostic, setDiagnostics } from '@codemirror/lint';
import { highlightSelectionMatches, search, searchKeymap } from '@codemirror/search';
import { Compartment, EditorState, type Extension, type TransactionSpec } from '@codemirror/state';
import {
  drawSelection,
  EditorView,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
  placeholder,
} from '@codemirror/view';
import { editorTheme } from './editor-theme.ts';
import { type ScannedSql, type Span, spanToRun } from './sql-scan.ts';
import { scanOf, statementMarks } from './statement-marks.ts';

/** A stretch of the text with its place in it. */
export interface PlacedText extends Span {
  text: string;
}

/** Where something stands, counted as people do: both from 1. */
export interface LineColumn {
  line: number;
  column: number;
}

/**
 * The text of one query tab with its cursor and its undo history. It outlives the part of the page
 * that shows it: leaving the tab and coming back loses nothing.
 */
export class EditorModel {
  readonly #listeners = new Set<() => void>();
  readonly #language = new Compartment();
  #state: EditorState;
  #view: EditorView | null = null;
  #selectionEmpty = true;
  #marked = false;

  constructor(text: string) {
    this.#state = EditorState.create({ doc: text, extensions: this.#extensions() });
  }

  get state(): EditorState {
    return this.#view?.state ?? this.#state;
  }

  get text(): string {
    return this.state.doc.toString();
  }

  /** The same object until the text changes. */
  scan = (): ScannedSql => scanOf(this.state);

  /** Changes when a selection begins or ends. */
  hasSelection = (): boolean => !this.state.selection.main.empty;

  /** Called after each change of the text, and when a selection begins or ends. */
  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Shows the editor in `parent`; the function returned takes it away. */
  mount(parent: HTMLElement): () => void {
    const view = new EditorView({ state: this.#state, parent });
    this.#view = view;
    return () => {
      this.#state = view.state;
      view.destroy();
      if (this.#view === view) this.#view = null;
    };
  }

  focus(): void {
    this.#view?.focus();
  }

  /** What Run sends, or null when there is nothing to run. An open completion is put away. */
  toRun(): PlacedText | null {
    if (this.#view !== null) closeCompletion(this.#view);
    const span = spanToRun(this.scan(), this.state.selection.main);
    if (span === null) return null;
    return { from: span.from, to: span.to, text: this.state.sliceDoc(span.from, span.to) };
  }

  /** Puts another text in place of all of it; undoing brings the old one back. */
  replaceAll(text: string): void {
    this.#dispatch({ changes: { from: 0, to: this.state.doc.length, insert: text } });
    this.focus();
  }

  /** Puts a text where the cursor is, or in place of what is selected; undoing takes it out. */
  insert(text: string): void {
    this.#dispatch(this.state.replaceSelection(text));
    this.focus();
  }

  /**
   * Names to complete: tables and columns by schema, those of `defaultSchema` without prefix too, and
   * whatever `names` offers for a word that stands alone.
   */
  complete(schema: SQLNamespace, defaultSchema: string, names: CompletionSource): void {
    const extension = [language(schema, defaultSchema), PostgreSQL.language.data.of({ autocomplete: names })];
    this.#dispatch({ effects: this.#language.reconfigure(extension) });
  }

  /** Marks the word at a place of the text as wrong, until the text changes or another mark comes. */
  markError(at: number, message: string): void {
    const from = Math.min(at, this.state.doc.length);
    const word = this.state.wordAt(from);
    const to = Math.max(word?.to ?? 0, Math.min(from + 1, this.state.doc.length));
    const diagnostic: Diagnostic = { from, to, severity: 'error', message };
    this.#dispatch(setDiagnostics(this.state, [diagnostic]));
    this.#marked = true;
  }

  clearError(): void {
    if (!this.#marked) return;
    this.#marked = false;
    this.#dispatch(setDiagnostics(this.state, []));
  }

  lineColumn(at: number): LineColumn {
    const line = this.state.doc.lineAt(Math.min(at, this.state.doc.length));
    return { line: line.number, column: at - line.from + 1 };
  }

  /** Puts the cursor there, in view, with the focus. */
  goTo(at: number): void {
    this.#dispatch({ selection: { anchor: Math.min(at, this.state.doc.length) }, scrollIntoView: true });
    this.focus();
  }

  #dispatch(spec: TransactionSpec): void {
    if (this.#view !== null) this.#view.dispatch(spec);
    else {
      const transaction = this.#state.update(spec);
      this.#state = transaction.state;
      if (transaction.docChanged) this.#changed();
    }
  }

  #changed(): void {
    for (const listener of [...this.#listeners]) listener();
  }

  #extensions(): Extension {
    return [
      lineNumbers(),
      highlightActiveLineGutter(),
      history(),
      drawSelection(),
      indentOnInput(),
      bracketMatching(),
      closeBrackets(),
      autocompletion({ icons: false }),
      highlightSelectionMatches(),
      search({ top: true }),
      EditorState.tabSize.of(4),
      placeholder('SELECT …'),
      this.#language.of(language({}, 'public')),
      statementMarks,
      editorTheme,
      EditorView.contentAttributes.of({ 'aria-label': 'SQL', spellcheck: 'false' }),
      EditorView.updateListener.of((update) => {
        const { empty } = update.state.selection.main;
        if (update.docChanged || empty !== this.#selectionEmpty) {
          this.#selectionEmpty = empty;
          // What was wrong may be mended now.
          if (update.docChanged) queueMicrotask(() => this.clearError());
          this.#changed();
        }
      }),
      // Tab leaves the editor, as everywhere on the page, except where a completion is offered. Mod-Enter
      // is left to the tab, which runs.
      keymap.of([{ key: 'Tab', run: acceptCompletion }]),
      keymap.of(
        [
          ...closeBracketsKeymap,
          ...defaultKeymap,
          ...searchKeymap,
          ...historyKeymap,
          ...completionKeymap,
        ].filter(({ key, mac }) => key !== 'Mod-Enter' && mac !== 'Ctrl-k'),
      ),
    ];
  }
}

const language = (schema: SQLNamespace, defaultSchema: string): Extension =>
  sql({ dialect: PostgreSQL, schema, defaultSchema });
