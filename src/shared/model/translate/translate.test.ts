import { describe, expect, it } from 'vitest';
import { type ProfileDraft, profileDefaults } from '../profile.ts';
import { asyncpg } from './asyncpg.ts';
import { hikaricpProperties, hikaricpYaml } from './hikaricp.ts';
import { nodePostgres } from './node-postgres.ts';
import { pgbouncer } from './pgbouncer.ts';
import { psycopgPool } from './psycopg-pool.ts';
import { psycopg2 } from './psycopg2.ts';
import { sqlalchemyAsync, sqlalchemySync } from './sqlalchemy.ts';
import type { Translator } from './translation.ts';

const draft = (changes: Partial<ProfileDraft>): ProfileDraft => ({ ...profileDefaults, ...changes });
const written = (translator: Translator, changes: Partial<ProfileDraft>) =>
  translator.to(draft(changes)).text;
const noted = (translator: Translator, changes: Partial<ProfileDraft>, field: keyof ProfileDraft) =>
  translator.to(draft(changes)).notes.find(({ settings }) => settings.includes(field))?.sentence;

describe('what people paste', () => {
  it('asyncpg, as tutorials write it', () => {
    const reading = asyncpg.from(`
      import asyncpg
      POOL_MAX = 20
      async def init_connection(conn):
          await conn.execute("SET timezone = 'UTC'")
      pool = await asyncpg.create_pool(
          "postgresql://app:s3cret@db.example:6432/orders",
          min_size=5, max_size=POOL_MAX,  # at most
          max_inactive_connection_lifetime=300.0,
          command_timeout=60, timeout=10,
          server_settings={"application_name": "shop", "jit": "off"},
          ssl="require", init=init_connection, statement_cache_size=0, bogus=1,
      )`);
    expect(reading.problems).toEqual([]);
    expect(reading.settings).toEqual({
      host: 'db.example',
      port: 6432,
      user: 'app',
      database: 'orders',
      min: 5,
      max: 20,
      idleTimeoutMs: 300_000,
      queryTimeoutMs: 60_000,
      connectTimeoutMs: 10_000,
      applicationName: 'shop',
      parameters: [{ name: 'jit', value: 'off' }],
      tlsMode: 'require',
      connectSql: "SET timezone = 'UTC'",
    });
    expect(reading.implied.settings).toMatchObject({ maxUses: 50_000, onRelease: 'reset-all', overflow: 0 });
    expect(reading.notUnderstood.map(({ line, from }) => [line, from])).toEqual([
      [7, 'the password in the address'],
      [12, 'statement_cache_size = 0'],
      [12, 'bogus = 1'],
    ]);
    expect(JSON.stringify(reading)).not.toContain('s3cret');
  });

  it('SQLAlchemy, sync and async, with its own conventions', () => {
    const reading = sqlalchemySync.from(
      'engine = create_engine("postgresql+psycopg2://app@db/orders", pool_size=20, max_overflow=10, pool_timeout=30, pool_recycle=1800, pool_pre_ping=True, connect_args={"connect_timeout": 5, "options": "-c statement_timeout=30s"})',
    );
    expect(reading.settings).toMatchObject({
      max: 20,
      overflow: 10,
      waitTimeoutMs: 30_000,
      maxLifetimeMs: 1_800_000,
      checkBeforeUse: 'always',
      connectTimeoutMs: 5000,
      statementTimeoutMs: 30_000,
    });
    expect(reading.implied.settings).toMatchObject({ reuseOrder: 'fifo', onRelease: 'rollback', min: 0 });
    const async = sqlalchemyAsync.from(
      'create_async_engine("postgresql+asyncpg://app@db/orders", pool_recycle=-1, pool_reset_on_return=None, connect_args={"server_settings": {"lock_timeout": "500"}, "timeout": 3})',
    );
    expect(async.settings).toMatchObject({
      maxLifetimeMs: 0,
      onRelease: 'nothing',
      lockTimeoutMs: 500,
      connectTimeoutMs: 3000,
    });
    expect(async.implied.settings).toMatchObject({ max: 5, overflow: 10 });
  });

  it('SQLAlchemy without a limit, which is said instead of guessed', () => {
    const { settings, notUnderstood } = sqlalchemySync.from(
      'create_engine(url, pool_size=0, max_overflow=-1)',
    );
    expect(settings).toEqual({});
    expect(notUnderstood.map(({ why }) => why)).toEqual([
      'Its value is only known where the text runs.',
      'pool_size = 0 means no limit, which Poolscope does not have.',
      'max_overflow = -1 means no limit, which Poolscope does not have.',
    ]);
  });

  it('psycopg_pool, whose maximum is the minimum when it is not given', () => {
    const reading = psycopgPool.from(
      'ConnectionPool("host=db dbname=orders user=app", min_size=6, max_idle=120)',
    );
    expect(reading.settings).toMatchObject({
      host: 'db',
      database: 'orders',
      min: 6,
      idleTimeoutMs: 120_000,
    });
    expect(reading.implied.settings).toMatchObject({
      max: 6,
      waitTimeoutMs: 30_000,
      maxLifetimeMs: 3_600_000,
    });
  });

  it('psycopg2, which keeps minconn and closes the rest on return', () => {
    const reading = psycopg2.from('pool = psycopg2.pool.SimpleConnectionPool(2, 10, host="db", port="5433")');
    expect(reading.settings).toEqual({
      ...{ min: 2, max: 2, overflow: 8, host: 'db', port: 5433, moreHosts: [] },
    });
    expect(noted(psycopg2, { min: 2, max: 10 }, 'max')).toContain('no more than minconn (2) at rest');
  });

  it('HikariCP as properties, and as YAML of Spring Boot', () => {
    const properties = hikaricpProperties.from(
      'jdbcUrl=jdbc:postgresql://db:5433/orders?sslmode=require&ApplicationName=shop\nmaximumPoolSize=15\nconnectionTimeout=5000\nkeepaliveTime=120000\nleakDetectionThreshold=2000\npassword=hidden\n',
    );
    expect(properties.settings).toEqual({
      host: 'db',
      port: 5433,
      database: 'orders',
      tlsMode: 'require',
      applicationName: 'shop',
      max: 15,
      waitTimeoutMs: 5000,
      leakThresholdMs: 2000,
    });
    expect(properties.implied.settings).toMatchObject({
      min: 15,
      idleTimeoutMs: 600_000,
      maxLifetimeMs: 1_800_000,
    });
    expect(properties.notUnderstood.map(({ from }) => from)).toEqual([
      'keepaliveTime = 120000',
      'password: ••••',
    ]);
    expect(JSON.stringify(properties)).not.toContain('hidden');
    const yaml = hikaricpYaml.from(
      'spring:\n  datasource:\n    url: jdbc:postgresql://db/orders # here\n    hikari:\n      maximum-pool-size: 15\n      minimumIdle: "3"\n      connection-init-sql: |\n        SET a.b = 1;\n        SELECT 1\n',
    );
    expect(yaml.problems).toEqual([]);
    expect(yaml.settings).toEqual({
      host: 'db',
      database: 'orders',
      max: 15,
      min: 3,
      connectSql: 'SET a.b = 1;\nSELECT 1',
    });
  });

  it('node-postgres, with sums, comments and a variable', () => {
    const reading = nodePostgres.from(`
      const { Pool } = require('pg')
      const config = {
        connectionString: process.env.DATABASE_URL, // from outside
        max: 20, min: 4,
        idleTimeoutMillis: 5 * 60 * 1000, /* five minutes */
        connectionTimeoutMillis: 2_000,
        maxUses: 7500, maxLifetimeSeconds: 60,
        ssl: { rejectUnauthorized: false },
        async onConnect(client) { await client.query(\`SET x.y = 1\`) },
        allowExitOnIdle: true,
      }
      const pool = new Pool(config)`);
    expect(reading.problems).toEqual([]);
    expect(reading.settings).toMatchObject({
      max: 20,
      min: 4,
      idleTimeoutMs: 300_000,
      waitTimeoutMs: 2000,
      maxUses: 7500,
      maxLifetimeMs: 60_000,
      tlsMode: 'require',
      connectSql: 'SET x.y = 1',
    });
    expect(reading.notUnderstood).toHaveLength(2);
  });

  it('PgBouncer, the first database and the pool it would have', () => {
    const reading = pgbouncer.from(`[databases]
; ours
orders = host=10.0.0.1 port=5433 dbname=shop user=app password=hidden pool_size=30 connect_query='SELECT ''x'''
other = host=10.0.0.2

[pgbouncer]
listen_port = 6432
default_pool_size = 20
reserve_pool_size = 5
server_lifetime = 0
server_idle_timeout = 90
query_wait_timeout = 12.5
server_check_delay = 10
server_reset_query = DISCARD ALL
`);
    expect(reading.problems).toEqual([]);
    expect(reading.settings).toEqual({
      host: '10.0.0.1',
      port: 5433,
      moreHosts: [],
      database: 'shop',
      user: 'app',
      max: 30,
      connectSql: "SELECT 'x'",
      overflow: 5,
      maxUses: 1,
      idleTimeoutMs: 90_000,
      waitTimeoutMs: 12_500,
      checkBeforeUse: 'when-idle',
      checkIdleMs: 10_000,
      onRelease: 'discard-all',
    });
    expect(reading.notUnderstood.map(({ line }) => line)).toEqual([3, 4, 7, 8]);
    expect(JSON.stringify(reading)).not.toContain('hidden');
  });

  it.each([
    ['pool_size=7,\nmax_overflow = 2', sqlalchemySync, { max: 7, overflow: 2 }],
    ['pool_size = 7\nmax_overflow = 2', sqlalchemySync, { max: 7, overflow: 2 }],
    ['{"pool_size": 7}', sqlalchemySync, { max: 7 }],
    ['{ max: 3 }', nodePostgres, { max: 3 }],
    ['maximum-pool-size: 4', hikaricpYaml, { max: 4 }],
  ] as const)('only the part about the pool: %s', (text, translator, settings) => {
    expect(translator.from(text)).toMatchObject({ settings, problems: [] });
  });
});

