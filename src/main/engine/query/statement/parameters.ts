import type { QueryParameter, QueryType } from '#shared/model/query.ts';
import { highestParameter } from '#shared/model/sql-text.ts';
import { EngineError } from '../../base/errors.ts';
import { parameterOids } from './builtin-types.ts';

/** The oid a parameter's chosen type stands for; 0 lets the server infer it. */
export const oidOf = (type: string | null): number =>
  type === null ? 0 : (parameterOids[type as QueryType] ?? 0);

type Check = { fits: RegExp | ((value: string) => boolean); isNot: string };

const whole = (least: bigint, most: bigint): Check['fits'] => {
  return (value) => {
    const trimmed = value.trim();
    // Hexadecimal and underscores are for the server to judge: it takes them since PostgreSQL 16.
    if (!/^[+-]?\d+$/.test(trimmed)) return /^[+-]?(0[xXoObB][\da-fA-F_]+|\d+(_\d+)+)$/.test(trimmed);
    const number = BigInt(trimmed.replace('+', ''));
    return number >= least && number <= most;
  };
};

const isJson = (value: string): boolean => {
  try {
    JSON.parse(value);
    return true;
  } catch {
    return false;
  }
};

/** One way to match each text: a million digits must not be tried in all their divisions. */
const decimal =
  /^\s*([+-]?((\d[\d_]*(\.[\d_]*)?|\.\d[\d_]*)(e[+-]?\d+)?|inf(inity)?)|nan|[+-]?0[xob][\da-f_]+)\s*$/i;
const uuid = /^\s*(\{([\da-f]{4}-?){7}[\da-f]{4}\}|([\da-f]{4}-?){7}[\da-f]{4})\s*$/i;
const truth = /^\s*(t|tr|tru|true|f|fa|fal|fals|false|y|ye|yes|n|no|on|of|off|0|1)\s*$/i;

/** Only what is certain: where the server might take a value, it is asked. By oid. */
const checks: Record<number, Check> = {
  16: { fits: truth, isNot: 'is neither true nor false' },
  17: {
    fits: (value) => !value.startsWith('\\x') || /^\\x(\s*[\da-fA-F]{2})*\s*$/.test(value),
    isNot: 'is not a bytea: after \\x come pairs of hexadecimal digits',
  },
  20: { fits: whole(-(2n ** 63n), 2n ** 63n - 1n), isNot: 'is not a whole number of 8 bytes (int8)' },
  21: { fits: whole(-32_768n, 32_767n), isNot: 'is not a whole number from -32,768 to 32,767 (int2)' },
  23: {
    fits: whole(-(2n ** 31n), 2n ** 31n - 1n),
    isNot: 'is not a whole number from -2,147,483,648 to 2,147,483,647 (int4)',
  },
  114: { fits: isJson, isNot: 'is not valid JSON' },
  700: { fits: decimal, isNot: 'is not a number' },
  701: { fits: decimal, isNot: 'is not a number' },
  1700: { fits: decimal, isNot: 'is not a number' },
  2950: { fits: uuid, isNot: 'is not a UUID' },
  3802: { fits: isJson, isNot: 'is not valid JSON' },
};

const shown = (value: string): string =>
  value === '' ? 'the empty text' : `"${value.length > 40 ? `${value.slice(0, 40)}…` : value}"`;

const badParameters = (fields: Record<string, string>): EngineError => {
  const [message = 'A parameter does not fit.'] = Object.values(fields);
  const remedy = 'Mend the value, choose another type, or mark it as NULL.';
  return new EngineError('bad_input', message, { fields, remedy });
};

/** Exactly as many values as the text uses. @throws EngineError `bad_input`, by the number of the first missing */
export function checkParameterCount(text: string, given: number): void {
  const used = highestParameter(text);
  if (used === given) return;
  const range = used === 1 ? '$1' : `$1 to $${used}`;
  const uses = used === 0 ? 'no parameters' : range;
  const message =
    given < used
      ? `The statement uses ${range}, and there is no value for $${given + 1}.`
      : `The statement uses ${uses}, and there are ${given} values.`;
  const field = `parameters.${Math.min(given, used)}`;
  const remedy = given < used ? 'Give it a value, or mark it as NULL.' : 'Take out the others.';
  throw new EngineError('bad_input', message, { fields: { [field]: message }, remedy });
}

/** @throws EngineError `bad_input` naming every value that cannot be one of its type */
export function checkParameterValues(parameters: readonly QueryParameter[], oids: readonly number[]): void {
  const fields: Record<string, string> = {};
  for (const [index, { value }] of parameters.entries()) {
    const check = checks[oids[index] ?? 0];
    if (value === null || check === undefined) continue;
    const fits = typeof check.fits === 'function' ? check.fits(value) : check.fits.test(value);
    if (!fits) fields[`parameters.${index}`] = `$${index + 1}: ${shown(value)} ${check.isNot}.`;
  }
  if (Object.keys(fields).length > 0) throw badParameters(fields);
}
