import type { SQLNamespace } from '@codemirror/lang-sql';
import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { CompletionCatalog } from '#shared/model/query-library.ts';
import { request } from '../../bridge/client.ts';
import type { EditorModel } from './editor-model.ts';
import { nameCompletion } from './name-completion.ts';

const staleAfterMs = 5 * 60_000;

/**
 * Completes with the tables and columns of a connection's database. When they cannot be read nothing
 * is completed but keywords: that is no reason to disturb anyone.
 */
export function useCompletion(editor: EditorModel, profileId: string | null): void {
  const { data } = useQuery({
    queryKey: ['query.completion', profileId],
    queryFn: ({ signal }) => request('query.completion', { profileId: profileId ?? '' }, { signal }),
    staleTime: staleAfterMs,
    enabled: profileId !== null,
  });
  useEffect(() => {
    if (data === undefined) return;
    editor.complete(namespaceOf(data), data.searchPath[0] ?? 'public', nameCompletion(data));
  }, [editor, data]);
}

/** The catalog as the completion of CodeMirror wants it; relations on the search path need no schema. */
export function namespaceOf(catalog: CompletionCatalog): SQLNamespace {
  const bySchema: Record<string, Record<string, SQLNamespace>> = {};
  for (const schema of catalog.schemas) bySchema[schema] = {};
  for (const { schema, name, kind, columns } of catalog.relations) {
    bySchema[schema] ??= {};
    bySchema[schema][name] = {
      self: { label: name, type: kind, detail: kind },
      children: columns.map((column) => ({ label: column.name, type: 'property', detail: column.typeName })),
    };
  }
  const top: Record<string, SQLNamespace> = { ...bySchema };
  // The first schema of the path is CodeMirror's default one; the others must be put beside it.
  for (const schema of catalog.searchPath.slice(1).toReversed()) {
    for (const [name, table] of Object.entries(bySchema[schema] ?? {})) top[name] ??= table;
  }
  return top;
}
