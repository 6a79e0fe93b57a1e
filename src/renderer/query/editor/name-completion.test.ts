import { describe, expect, it } from 'vitest';
import type { CompletionCatalog } from '#shared/model/query-library.ts';
import { columnsNear } from './name-completion.ts';
import { namespaceOf } from './use-completion.ts';

const catalog: CompletionCatalog = {
  takenAtMs: 0,
  searchPath: ['app', 'public'],
  schemas: ['app', 'public', 'other'],
  relations: [
    {
      schema: 'app',
      name: 'orders',
      kind: 'table',
      columns: [
        { name: 'id', typeName: 'bigint' },
        { name: 'Paid At', typeName: 'timestamp with time zone' },
      ],
    },
    { schema: 'public', name: 'names', kind: 'view', columns: [{ name: 'name', typeName: 'text' }] },
    { schema: 'other', name: 'hidden', kind: 'table', columns: [{ name: 'secret', typeName: 'text' }] },
  ],
  functions: [],
  keywords: [],
  truncated: false,
};

describe('completion', () => {
  it('offers the columns of the tables that the statement names, quoted where they must be', () => {
    const text = 'select 1 from names; select  from Orders';
    const offered = columnsNear(catalog, text, text.indexOf('select  ') + 7);
    expect(offered.map(({ label, apply }) => [label, apply])).toEqual([
      ['id', 'id'],
      ['Paid At', '"Paid At"'],
    ]);
  });

  it('offers tables on the search path without their schema, others behind it', () => {
    const names = namespaceOf(catalog) as Record<string, object>;
    expect(Object.keys(names)).toEqual(['app', 'public', 'other', 'names']);
    expect(Object.keys(names.other as object)).toEqual(['hidden']);
  });
});
