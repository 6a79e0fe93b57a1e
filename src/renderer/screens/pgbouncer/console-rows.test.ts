import { describe, expect, it } from 'vitest';
import type { ConsoleTable } from '#shared/model/console-table.ts';
import { cellAt, consoleRows, matchingRows } from './console-rows.ts';

const clients: ConsoleTable = {
  table: 'clients',
  atMs: 1,
  tookMs: 1,
  rowCount: 3,
  columns: [
    { name: 'user', dictionary: ['app', 'Report'], indexes: [0, 1, 0] },
    { name: 'port', values: [5001, 5002, 6001] },
    { name: 'ptr', values: ['0x1', '0x2', '0x3'] },
    { name: 'brand_new', values: ['a', null, 'c'] },
  ],
};

describe('a table of the console', () => {
  it('has rows that keep their names from one answer to the next, whatever their place', () => {
    expect(consoleRows(clients).map(({ id }) => id)).toEqual(['0x1', '0x2', '0x3']);
  });

  it('has rows of different names even where nothing names them', () => {
    const mem: ConsoleTable = { ...clients, table: 'mem', columns: [{ name: 'size', values: [1, 1, 1] }] };
    expect(new Set(consoleRows(mem).map(({ id }) => id)).size).toBe(3);
  });

  it('gives every column, those it does not know too, and null for those that are absent', () => {
    const [first] = consoleRows(clients);
    expect(first && cellAt(first, 'brand_new')).toBe('a');
    expect(first && cellAt(first, 'prepared_statements')).toBeNull();
  });

  it('is searched in every column without minding capitals', () => {
    const found = (text: string) => matchingRows(consoleRows(clients), text).map(({ id }) => id);
    expect(found('report')).toEqual(['0x2']);
    expect(found('500')).toEqual(['0x1', '0x2']);
    expect(found('C')).toEqual(['0x3']);
    expect(found(' ')).toHaveLength(3);
    expect(found('nobody')).toEqual([]);
  });
});
