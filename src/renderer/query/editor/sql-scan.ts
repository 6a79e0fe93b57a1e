import { splitStatements, sqlTokens } from '#shared/model/sql-text.ts';

/** A stretch of the text, `from` inclusive, `to` exclusive, in UTF-16 units as the editor counts. */
export interface Span {
  from: number;
  to: number;
}

export interface ScannedSql {
  /** Each statement from its first to its last character, without the semicolon and what surrounds it. */
  statements: Span[];
  /** Every `$n` outside strings and comments, in order of place. */
  parameters: Span[];
  /** The highest n of all `$n`; 0 when there is none. */
  highestParameter: number;
}

/** What the editor marks in a text. */
export function scanSql(text: string): ScannedSql {
  const parameters: Span[] = [];
  let highestParameter = 0;
  for (const { kind, from, to } of sqlTokens(text)) {
    if (kind !== 'parameter') continue;
    parameters.push({ from, to });
    highestParameter = Math.max(highestParameter, Number(text.slice(from + 1, to)));
  }
  return { statements: splitStatements(text), parameters, highestParameter };
}

/**
 * What Run sends: the selection when there is one, else the statement the cursor is in or behind,
 * else the first one. Null when there is nothing but blanks.
 */
export function spanToRun({ statements }: ScannedSql, selection: Span): Span | null {
  if (selection.to > selection.from) return selection;
  return statements.findLast(({ from }) => from <= selection.from) ?? statements[0] ?? null;
}
