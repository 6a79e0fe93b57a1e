import type { Completion, CompletionContext, CompletionResult } from '@codemirror/autocomplete';
import type { CompletionCatalog } from '#shared/model/query-library.ts';
import { sqlTokens, statementAt } from '#shared/model/sql-text.ts';

/** An identifier that needs no quotes; others are completed with them. */
const plain = /^[a-z_][a-z0-9_$]*$/;
const quoted = (name: string) => (plain.test(name) ? name : `"${name.replaceAll('"', '""')}"`);

/**
 * Completes what stands alone: functions, and the columns of the tables that the statement under the
 * cursor names. What stands behind a dot is the language's own to complete.
 */
export function nameCompletion(catalog: CompletionCatalog) {
  const functions: Completion[] = catalog.functions.map((found) => ({
    label: found.name,
    apply: `${quoted(found.name)}(`,
    type: 'function',
    detail: `(${found.arguments}) → ${found.returns}`,
    boost: -10,
  }));
  return (context: CompletionContext): CompletionResult | null => {
    const word = context.matchBefore(/[\w$]+/);
    if (word === null && !context.explicit) return null;
    const from = word?.from ?? context.pos;
    if (context.state.sliceDoc(Math.max(0, from - 1), from) === '.') return null;
    const columns = columnsNear(catalog, context.state.doc.toString(), context.pos);
    return { from, options: [...columns, ...functions], validFor: /^[\w$]*$/ };
  };
}

/** Columns of the relations that the statement at a place of the text names, each name once. */
export function columnsNear(catalog: CompletionCatalog, text: string, at: number): Completion[] {
  const statement = statementAt(text, at);
  if (statement === null) return [];
  const named = new Set<string>();
  for (const { kind, from, to } of sqlTokens(statement.text)) {
    if (kind === 'word') named.add(statement.text.slice(from, to).toLowerCase());
    else if (kind === 'name') named.add(statement.text.slice(from + 1, to - 1).replaceAll('""', '"'));
  }
  const byName = new Map<string, Completion>();
  for (const relation of catalog.relations) {
    if (!named.has(relation.name)) continue;
    for (const { name, typeName } of relation.columns) {
      if (byName.has(name)) continue;
      const detail = `${typeName} · ${relation.name}`;
      byName.set(name, { label: name, apply: quoted(name), type: 'property', detail, boost: 10 });
    }
  }
  return [...byName.values()];
}
