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

/** A dictionary pays when at most half the cells are different. */
function columnFrom(name: string, values: ConsoleValue[]): ConsoleColumn {
  const places = new Map<ConsoleValue, number>();
  const indexes: number[] = [];
  const most = values.length / 2;
  for (const value of values) {
    let place = places.get(value);
    if (place === undefined) {
      place = places.size;
      if (place + 1 > most) return { name, values };
      places.set(value, place);
    }
    indexes.push(place);
  }
  return values.length === 0 ? { name, values } : { name, dictionary: [...places.keys()], indexes };
}

/** The answer in the shape that crosses the bridge: by column, repeated values once. */
export function tableFrom(table: ConsoleTableName, answer: ConsoleAnswer, atMs: number): ConsoleTable {
  return {
    table,
    atMs,
    tookMs: answer.tookMs,
    rowCount: answer.rows.length,
    columns: answer.columns.map(({ name, typeId }, place) => {
      const isNumber = numberTypes.has(typeId);
      return columnFrom(
        name,
        answer.rows.map((row) => cellFrom(row[place] ?? null, isNumber)),
      );
    }),
  };
}
