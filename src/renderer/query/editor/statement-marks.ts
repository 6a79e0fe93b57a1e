import { type EditorState, type Extension, RangeSetBuilder, StateField } from '@codemirror/state';
import { Decoration, type DecorationSet, EditorView } from '@codemirror/view';
import { type ScannedSql, scanSql, spanToRun } from './sql-scan.ts';

/** Statements and parameters of the text, found anew when it changes. */
const scanned = StateField.define<ScannedSql>({
  create: (state) => scanSql(state.doc.toString()),
  update: (value, transaction) => (transaction.docChanged ? scanSql(transaction.newDoc.toString()) : value),
});

/** What the text holds; the field must be part of the state (see `statementMarks`). */
export const scanOf = (state: EditorState): ScannedSql => state.field(scanned);

const parameterMark = Decoration.mark({ class: 'cm-parameter' });
const runLine = Decoration.line({ class: 'cm-toRun' });

function parameterMarks(state: EditorState): DecorationSet {
  const builder = new RangeSetBuilder<Decoration>();
  for (const { from, to } of scanOf(state).parameters) builder.add(from, to, parameterMark);
  return builder.finish();
}

/** A bar beside the lines that Run would send; none where there is no doubt. */
function runMarks(state: EditorState): DecorationSet {
  const scan = scanOf(state);
  const { main } = state.selection;
  const span = spanToRun(scan, main);
  if (span === null || scan.statements.length < 2 || !main.empty) return Decoration.none;
  const builder = new RangeSetBuilder<Decoration>();
  const last = state.doc.lineAt(span.to).number;
  for (let number = state.doc.lineAt(span.from).number; number <= last; number += 1) {
    const { from } = state.doc.line(number);
    builder.add(from, from, runLine);
  }
  return builder.finish();
}

export const statementMarks: Extension = [
  scanned,
  EditorView.decorations.compute([scanned], parameterMarks),
  EditorView.decorations.compute([scanned, 'selection'], runMarks),
];
