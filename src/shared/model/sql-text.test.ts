import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { firstWords, highestParameter, positionAt, splitStatements, statementAt } from './sql-text.ts';

const textsOf = (text: string) => splitStatements(text).map((statement) => statement.text);

describe('splitting a text into statements', () => {
  it.each<[string, string[]]>([
    ['select 1; select 2', ['select 1', 'select 2']],
    [';;  ;', []],
    ['-- only a comment', []],
    ["select ';'; select E'\\';'", ["select ';'", "select E'\\';'"]],
    ['select ";"', ['select ";"']],
    ["select 'it''s;'", ["select 'it''s;'"]],
    ['select $$;$$; select $a$;$$;$a$', ['select $$;$$', 'select $a$;$$;$a$']],
    ['select 1 /* ; /* ; */ ; */; select 2', ['select 1', 'select 2']],
    ['select 1 -- ;\n; select 2', ['select 1', 'select 2']],
    [
      'create rule r as on insert to t do (select 1; select 2); select 3',
      ['create rule r as on insert to t do (select 1; select 2)', 'select 3'],
    ],
    [
      'create function f() begin atomic select case when a then 1 end; select 2; end; select 3',
      ['create function f() begin atomic select case when a then 1 end; select 2; end', 'select 3'],
    ],
    ['begin; select 1; end; select 2', ['begin', 'select 1', 'end', 'select 2']],
    ['select a$1; select 2', ['select a$1', 'select 2']],
    ["select 'never closed; select 2", ["select 'never closed; select 2"]],
  ])('%s', (text, statements) => {
    expect(textsOf(text)).toEqual(statements);
  });

  it('gives places that hold the statements, whatever the text', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.constantFrom('a', ' ', ';', "'", '"', '$$', '$1', '/*', '*/', '--', '\n', '(', ')', 'é🙂'),
        ),
        (parts) => {
          const text = parts.join('');
          let end = 0;
          for (const { from, to, text: statement } of splitStatements(text)) {
            expect(from).toBeGreaterThanOrEqual(end);
            expect(text.slice(from, to)).toBe(statement);
            end = to;
          }
        },
      ),
    );
  });

  it('finds the statement at the cursor', () => {
    const text = 'select 1;\nselect 2;\n';
    expect(statementAt(text, 0)?.text).toBe('select 1');
    expect(statementAt(text, 12)?.text).toBe('select 2');
    expect(statementAt(text, text.length)?.text).toBe('select 2');
    expect(statementAt('  ', 1)).toBeNull();
  });
});

it('finds parameters where they are some', () => {
  expect(highestParameter('select $2, \'$9\', "$8", a$7, $$ $6 $$ -- $5\n /* $4 */, $1')).toBe(2);
  expect(highestParameter('select 1')).toBe(0);
});

it('reads the first words, past comments', () => {
  expect(firstWords('/* x */ Create -- y\n UNIQUE index(a)', 5)).toEqual(['create', 'unique', 'index']);
});

it('counts lines and columns as editors do', () => {
  expect(positionAt('a\r\nbc\rd\ne', 9)).toEqual({ offset: 9, line: 4, column: 2 });
});