describe('bad input', () => {
  it.each([
    [asyncpg, 'asyncpg.create_pool(\n  min_size=1,\n  max_size=[2,\n)', 4, 'closes nothing'],
    [asyncpg, 'asyncpg.create_pool(\n  min_size=1', 1, 'is never closed'],
    [asyncpg, 'create_pool(\n user="abc\n)', 2, 'has no end'],
    [asyncpg, 'hello world', 1, 'no call of create_pool'],
    [asyncpg, 'create_pool(min_size=5,\nmax_size=0)', 2, 'Maximum size must be a whole number from 1'],
    [nodePostgres, 'new Pool({ max: 10 ', 1, 'never closed'],
    [hikaricpProperties, 'maximumPoolSize', 1, 'no value in this line'],
    [hikaricpProperties, 'maximumPoolSize=5000', 1, 'Maximum size must be'],
    [hikaricpYaml, 'spring:\n\tdatasource:', 2, 'spaces, not with tabs'],
    [hikaricpYaml, 'spring:\n  - x', 2, 'Lists have no place'],
    [hikaricpYaml, 'url: "abc', 1, 'no end'],
    [pgbouncer, '[pgbouncer]\nmax', 2, 'neither a [section] nor'],
    [psycopgPool, 'ConnectionPool(min_size=-1)', 1, 'Minimum size must be'],
  ] as const)('%# is said in one sentence, with its line', (translator, text, line, words) => {
    const problem = translator.from(text).problems[0];
    expect(problem?.line).toBe(line);
    expect(problem?.message).toContain(words);
  });
});

