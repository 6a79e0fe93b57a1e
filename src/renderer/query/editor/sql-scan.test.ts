import { describe, expect, it } from 'vitest';
import { scanSql, spanToRun } from './sql-scan.ts';

const text = "-- two of them\nselect 1;\n\nselect $1, '$2';\n";

/** What Run would send with the cursor there, or with that much selected from there. */
function runs(from: number, length = 0): string | null {
  const span = spanToRun(scanSql(text), { from, to: from + length });
  return span && text.slice(span.from, span.to);
}

describe('what Run sends', () => {
  it('is the statement the cursor is in, or the one just typed before it', () => {
    expect(runs(text.indexOf('1'))).toBe('select 1');
    expect(runs(text.indexOf(';') + 1)).toBe('select 1');
    expect(runs(text.indexOf('$1'))).toBe("select $1, '$2'");
    expect(runs(text.length)).toBe("select $1, '$2'");
  });

  it('is the first one from before it, and what is selected when something is', () => {
    expect(runs(0)).toBe('select 1');
    expect(runs(text.indexOf('1'), 1)).toBe('1');
  });

  it('is nothing where there is no statement', () => {
    expect(spanToRun(scanSql(' -- nothing\n;'), { from: 0, to: 0 })).toBeNull();
  });
});

it('parameters are marked where they are parameters', () => {
  expect(scanSql(text).parameters.map(({ from, to }) => text.slice(from, to))).toEqual(['$1']);
});
