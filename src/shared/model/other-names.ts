import type { SettingName } from './profile/labels.ts';

type Library =
  | 'asyncpg'
  | 'SQLAlchemy'
  | 'psycopg_pool'
  | 'psycopg2'
  | 'HikariCP'
  | 'node-postgres'
  | 'PgBouncer'
  | 'libpq';

/** What a setting is called elsewhere: the name, then what differs there, its unit and default included. */
export interface OtherName {
  library: Library;
  name: string;
  remark: string;
}

const names = (entries: Partial<Record<Library, string>>): OtherName[] =>
  Object.entries(entries).map(([library, text]) => {
    const [name = '', remark = ''] = text.split(' | ');
    return { library: library as Library, name, remark };
  });

/** Settings that other libraries have too. Checked against asyncpg 0.31, SQLAlchemy 2.1, psycopg_pool 3.2, psycopg2 2.9, HikariCP 6, pg 8.23, PgBouncer 1.25. */
export const otherNames: Partial<Record<SettingName, OtherName[]>> = {
  host: names({
    asyncpg: 'host',
    'node-postgres': 'host',
    PgBouncer: 'host',
    libpq: 'host',
    HikariCP: 'jdbcUrl',
  }),
  port: names({ asyncpg: 'port', 'node-postgres': 'port', PgBouncer: 'port', libpq: 'port' }),
  database: names({ asyncpg: 'database', 'node-postgres': 'database', PgBouncer: 'dbname', libpq: 'dbname' }),
  user: names({
    asyncpg: 'user',
    SQLAlchemy: 'username',
    HikariCP: 'username',
    'node-postgres': 'user',
    libpq: 'user',
  }),
  moreHosts: names({
    asyncpg: 'host=[…]',
    HikariCP: 'jdbcUrl | host1:port,host2:port',
    PgBouncer: 'host=a,b | taken in turn',
    libpq: 'host=a,b',
  }),
  targetSessionAttrs: names({
    asyncpg: 'target_session_attrs',
    HikariCP: 'targetServerType | primary, secondary…',
    libpq: 'target_session_attrs',
  }),
  applicationName: names({
    asyncpg: 'server_settings["application_name"]',
    HikariCP: 'ApplicationName',
    'node-postgres': 'application_name',
    libpq: 'application_name',
  }),
  tlsMode: names({
    asyncpg: 'ssl',
    HikariCP: 'sslmode',
    'node-postgres': 'ssl | no "prefer"',
    PgBouncer: 'server_tls_sslmode',
    libpq: 'sslmode',
  }),
  tlsNegotiation: names({
    asyncpg: 'direct_tls',
    HikariCP: 'sslNegotiation',
    'node-postgres': 'sslnegotiation',
    libpq: 'sslnegotiation',
  }),
  tlsCaFile: names({
    asyncpg: 'sslrootcert | in the address',
    HikariCP: 'sslrootcert',
    'node-postgres': 'ssl.ca | the text, not the file',
    PgBouncer: 'server_tls_ca_file',
    libpq: 'sslrootcert',
  }),
  tlsCertFile: names({
    asyncpg: 'sslcert | in the address',
    HikariCP: 'sslcert',
    'node-postgres': 'ssl.cert | the text, not the file',
    PgBouncer: 'server_tls_cert_file',
    libpq: 'sslcert',
  }),
  tlsKeyFile: names({
    asyncpg: 'sslkey | in the address',
    HikariCP: 'sslkey | PKCS-8 or PKCS-12',
    'node-postgres': 'ssl.key | the text, not the file',
    PgBouncer: 'server_tls_key_file',
    libpq: 'sslkey',
  }),
  min: names({
    asyncpg: 'min_size | default 10',
    psycopg_pool: 'min_size | default 4',
    psycopg2: 'minconn',
    HikariCP: 'minimumIdle | idle ones; default maximumPoolSize',
    'node-postgres': 'min | default 0, none opened at start',
    PgBouncer: 'min_pool_size | default 0',
  }),
  max: names({
    asyncpg: 'max_size | default 10',
    SQLAlchemy: 'pool_size | default 5',
    psycopg_pool: 'max_size | default min_size',
    psycopg2: 'minconn | kept at rest',
    HikariCP: 'maximumPoolSize | default 10',
    'node-postgres': 'max | default 10',
    PgBouncer: 'default_pool_size | default 20',
  }),
  overflow: names({
    SQLAlchemy: 'max_overflow | default 10',
    psycopg2: 'maxconn | less minconn',
    PgBouncer: 'reserve_pool_size | after a wait',
  }),
  reuseOrder: names({
    SQLAlchemy: 'pool_use_lifo | default FIFO',
    PgBouncer: 'server_round_robin | 1 is FIFO',
  }),
  waitTimeoutMs: names({
    SQLAlchemy: 'pool_timeout | s, default 30',
    psycopg_pool: 'timeout | s, default 30',
    HikariCP: 'connectionTimeout | ms, default 30,000',
    'node-postgres': 'connectionTimeoutMillis | default 0, no limit',
    PgBouncer: 'query_wait_timeout | s, default 120',
    asyncpg: 'acquire(timeout=…) | s, each time',
  }),
  connectTimeoutMs: names({
    asyncpg: 'timeout | s, default 60',
    HikariCP: 'connectTimeout | s, of the driver',
    PgBouncer: 'server_connect_timeout | s, default 15',
    libpq: 'connect_timeout | s',
  }),
  idleTimeoutMs: names({
    asyncpg: 'max_inactive_connection_lifetime | s, default 300',
    psycopg_pool: 'max_idle | s, default 600',
    HikariCP: 'idleTimeout | ms, default 600,000',
    'node-postgres': 'idleTimeoutMillis | default 10,000',
    PgBouncer: 'server_idle_timeout | s, default 600',
  }),
  maxLifetimeMs: names({
    SQLAlchemy: 'pool_recycle | s, default -1, never',
    psycopg_pool: 'max_lifetime | s, default 3,600',
    HikariCP: 'maxLifetime | ms, default 1,800,000',
    'node-postgres': 'maxLifetimeSeconds | default 0, never',
    PgBouncer: 'server_lifetime | s, default 3,600; 0 is one use',
  }),
  maxUses: names({ asyncpg: 'max_queries | counts queries, default 50,000', 'node-postgres': 'maxUses' }),
  onRelease: names({
    asyncpg: 'reset | always RESET ALL',
    SQLAlchemy: 'pool_reset_on_return | default rollback',
    psycopg_pool: 'reset',
    PgBouncer: 'server_reset_query | default DISCARD ALL',
  }),
  checkBeforeUse: names({
    SQLAlchemy: 'pool_pre_ping',
    psycopg_pool: 'check',
    HikariCP: 'isValid() | unless used within 500 ms',
    PgBouncer: 'server_check_query',
  }),
  checkIdleMs: names({
    HikariCP: 'aliveBypassWindowMs | default 500',
    PgBouncer: 'server_check_delay | s, default 30',
  }),
  leakThresholdMs: names({ HikariCP: 'leakDetectionThreshold | ms, default 0, off' }),
  queryTimeoutMs: names({
    asyncpg: 'command_timeout | s',
    HikariCP: 'socketTimeout | s, closes the connection',
    'node-postgres': 'query_timeout | ms',
    PgBouncer: 'query_timeout | s',
  }),
  statementTimeoutMs: names({ 'node-postgres': 'statement_timeout', libpq: 'options -c statement_timeout' }),
  lockTimeoutMs: names({ 'node-postgres': 'lock_timeout', libpq: 'options -c lock_timeout' }),
  idleInTransactionTimeoutMs: names({
    'node-postgres': 'idle_in_transaction_session_timeout',
    PgBouncer: 'idle_transaction_timeout | s, of the client',
    libpq: 'options -c idle_in_transaction_session_timeout',
  }),
  keepAlive: names({
    HikariCP: 'tcpKeepAlive | of the driver',
    'node-postgres': 'keepAlive | default off',
    PgBouncer: 'tcp_keepalive',
    libpq: 'keepalives',
  }),
  keepAliveDelayMs: names({
    'node-postgres': 'keepAliveInitialDelayMillis',
    PgBouncer: 'tcp_keepidle | s',
    libpq: 'keepalives_idle | s',
  }),
  timeZone: names({ asyncpg: 'server_settings["timezone"]', PgBouncer: 'timezone', libpq: 'PGTZ' }),
  searchPath: names({
    asyncpg: 'server_settings["search_path"]',
    HikariCP: 'schema, currentSchema',
    libpq: 'options -c search_path',
  }),
  parameters: names({
    asyncpg: 'server_settings',
    HikariCP: 'options | of the driver',
    'node-postgres': 'options',
    libpq: 'options',
  }),
  connectSql: names({
    asyncpg: 'init',
    SQLAlchemy: 'event "connect"',
    psycopg_pool: 'configure',
    HikariCP: 'connectionInitSql',
    'node-postgres': 'onConnect',
    PgBouncer: 'connect_query',
  }),
  retries: names({
    psycopg_pool: 'reconnect_timeout | s, not a count',
    PgBouncer: 'server_login_retry | s, without end',
  }),
  logStatements: names({ SQLAlchemy: 'echo' }),
};
