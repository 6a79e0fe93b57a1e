import { describe, expect, it } from 'vitest';
import { cellOf, rowsOf } from '#shared/model/console-table.ts';
import { atOnce, growthNames, meanMs, noGrowth, perSecond } from '#shared/model/pooler-growth.ts';
import { identityOf } from '#shared/model/pooler-identity.ts';
import type { ConsoleAnswer } from './console-connection.ts';
import { growthOf } from './growth.ts';
import { commandsOf } from './product.ts';
import {
  databasesFrom,
  poolsFrom,
  settingsFrom,
  stateFrom,
  type Totals,
  totalNames,
  totalsFrom,
  userPoolSizesFrom,
} from './rows.ts';
import { configWithoutSecrets } from './secrets.ts';
import { clientsFrom } from './sockets.ts';
import { tableFrom } from './table.ts';

const int4 = 23;
const textType = 25;

/** An answer as a console gives it: one line of column names, then one of cells each; "-" is null. */
function answer(columns: string, ...rows: string[]): ConsoleAnswer {
  return {
    columns: columns.split(' ').map((name) => ({ name, typeId: textType })),
    rows: rows.map((row) => row.split(' ').map((cell) => (cell === '-' ? null : cell))),
    tookMs: 1,
  };
}

const stateNames = 'sv_active sv_idle sv_used sv_tested sv_login maxwait maxwait_us pool_mode';
const cancels =
  'cl_active_cancel_req cl_waiting_cancel_req sv_active sv_active_cancel sv_being_canceled sv_idle';

/** Columns by release, from `admin.c` of each, and of the other poolers' sources. */
const poolSets: [string, ConsoleAnswer, object][] = [
  [
    'PgBouncer 1.16',
    answer(
      `database user cl_active cl_waiting cl_cancel_req ${stateNames}`,
      'app u 7 2 1 4 3 2 1 0 1 250000 session',
    ),
    {
      ...{ clActive: 7, clWaiting: 2, clActiveCancelReq: null, clWaitingCancelReq: 1, svActiveCancel: null },
      ...{ svActive: 4, svIdle: 3, svUsed: 2, svTested: 1, svLogin: 0, svOpen: 10, maxwaitMs: 1250 },
      poolMode: 'session',
    },
  ],
  [
    'PgBouncer 1.18',
    answer(
      `database user cl_active cl_waiting ${cancels} sv_used sv_tested sv_login maxwait maxwait_us pool_mode`,
      'app u 7 2 0 0 4 1 1 3 2 1 0 0 500 transaction',
    ),
    { clActive: 7, svActive: 4, svActiveCancel: 1, svBeingCanceled: 1, svOpen: 12, maxwaitMs: 0.5 },
  ],
  [
    'PgBouncer 1.25',
    answer(
      `database user cl_active cl_waiting ${cancels} sv_used sv_tested sv_login maxwait maxwait_us pool_mode load_balance_hosts`,
      'app u 7 2 0 0 4 0 0 3 2 1 0 2 0 transaction round-robin',
    ),
    { clActive: 7, svOpen: 10, maxwaitMs: 2000, poolMode: 'transaction' },
  ],
  [
    'PgCat',
    answer(
      'database user pool_mode cl_idle cl_active cl_waiting cl_cancel_req sv_active sv_idle sv_used sv_tested sv_login maxwait maxwait_us',
      'app u transaction 9 1 0 0 1 4 0 0 0 0 0',
    ),
    { clActive: 1, svActive: 1, svIdle: 4, svOpen: 5, maxwaitMs: 0 },
  ],
  [
    'PgDog, a row per shard and role',
    answer(
      'database user addr port shard role cl_waiting sv_idle sv_active sv_total maxwait maxwait_us pool_mode paused banned',
      'app u 10.0.0.1 5432 0 primary 2 1 3 5 1 0 transaction f f',
      'app u 10.0.0.2 5432 0 replica 1 2 0 2 0 500000 transaction f f',
    ),
    { clActive: null, clWaiting: 3, svActive: 3, svIdle: 3, svOpen: 7, maxwaitMs: 1000, svUsed: null },
  ],
  [
    'a console that tells next to nothing',
    answer('database user new_thing', 'app u 1'),
    { clActive: null, clWaiting: null, svOpen: null, maxwaitMs: null, poolMode: null },
  ],
  [
    'values that are no numbers',
    answer('database user cl_active sv_idle', 'app u many 2'),
    { clActive: null, svIdle: 2, svOpen: 2 },
  ],
];

