import { describe, expect, it } from 'vitest';
import type { QueryRun, ResultColumn } from '#shared/model/query.ts';
import { valuePlaceOf } from './merged-rows.ts';

const id: ResultColumn = { name: 'id', typeOid: 23, typeName: 'integer', kind: 'integer' };
const merged = {
  state: 'ready' as const,
  columns: [id],
  rows: 5,
  sources: [
    { profileId: 'a', rows: 2 },
    { profileId: 'empty', rows: 0 },
    { profileId: 'b', rows: 3 },
  ],
};
const runs = ['a', 'empty', 'b'].map((profileId) => ({ profileId, runId: `run-${profileId}` })) as QueryRun[];

describe('a cell of merged rows', () => {
  it('is found in the run it comes from', () => {
    expect(valuePlaceOf(merged, runs, { row: 1, column: 1 })).toMatchObject({
      runId: 'run-a',
      row: 1,
      index: 0,
    });
    expect(valuePlaceOf(merged, runs, { row: 2, column: 1 })).toMatchObject({
      runId: 'run-b',
      row: 0,
      index: 0,
    });
    expect(valuePlaceOf(merged, runs, { row: 4, column: 1 })).toMatchObject({ runId: 'run-b', row: 2 });
  });

  it('has no whole value where it names its source', () => {
    expect(valuePlaceOf(merged, runs, { row: 1, column: 0 })).toBeNull();
  });
});
