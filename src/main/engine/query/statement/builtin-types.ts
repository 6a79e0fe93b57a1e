import type { ColumnKind, QueryType } from '#shared/model/query.ts';

interface BuiltinType {
  name: string;
  kind: ColumnKind;
}

const type = (name: string, kind: ColumnKind = 'text'): BuiltinType => ({ name, kind });

/** Names as format_type() gives them, by oid; oids of pg_type.dat never change. */
const scalars: Record<number, BuiltinType> = {
  16: type('boolean', 'boolean'),
  17: type('bytea', 'bytes'),
  18: type('"char"'),
  19: type('name'),
  20: type('bigint', 'integer'),
  21: type('smallint', 'integer'),
  23: type('integer', 'integer'),
  24: type('regproc'),
  25: type('text'),
  26: type('oid', 'integer'),
  114: type('json', 'json'),
  142: type('xml'),
  650: type('cidr'),
  700: type('real', 'float'),
  701: type('double precision', 'float'),
  705: type('unknown'),
  790: type('money'),
  829: type('macaddr'),
  869: type('inet'),
  1033: type('aclitem'),
  1042: type('character'),
  1043: type('character varying'),
  1082: type('date', 'time'),
  1083: type('time without time zone', 'time'),
  1114: type('timestamp without time zone', 'time'),
  1184: type('timestamp with time zone', 'time'),
  1186: type('interval', 'time'),
  1266: type('time with time zone', 'time'),
  1560: type('bit'),
  1562: type('bit varying'),
  1700: type('numeric', 'decimal'),
  2205: type('regclass'),
  2249: type('record'),
  2278: type('void'),
  2950: type('uuid'),
  3220: type('pg_lsn'),
  3614: type('tsvector'),
  3802: type('jsonb', 'json'),
};

const arrays: Record<number, number> = {
  199: 114,
  1000: 16,
  1001: 17,
  1002: 18,
  1003: 19,
  1005: 21,
  1007: 23,
  1009: 25,
  1014: 1042,
  1015: 1043,
  1016: 20,
  1021: 700,
  1022: 701,
  1028: 26,
  1034: 1033,
  1041: 869,
  1115: 1114,
  1182: 1082,
  1183: 1083,
  1185: 1184,
  1187: 1186,
  1231: 1700,
  2951: 2950,
  3807: 3802,
};

/** What a length or precision looks like, by oid, after the formulas of format_type.c. */
function modifierOf(oid: number, typmod: number): string {
  if (typmod < 0) return '';
  switch (oid) {
    case 1042:
    case 1043:
      return `(${typmod - 4})`;
    case 1700: {
      // Eleven bits, signed: scales may be negative since PostgreSQL 15.
      const scale = (((typmod - 4) & 0x7ff) ^ 1024) - 1024;
      return `(${((typmod - 4) >> 16) & 0xffff},${scale})`;
    }
    case 1083:
    case 1114:
    case 1184:
    case 1266:
    case 1560:
    case 1562:
      return `(${typmod})`;
    default:
      return '';
  }
}

/** A type by oid and modifier; null for one that is not PostgreSQL's own, or rare, or an odd interval. */
export function builtinType(oid: number, typmod: number): BuiltinType | null {
  const element = arrays[oid];
  if (element !== undefined) {
    const inner = builtinType(element, typmod);
    return inner === null ? null : type(`${inner.name}[]`, 'array');
  }
  const found = scalars[oid];
  if (found === undefined || (oid === 1186 && typmod >= 0)) return null;
  const modifier = modifierOf(oid, typmod);
  // "time(3) with time zone": the modifier stands after the first word.
  const name = /^(time|timestamp) /.test(found.name)
    ? found.name.replace(' ', `${modifier} `)
    : `${found.name}${modifier}`;
  return { name, kind: found.kind };
}

export const parameterOids: Record<QueryType, number> = {
  text: 25,
  int2: 21,
  int4: 23,
  int8: 20,
  numeric: 1700,
  float4: 700,
  float8: 701,
  bool: 16,
  uuid: 2950,
  json: 114,
  jsonb: 3802,
  bytea: 17,
  date: 1082,
  time: 1083,
  timestamp: 1114,
  timestamptz: 1184,
  interval: 1186,
  inet: 869,
  'text[]': 1009,
  'int4[]': 1007,
  'int8[]': 1016,
  'uuid[]': 2951,
};