describe('exact semantics', () => {
  it('counts in the unit and with the zero of each library', () => {
    const never = { idleTimeoutMs: 0, maxLifetimeMs: 0, maxUses: 0 };
    expect(written(asyncpg, never)).toContain('max_queries=2147483647');
    expect(written(sqlalchemySync, never)).toContain('pool_recycle=-1');
    expect(written(psycopgPool, never)).toContain('max_idle=315360000');
    expect(written(pgbouncer, never)).toContain('server_lifetime = 315360000');
    expect(written(nodePostgres, never)).toContain('maxUses: Infinity');
    expect(written(hikaricpProperties, never)).toContain('maxLifetime=0\n');
    const lifetime = { maxLifetimeMs: 90_500 };
    expect(written(sqlalchemySync, lifetime)).toContain('pool_recycle=91');
    expect(written(psycopgPool, lifetime)).toContain('max_lifetime=90.5');
    expect(written(hikaricpProperties, lifetime)).toContain('maxLifetime=90500');
    expect(written(nodePostgres, lifetime)).toContain('maxLifetimeSeconds: 90.5');
  });

  it('keeps overflow apart where the library does, and adds it to the maximum elsewhere', () => {
    const sizes = { max: 20, overflow: 10 };
    expect(written(sqlalchemySync, sizes)).toMatch(/pool_size=20,\s+max_overflow=10/);
    expect(written(pgbouncer, sizes)).toMatch(/default_pool_size = 20[\s\S]*reserve_pool_size = 10/);
    for (const translator of [asyncpg, psycopgPool, hikaricpProperties, nodePostgres]) {
      expect(written(translator, sizes)).toMatch(/max(_size|imumPoolSize|):?=? ?30/);
      expect(noted(translator, sizes, 'overflow')).toContain('30');
    }
  });

  it('says what HikariCP would change by itself', () => {
    expect(written(hikaricpProperties, { idleTimeoutMs: 5000 })).toContain('idleTimeout=10000');
    expect(noted(hikaricpProperties, { idleTimeoutMs: 5000 }, 'idleTimeoutMs')).toContain('10,000 ms');
    expect(
      noted(hikaricpProperties, { idleTimeoutMs: 60_000, maxLifetimeMs: 60_000 }, 'idleTimeoutMs'),
    ).toContain('switches idleTimeout off');
  });

  it('says that node-postgres has no TLS that falls back', () => {
    expect(written(nodePostgres, { tlsMode: 'prefer' })).toContain('ssl: false');
    expect(noted(nodePostgres, { tlsMode: 'prefer' }, 'tlsMode')).toContain('cannot fall back');
  });
});
