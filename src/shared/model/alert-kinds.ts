/**
 * What a rule can watch. One kind, one figure per connection: the figure is compared with the rule's
 * threshold. What a connection cannot tell is unknown, and an unknown figure neither fires nor resolves.
 */
export const alertKinds = [
  'pending',
  'queueGrowing',
  'waitP95',
  'waitTimeouts',
  'utilization',
  'errorRate',
  'longHold',
  'unhealthy',
  'breakerOpen',
  'serverHeadroom',
  'idleInTransaction',
  'blocked',
  'certificateExpiry',
  'poolerMaxwait',
  'poolerStarved',
  'poolerPaused',
] as const;
export type AlertKind = (typeof alertKinds)[number];

/** `none`: the kind is a plain yes or no, and has no threshold to choose (it is stored as 1). */
export type AlertUnit = 'requests' | 'samples' | 'ms' | 'timeouts' | 'percent' | 'days' | 'none';

/** `over` fires above the threshold, `atLeast` on it as well, `under` below it. */
export type AlertComparison = 'over' | 'atLeast' | 'under';

/** Where the figure comes from, which also says who lacks it and how exactly the past can be tested. */
export type AlertSource = 'pool' | 'health' | 'sessions' | 'certificate' | 'pooler';

/** A chart that shows what an alert is about: the tab of its connection and the chart's title there. */
export interface AlertChart {
  tab: 'live' | 'sessions' | 'pooler';
  title: string;
}

export interface AlertKindInfo {
  /** For lists and the form: "Requests waiting". */
  label: string;
  /** What is measured, one sentence. */
  explanation: string;
  unit: AlertUnit;
  comparison: AlertComparison;
  /** Least and greatest threshold that can both fire and stay quiet. Ignored for `none`. */
  least: number;
  greatest: number;
  source: AlertSource;
  /** Milliseconds that the figure looks back over; 0 when it is of the moment. */
  windowMs: number;
  /** Whether history holds what it takes to test a rule on the past. */
  hasHistory: boolean;
  charts: readonly AlertChart[];
}

const dayMs = 24 * 60 * 60 * 1000;
const flag = { unit: 'none', comparison: 'atLeast', least: 1, greatest: 1, windowMs: 0 } as const;
const pool = { source: 'pool', hasHistory: true } as const;
const sessions = { source: 'sessions', windowMs: 0, hasHistory: true } as const;
const pooler = { source: 'pooler', hasHistory: false } as const;

const live = (title: string): AlertChart => ({ tab: 'live', title });
const ofSessions = (title: string): AlertChart => ({ tab: 'sessions', title });
const ofPooler = (title: string): AlertChart => ({ tab: 'pooler', title });

