import { describe, expect, it } from 'vitest';
import type { QueryRun } from '#shared/model/query.ts';
import { runInWords, timingInWords } from './run-words.ts';

const run = (changes: Partial<QueryRun>): QueryRun => ({
  runId: 'r',
  profileId: 'p',
  transactionId: null,
  manyId: null,
  mode: 'readOnly',
  state: 'done',
  startedAtMs: 0,
  backendPid: 4711,
  columns: [{ name: 'id', typeOid: 23, typeName: 'integer', kind: 'integer' }],
  rows: 1234,
  cutShort: null,
  command: 'SELECT',
  affectedRows: null,
  timing: { waitMs: 0.4, serverMs: 12, transferMs: 1500, totalMs: 1513 },
  notices: [],
  noticesDropped: 0,
  attempts: 1,
  error: null,
  expired: false,
  ...changes,
});

describe('a run in words', () => {
  it('says what it gave, and whether that is all', () => {
    expect(runInWords(run({}))).toBe('1,234 rows');
    expect(runInWords(run({ rows: 1 }))).toBe('1 row');
    expect(runInWords(run({ cutShort: 'rowLimit' }))).toBe('The first 1,234 rows: the row limit was reached');
    expect(runInWords(run({ state: 'fetching' }))).toBe('1,234 rows so far…');
    expect(runInWords(run({ state: 'cancelled', rows: 7 }))).toBe('Cancelled after 7 rows');
  });

  it('says what was changed', () => {
    expect(runInWords(run({ columns: [], rows: 0, command: 'UPDATE', affectedRows: 3 }))).toBe(
      'UPDATE: 3 rows',
    );
    expect(runInWords(run({ rows: 3, command: 'UPDATE', affectedRows: 3 }))).toBe('UPDATE: 3 rows');
    expect(runInWords(run({ columns: [], rows: 0, command: 'CREATE TABLE' }))).toBe('CREATE TABLE done');
  });

  it('says where the time went and who served it', () => {
    expect(timingInWords(run({}))).toBe(
      'Waited 0.4 ms · server 12 ms · transfer 1.5 s · served by session 4711',
    );
    const waiting = { waitMs: null, serverMs: null, transferMs: null, totalMs: null };
    expect(timingInWords(run({ state: 'waiting', timing: waiting, backendPid: null }))).toBe('');
  });
});