describe('pools', () => {
  it.each(poolSets)('of %s are read by name, and what is absent is unknown', (_name, raw, expected) => {
    const pools = poolsFrom(raw);
    expect(pools).toHaveLength(1);
    expect(pools[0]).toMatchObject({ database: 'app', user: 'u', ...expected });
  });

  it('are read whatever the order of columns', () => {
    const raw = answer('maxwait cl_waiting user surprise database', '3 5 u x app');
    expect(poolsFrom(raw)).toMatchObject([{ database: 'app', clWaiting: 5, maxwaitMs: 3000 }]);
  });

  it('leave the console itself out', () => {
    expect(poolsFrom(answer('database user cl_active', 'pgbouncer pgbouncer 1'))).toEqual([]);
  });
});

describe('databases', () => {
  it('of 1.18 and of 1.25 name their reserve alike', () => {
    const columns = 'name host port database force_user pool_size min_pool_size';
    const old = answer(
      `${columns} reserve_pool pool_mode max_connections current_connections paused disabled`,
      'app 10.0.0.1 5432 prod - 20 0 5 - 0 3 1 0',
    );
    const now = answer(
      `${columns} reserve_pool_size server_lifetime pool_mode load_balance_hosts max_connections current_connections max_client_connections current_client_connections paused disabled`,
      'app 10.0.0.1 5432 prod - 20 0 5 3600 - round-robin 0 3 50 12 0 1',
    );
    expect(databasesFrom(old)).toMatchObject([
      {
        name: 'app',
        reservePoolSize: 5,
        paused: true,
        disabled: false,
        maxClientConnections: null,
        forceUser: null,
      },
    ]);
    expect(databasesFrom(now)).toMatchObject([
      {
        reservePoolSize: 5,
        paused: false,
        disabled: true,
        maxClientConnections: 50,
        currentClientConnections: 12,
      },
    ]);
  });

  it('on a Unix socket have no host', () => {
    expect(databasesFrom(answer('name host port', 'app - 5432'))).toMatchObject([{ host: null, port: 5432 }]);
  });
});

describe('users, state and versions', () => {
  it('tell of pool sizes of their own where they have one', () => {
    const sizes = userPoolSizesFrom(answer('name pool_size pool_mode', 'a 7 -', 'b - -', 'c 0 -'));
    expect([...sizes]).toEqual([['a', 7]]);
    expect(userPoolSizesFrom(answer('name pool_mode', 'a -')).size).toBe(0);
  });

  it('tell whether the pooler is paused', () => {
    expect(stateFrom(answer('key value', 'active no', 'paused yes', 'suspended no'))).toBe('paused');
    expect(stateFrom(answer('key value', 'state active'))).toBe('active');
    expect(stateFrom({ columns: [], rows: [], tookMs: 0 })).toBeNull();
  });

  it.each([
    ['1.18.0/bouncer', { product: 'pgbouncer', version: '1.18.0' }],
    ['PgBouncer 1.25.2', { product: 'pgbouncer', version: '1.25.2' }],
    ['PgCat 1.2.0', { product: 'pgcat', version: '1.2.0' }],
    ['PgDog v0.1.29', { product: 'pgdog', version: '0.1.29' }],
    ['Odyssey 1.4.1', { product: 'odyssey', version: '1.4.1' }],
    ['15.18 (Debian 15.18-0+deb12u1)', null],
  ])('%s is known', (words, expected) => {
    expect(identityOf(words)).toEqual(expected);
  });

  it('have the commands of their release', () => {
    expect(commandsOf({ product: 'pgbouncer', version: '1.23.1' })).not.toContain('killClient');
    expect(commandsOf({ product: 'pgbouncer', version: '1.24.0' })).toContain('killClient');
    expect(commandsOf({ product: 'other', version: '' })).toEqual([]);
  });
});

const totals = (values: Partial<Totals>): Totals => ({
  ...(Object.fromEntries(totalNames.map((name) => [name, 0])) as Totals),
  ...values,
});

