import type { PoolClient } from 'pg';
import * as z from 'zod/mini';
import type { ColumnKind, ResultColumn } from '#shared/model/query.ts';
import type { Field } from '../protocol/exchange.ts';
import { builtinType } from './builtin-types.ts';

interface NamedType {
  typeName: string;
  kind: ColumnKind;
}

const foundSchema = z.object({ name: z.string(), category: z.string() });

/** By pg_type.typcategory; what is not listed is shown as text. */
const kindOfCategory: Record<string, ColumnKind> = { A: 'array', B: 'boolean', D: 'time', T: 'time' };

const lookUp = `SELECT format_type(wanted.oid, wanted.modifier) AS name, t.typcategory::text AS category
  FROM unnest($1::oid[], $2::int4[]) WITH ORDINALITY AS wanted (oid, modifier, position)
  LEFT JOIN pg_catalog.pg_type t ON t.oid = wanted.oid ORDER BY position`;

const keyOf = (field: Field) => `${field.dataTypeID}/${field.dataTypeModifier}`;

/** Kept per database: types of extensions and of users have other oids in each. */
export class TypeNames {
  readonly #known = new Map<string, NamedType>();

  /** What is known without asking; null when the server must be asked first. */
  columnsAtHand(fields: readonly Field[]): ResultColumn[] | null {
    const columns = fields.map((field) => this.#columnOf(field));
    return columns.every((column) => column !== null) ? columns : null;
  }

  /** Asks the server, on a client at rest in a sound transaction. @throws the server's errors */
  async columns(client: PoolClient, fields: readonly Field[]): Promise<ResultColumn[]> {
    const unknown = fields.filter((field) => this.#columnOf(field) === null);
    if (unknown.length > 0) {
      const oids = unknown.map(({ dataTypeID }) => dataTypeID);
      const modifiers = unknown.map(({ dataTypeModifier }) => dataTypeModifier);
      const { rows } = await client.query(lookUp, [oids, modifiers]);
      // Types come and go with every migration; a database seldom has more than a few of its own.
      if (this.#known.size > 10_000) this.#known.clear();
      for (const [index, field] of unknown.entries()) {
        const found = z.safeParse(foundSchema, rows[index]);
        const named: NamedType = found.success
          ? { typeName: found.data.name, kind: kindOfCategory[found.data.category] ?? 'text' }
          : { typeName: `type ${field.dataTypeID}`, kind: 'text' };
        this.#known.set(keyOf(field), named);
      }
    }
    return this.columnsAtHand(fields) ?? [];
  }

  #columnOf(field: Field): ResultColumn | null {
    const { name, dataTypeID: typeOid, dataTypeModifier } = field;
    const builtin = builtinType(typeOid, dataTypeModifier);
    if (builtin !== null) return { name, typeOid, typeName: builtin.name, kind: builtin.kind };
    const known = this.#known.get(keyOf(field));
    return known === undefined ? null : { name, typeOid, ...known };
  }
}
