import { describe, expect, it } from 'vitest';
import { cellsAsText } from './copy-cells.ts';

describe('copied cells', () => {
  it('paste into a spreadsheet: one line a row, tabs between', () => {
    expect(
      cellsAsText(
        [
          ['1', 'a\tb\nc'],
          ['2', null],
        ],
        ['id', 'name'],
        'tsv',
      ),
    ).toBe('id\tname\n1\ta b c\n2\t');
  });

  it('keep quotes, commas and line ends as CSV, and tell null from empty', () => {
    expect(cellsAsText([['a,b', 'say "hi"', 'x\ny', '', null]], null, 'csv')).toBe(
      '"a,b","say ""hi""","x\ny","",',
    );
  });
});
