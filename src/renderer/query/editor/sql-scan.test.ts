import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scanSql } from './sql-scan.ts';

const statementsOf = (text: string) => scanSql(text).statements.map(({ from, to }) => text.slice(from, to));
const parametersOf = (text: string) => scanSql(text).parameters.map(({ number }) => number);

describe('statements of a text', () => {
  it('end at semicolons, and blank ones are none', () => {
    expect(statementsOf('select 1;\n\n select 2 ;;  ')).toEqual(['select 1', 'select 2']);
    expect(statementsOf('  -- nothing\n ;')).toEqual([]);
  });

  it('hold the semicolons of strings, names, comments and function bodies', () => {
    for (const text of [
      `select ';', 'it''s;'`,
      `select E'\\';'`,
      `select "a;b"`,
      'select 1 -- one; two\n + 1',
      'select /* ; /* ; */ ; */ 1',
      'do $$ begin perform 1; end $$',
      'do $body$ begin perform $$;$$; end $body$',
      'create function f() returns int begin atomic select 1; select case when true then 2 end; end',
    ]) {
      expect(statementsOf(`${text}; select 2`)).toEqual([text, 'select 2']);
    }
  });

  it('begin without the comment before them', () => {
    expect(statementsOf('-- the count\nselect 1')).toEqual(['select 1']);
  });

  it('treat BEGIN of a transaction as a statement of its own', () => {
    expect(statementsOf('begin; select 1; end; select 2')).toEqual(['begin', 'select 1', 'end', 'select 2']);
  });

  it('are found in any text whatever, none overlapping', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...`'"$;a1/*-\n E\\`) }), (text) => {
        let last = 0;
        for (const { from, to } of scanSql(text).statements) {
          expect(from).toBeGreaterThanOrEqual(last);
          expect(to).toBeGreaterThan(from);
          last = to;
        }
      }),
    );
  });
});

describe('parameters of a text', () => {
  it('are $1, $2 … each time they stand there', () => {
    expect(parametersOf('select * from a where b = $2 and c = $1 or d = $2')).toEqual([2, 1, 2]);
  });

  it('are not what strings, comments, names and dollar quotes hold', () => {
    expect(parametersOf(`select '$1', "$2", E'\\'$3', $$ $4 $$, $t$ $5 $t$ -- $6\n /* $7 */, a$8`)).toEqual([]);
  });
});
