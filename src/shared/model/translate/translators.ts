import { asyncpg } from './asyncpg.ts';
import { hikaricpProperties, hikaricpYaml } from './hikaricp.ts';
import { nodePostgres } from './node-postgres.ts';
import { pgbouncer } from './pgbouncer.ts';
import { psycopgPool } from './psycopg-pool.ts';
import { psycopg2 } from './psycopg2.ts';
import { sqlalchemyAsync, sqlalchemySync } from './sqlalchemy.ts';
import type { Translator } from './translation.ts';

/** Every library a profile can be translated to and from, in the order they are offered. */
export const translators: readonly Translator[] = [
  asyncpg,
  sqlalchemySync,
  sqlalchemyAsync,
  psycopgPool,
  psycopg2,
  hikaricpProperties,
  hikaricpYaml,
  nodePostgres,
  pgbouncer,
];