describe('rates', () => {
  it('are what grew, divided by the true time between samples', () => {
    const growth = growthOf(
      'app',
      totals({ total_xact_count: 100, total_xact_time: 1_000_000 }),
      totals({
        ...{ total_xact_count: 300, total_query_count: 400, total_received: 2500, total_sent: 5000 },
        ...{ total_xact_time: 6_000_000, total_query_time: 4_000_000, total_wait_time: 1_000_000 },
        total_server_assignment_count: 100,
      }),
      2500,
    );
    const each = growthNames.map((name) => [name, perSecond(growth, name)]);
    expect(Object.fromEntries(each)).toMatchObject({
      transactions: 80,
      queries: 160,
      receivedBytes: 1000,
      sentBytes: 2000,
    });
    expect(atOnce(growth, 'transactionMs')).toBe(2);
    expect(atOnce(growth, 'waitMs')).toBe(0.4);
    expect(meanMs(growth, 'transactionMs', 'transactions')).toBe(25);
    expect(meanMs(growth, 'queryMs', 'queries')).toBe(10);
    expect(meanMs(growth, 'waitMs', 'waits')).toBe(10);
  });

  it('give the mean wait per transaction where assignments are not counted (before 1.23)', () => {
    const before = totals({ total_server_assignment_count: null });
    const now = totals({
      total_wait_time: 1_000_000,
      total_xact_count: 50,
      total_server_assignment_count: null,
    });
    expect(meanMs(growthOf('app', before, now, 1000), 'waitMs', 'waits')).toBe(20);
  });

  it('are unknown for the first sample, and for the one after a restart', () => {
    const unknown = { database: 'app', ...noGrowth() };
    expect(growthOf('app', undefined, totals({ total_xact_count: 9 }), null)).toEqual(unknown);
    const later = totals({ total_xact_count: 3, total_query_count: 900 });
    expect(growthOf('app', totals({ total_xact_count: 9 }), later, 1000)).toEqual(unknown);
  });

  it('of nothing are 0, and their means unknown', () => {
    const growth = growthOf('app', totals({}), totals({}), 1000);
    expect(perSecond(growth, 'transactions')).toBe(0);
    expect(meanMs(growth, 'transactionMs', 'transactions')).toBeNull();
    expect(meanMs(growth, 'waitMs', 'waits')).toBeNull();
  });

  it('count a database once, however many rows the pooler gives it', () => {
    const raw = answer(
      'instance database user total_xact_count total_query_count total_received',
      'shard_0 app u 5 7 -',
      'shard_1 app u 6 8 -',
      'x pgbouncer u 1 1 1',
    );
    expect([...totalsFrom(raw)]).toMatchObject([
      ['app', { total_xact_count: 11, total_query_count: 15, total_received: null, total_wait_time: null }],
    ]);
  });
});

describe('settings that hold secrets', () => {
  it('are hidden, and the rest of them stays', () => {
    const raw = answer('key value default changeable', 'admin_password x y yes', 'pool_mode session - yes');
    raw.rows.push(['auth_ldap_options', 'ldapbindpasswd="a b" ldapbasedn=dc', '', 'yes']);
    expect(settingsFrom(configWithoutSecrets(raw))).toEqual([
      { key: 'admin_password', value: '[hidden]', default: '[hidden]', changeable: true },
      { key: 'pool_mode', value: 'session', default: null, changeable: true },
      {
        key: 'auth_ldap_options',
        value: 'ldapbindpasswd=[hidden] ldapbasedn=dc',
        default: '',
        changeable: true,
      },
    ]);
  });
});

describe('tables for the screen', () => {
  const raw: ConsoleAnswer = {
    columns: [
      { name: 'user', typeId: textType },
      { name: 'port', typeId: int4 },
      { name: 'total', typeId: 1700 },
    ],
    rows: [
      ['u', '1', '12345678901234567890'],
      ['u', '2', null],
      ['u', '3', '5'],
      ['v', '4', '5'],
    ],
    tookMs: 1,
  };

  it('keep every value, repeated ones once, and numbers that would lose digits as text', () => {
    const table = tableFrom('clients', raw, 5);
    expect(rowsOf(table)).toEqual([
      { user: 'u', port: 1, total: '12345678901234567890' },
      { user: 'u', port: 2, total: null },
      { user: 'u', port: 3, total: 5 },
      { user: 'v', port: 4, total: 5 },
    ]);
    const [users, ports] = table.columns;
    expect(users).toEqual({ name: 'user', dictionary: ['u', 'v'], indexes: [0, 0, 0, 1] });
    expect(ports && cellOf(ports, 9)).toBeNull();
    expect(tableFrom('users', { ...raw, rows: [] }, 5)).toMatchObject({ rowCount: 0 });
  });

  it('of clients are understood with the columns of 1.25 as with those of 1.16', () => {
    const common =
      'type user database state addr port local_addr local_port connect_time request_time wait wait_us close_needed ptr link remote_pid tls';
    const old = answer(common, 'C u app waiting 10.0.0.9 4001 10.0.0.1 6432 - - 3 500000 0 0x1 - 0 -');
    const now = answer(
      'type user database replication state addr port local_addr local_port connect_time request_time wait wait_us close_needed ptr link remote_pid tls application_name prepared_statements id',
      'C u app none idle 10.0.0.9 4001 10.0.0.1 6432 - - 0 0 0 0x1 0x2 0 - shop 3 17',
    );
    expect(clientsFrom(tableFrom('clients', old, 1))).toMatchObject([
      { state: 'waiting', waitMs: 3500, link: null, id: null, applicationName: null, port: 4001 },
    ]);
    expect(clientsFrom(tableFrom('clients', now, 1))).toMatchObject([
      { state: 'idle', link: '0x2', id: 17, applicationName: 'shop' },
    ]);
  });
});