export const alertKindInfo: Record<AlertKind, AlertKindInfo> = {
  pending: {
    ...pool,
    label: 'Requests waiting',
    explanation: 'Requests that wait for a connection of the pool.',
    unit: 'requests',
    comparison: 'over',
    least: 0,
    greatest: 100_000,
    windowMs: 0,
    charts: [live('Pending requests'), live('Connections by state')],
  },
  queueGrowing: {
    ...pool,
    label: 'Queue growing',
    explanation: 'Samples in a row, one a second, in which more requests waited than in the one before.',
    unit: 'samples',
    comparison: 'atLeast',
    least: 2,
    greatest: 60,
    windowMs: 0,
    charts: [live('Pending requests'), live('Connections by state')],
  },
  waitP95: {
    ...pool,
    label: 'Wait time, p95',
    explanation: 'What 95 of 100 requests waited at most for a connection, over ten seconds.',
    unit: 'ms',
    comparison: 'over',
    least: 1,
    greatest: 600_000,
    windowMs: 10_000,
    charts: [live('Wait time'), live('Pending requests')],
  },
  waitTimeouts: {
    ...pool,
    label: 'Wait timeouts',
    explanation: 'Requests within the last minute that gave up waiting for a connection.',
    unit: 'timeouts',
    comparison: 'atLeast',
    least: 1,
    greatest: 100_000,
    windowMs: 60_000,
    charts: [live('Errors and timeouts'), live('Wait time')],
  },
  utilization: {
    ...pool,
    label: 'Utilization',
    explanation: 'Connections in use, of the most that the pool may have.',
    unit: 'percent',
    comparison: 'atLeast',
    least: 1,
    greatest: 100,
    windowMs: 0,
    charts: [live('Connections by state')],
  },
  errorRate: {
    ...pool,
    label: 'Error rate',
    explanation:
      'Requests that failed (gave up waiting, could not connect, lost their connection), of all within the last minute.',
    unit: 'percent',
    comparison: 'over',
    least: 0,
    greatest: 99,
    windowMs: 60_000,
    charts: [live('Errors and timeouts'), live('Throughput')],
  },
  longHold: {
    ...pool,
    hasHistory: false,
    label: 'Long hold',
    explanation: 'How long the connection that is in use longest has been held without a release.',
    unit: 'ms',
    comparison: 'over',
    least: 1,
    greatest: 7 * dayMs,
    windowMs: 0,
    charts: [live('Hold time'), live('Connections by state')],
  },
  unhealthy: {
    ...flag,
    source: 'health',
    hasHistory: true,
    label: 'Unhealthy',
    explanation: 'Health checks fail.',
    charts: [live('Health round trip'), live('Errors and timeouts')],
  },
  breakerOpen: {
    ...flag,
    source: 'health',
    hasHistory: false,
    label: 'Circuit breaker open',
    explanation: 'The circuit breaker refuses requests after failures in a row.',
    charts: [live('Errors and timeouts'), live('Health round trip')],
  },
  serverHeadroom: {
    ...sessions,
    label: 'Server headroom',
    explanation: 'Connections that the server can still take, of all it takes from everyone.',
    unit: 'percent',
    comparison: 'under',
    least: 1,
    greatest: 99,
    charts: [ofSessions('Sessions over time')],
  },
  idleInTransaction: {
    ...sessions,
    label: 'Idle in transaction',
    explanation: 'How long the server’s oldest session idle in a transaction has been so.',
    unit: 'ms',
    comparison: 'over',
    least: 1,
    greatest: 7 * dayMs,
    charts: [ofSessions('Oldest'), ofSessions('Sessions over time')],
  },
  blocked: {
    ...sessions,
    label: 'Blocked',
    explanation: 'Longest wait of a session of the server for a lock that another one holds.',
    unit: 'ms',
    comparison: 'over',
    least: 1,
    greatest: 7 * dayMs,
    charts: [ofSessions('Sessions waiting for a lock'), ofSessions('Oldest')],
  },
  certificateExpiry: {
    source: 'certificate',
    hasHistory: false,
    label: 'Certificate expiry',
    explanation: 'Days until the server’s certificate expires.',
    unit: 'days',
    comparison: 'under',
    least: 1,
    greatest: 398,
    windowMs: 0,
    charts: [],
  },
  poolerMaxwait: {
    ...pooler,
    label: 'Pooler: longest wait',
    explanation: 'How long the client first in a queue of the pooler has waited (maxwait).',
    unit: 'ms',
    comparison: 'over',
    least: 1,
    greatest: 600_000,
    windowMs: 0,
    charts: [ofPooler('Wait for a server connection'), ofPooler('Clients')],
  },
  poolerStarved: {
    ...flag,
    ...pooler,
    label: 'Pooler: no server connection free',
    explanation:
      'Clients wait in a pool of the pooler that has no idle server connection (cl_waiting over 0, sv_idle 0).',
    charts: [ofPooler('Wait for a server connection'), ofPooler('Clients')],
  },
  poolerPaused: {
    ...flag,
    ...pooler,
    label: 'Pooler: paused',
    explanation: 'The pooler, or one of its databases, is paused: clients wait until it is resumed.',
    charts: [ofPooler('Wait for a server connection'), ofPooler('Clients')],
  },
};
