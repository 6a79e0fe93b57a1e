import type {
  ConsoleColumn,
  ConsoleTable,
  ConsoleTableName,
  ConsoleValue,
} from '#shared/model/console-table.ts';
import type { ConsoleAnswer } from './console-connection.ts';

/** int8, int2, int4, float4, float8, numeric. */
const numberTypes = new Set([20, 21, 23, 700, 701, 1700]);

function cellFrom(text: string | null, isNumber: boolean): ConsoleValue {
  if (text === null || !isNumber || text === '') return text;
  const value = Number(text);
  // A total beyond 2^53 stays text rather than become another number.
  return Number.isFinite(value) && Math.abs(value) <= Number.MAX_SAFE_INTEGER ? value : text;
}

/** A dictionary pays when at most half the cells are different. One pass over the rows, each text read once. */
function columnFrom(
  { name, typeId }: ConsoleAnswer['columns'][number],
  place: number,
  rows: ConsoleAnswer['rows'],
): ConsoleColumn {
  const isNumber = numberTypes.has(typeId);
  const places = new Map<string | null, number>();
  const indexes: number[] = [];
  for (const row of rows) {
    const text = row[place] ?? null;
    let index = places.get(text);
    if (index === undefined) {
      index = places.size;
      if (index + 1 > rows.length / 2)
        return { name, values: rows.map((cells) => cellFrom(cells[place] ?? null, isNumber)) };
      places.set(text, index);
    }
    indexes.push(index);
  }
  if (rows.length === 0) return { name, values: [] };
  return { name, dictionary: Array.from(places.keys(), (text) => cellFrom(text, isNumber)), indexes };
}

/** The answer in the shape that crosses the bridge: by column, repeated values once. */
export function tableFrom(table: ConsoleTableName, answer: ConsoleAnswer, atMs: number): ConsoleTable {
  return {
    table,
    atMs,
    tookMs: answer.tookMs,
    rowCount: answer.rows.length,
    columns: answer.columns.map((column, place) => columnFrom(column, place, answer.rows)),
  };
}
