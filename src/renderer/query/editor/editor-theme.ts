import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import type { Extension } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { tags } from '@lezer/highlight';

/** CodeMirror in the colours of tokens.css, which follow light and dark by themselves. */
const look = EditorView.theme({
  '&': { height: '100%', color: 'var(--text)', backgroundColor: 'var(--surface-panel)' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': {
    fontFamily: 'var(--mantine-font-family-monospace)',
    fontSize: '0.8125rem',
    lineHeight: '1.5',
  },
  '.cm-content': { padding: '8px 0', caretColor: 'var(--text)' },
  '.cm-cursor': { borderLeftColor: 'var(--text)' },
  '.cm-placeholder': { color: 'var(--text-dim)' },
  '.cm-gutters': { border: 'none', color: 'var(--text-dim)', backgroundColor: 'var(--surface-panel)' },
  '.cm-activeLineGutter': { color: 'var(--text)', backgroundColor: 'transparent' },
  '.cm-lineNumbers .cm-gutterElement': { minWidth: '32px', padding: '0 6px 0 4px' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    background: 'var(--surface-selected)',
  },
  '.cm-selectionMatch': { backgroundColor: 'var(--surface-sunken)' },
  '&.cm-focused .cm-matchingBracket': {
    backgroundColor: 'var(--surface-selected)',
    outline: '1px solid var(--line-strong)',
  },
  '&.cm-focused .cm-nonmatchingBracket': { color: 'var(--status-unhealthy)', backgroundColor: 'transparent' },
  '.cm-parameter': { color: 'var(--code-number)', fontWeight: '600' },
  '.cm-toRun': { boxShadow: 'inset 2px 0 0 var(--accent)' },
  '.cm-lintRange-error': {
    backgroundImage: 'none',
    textDecoration: 'underline wavy var(--status-unhealthy)',
    backgroundColor: 'var(--status-unhealthy-wash)',
  },
  '.cm-lintPoint-error:after': { borderBottomColor: 'var(--status-unhealthy)' },
  '.cm-diagnostic-error': { borderLeftColor: 'var(--status-unhealthy)' },
  '.cm-tooltip': {
    border: '1px solid var(--line-strong)',
    borderRadius: '4px',
    color: 'var(--text)',
    backgroundColor: 'var(--surface-panel)',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul': {
    fontFamily: 'var(--mantine-font-family-monospace)',
    fontSize: '0.8125rem',
  },
  '.cm-tooltip-autocomplete ul li[aria-selected]': {
    color: 'var(--text)',
    backgroundColor: 'var(--surface-selected)',
  },
  '.cm-completionDetail': { color: 'var(--text-dim)', fontStyle: 'normal' },
  '.cm-panels': { color: 'var(--text)', backgroundColor: 'var(--surface-sunken)' },
  '.cm-panels.cm-panels-top': { borderBottom: '1px solid var(--line)' },
  '.cm-textfield': {
    border: '1px solid var(--line-strong)',
    color: 'var(--text)',
    backgroundColor: 'var(--surface-panel)',
  },
  '.cm-button': {
    border: '1px solid var(--line-strong)',
    borderRadius: '4px',
    color: 'var(--text)',
    backgroundImage: 'none',
    backgroundColor: 'var(--surface-panel)',
  },
  '.cm-searchMatch': { backgroundColor: 'var(--status-degraded-wash)' },
  '.cm-searchMatch-selected': { backgroundColor: 'var(--surface-selected)' },
});

const colours = HighlightStyle.define([
  { tag: tags.keyword, color: 'var(--code-keyword)', fontWeight: '600' },
  { tag: [tags.string, tags.special(tags.string)], color: 'var(--code-string)' },
  { tag: [tags.number, tags.bool, tags.null], color: 'var(--code-number)' },
  { tag: tags.typeName, color: 'var(--code-type)' },
  { tag: [tags.lineComment, tags.blockComment], color: 'var(--text-dim)', fontStyle: 'italic' },
]);

export const editorTheme: Extension = [look, syntaxHighlighting(colours)];
