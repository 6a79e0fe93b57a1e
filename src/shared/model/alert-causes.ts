import type { AlertKind } from './alert-kinds.ts';

/** A cause as it may be without evidence; `AlertCause` is one with what was seen. */
export interface KnownCause {
  causeId: AlertCauseId;
  cause: string;
  remedy: string;
}

const words = {
  idleInTransaction: [
    'A session keeps a transaction open and does nothing: its connection and its locks are not given back.',
    'Commit or roll back before waiting for anything else. End that session in the Sessions tab, and set idle_in_transaction_session_timeout.',
  ],
  blocker: [
    'Sessions wait for a lock that another one holds, and keep their connections meanwhile.',
    'Look at the blocking tree in the Sessions tab; cancel or end the session at its root, and shorten its transaction.',
  ],
  longHold: [
    'A connection is held for long: a slow statement, work done between statements, or a release that is missing.',
    'Release it as soon as the last statement ended, in a finally block; keep calls to other services out of transactions.',
  ],
  slowServer: [
    'Statements take longer than usual, so connections come back late.',
    'Look for the slowest statements in the Query tab, and at the load of the server.',
  ],
  tooSmall: [
    'The pool is too small for the requests that come.',
    'Look at what the Advice tab recommends before the maximum is raised: the server must have room for it.',
  ],
  burst: [
    'More requests came at once than the pool can serve.',
    'Spread or limit concurrent work in the application; a queue that empties again within seconds needs no larger pool.',
  ],
  slowConnects: [
    'Opening connections takes long, and requests wait for that.',
    'Raise the minimum size, so that connections are ready; check name lookup, TLS and the login of the server.',
  ],
  serverDown: [
    'The server is down, restarts, or refuses connections.',
    'Check that it runs and listens on that host and port; its log says why it stopped.',
  ],
  network: [
    'The network does not reach the server, or cuts idle connections.',
    'Check firewall, VPN and routes; let connections live shorter than what stands between cuts them.',
  ],
  login: [
    'The server turns the login away.',
    'Check user and password in the settings of the connection, and pg_hba.conf.',
  ],
  serverFull: [
    'The server has no connection left.',
    'Close what is not needed, lower the maximum of pools, or put a pooler in front. Sessions over time shows who takes them.',
  ],
  idleSessions: [
    'Applications keep more idle connections than they need.',
    'Lower the minimum and the idle timeout of their pools; group sessions by application to see whose they are.',
  ],
  manyInstances: [
    'Many instances of an application each bring a pool of their own.',
    'Divide the connections of the server by the number of instances, or put PgBouncer in front of them.',
  ],
  forgottenTransaction: [
    'An application, a migration or a person at a prompt began a transaction and did not end it.',
    'Ask its owner, or end the session; set idle_in_transaction_session_timeout so that the server does it.',
  ],
  externalWork: [
    'The application waits for something else (another service, a user) inside a transaction.',
    'Do that before BEGIN or after COMMIT.',
  ],
  schemaChange: [
    'A change of a table waits for, or holds, a lock that everything else needs.',
    'Run such changes with a short lock_timeout and try again; away from long transactions.',
  ],
  lockOrder: [
    'Long transactions change the same rows.',
    'Keep them short, and change rows in the same order everywhere.',
  ],
  certificateOld: [
    'The certificate of the server is near its end, and has not been renewed.',
    'Renew it, put it on the server, and reload PostgreSQL; connections that verify it fail once it has expired.',
  ],
  poolerSmall: [
    'The pool of the pooler (pool_size) is too small for its clients, or its server connections are held for long.',
    'Look at the joined picture for who holds them; then raise pool_size, within what the server can take.',
  ],
  poolerSessionMode: [
    'Clients in session mode keep a server connection as long as they are connected.',
    'Use transaction mode where the application can, or more server connections.',
  ],
  poolerServerGone: [
    'The pooler gets no new connection to PostgreSQL.',
    'Look at sv_login and the log of the pooler; check that the server runs and has connections left.',
  ],
  poolerPausedByHand: [
    'Someone paused it, or a PAUSE did not finish: that stays so until RESUME.',
    'Resume it on the screen of the pooler, if whoever paused it is done.',
  ],
  failures: [
    'Failures in a row opened the breaker, so that a server in trouble is left alone.',
    'Mend what the last error names; the breaker tries again by itself.',
  ],
} as const satisfies Record<string, readonly [cause: string, remedy: string]>;

export type AlertCauseId = keyof typeof words;

const list = (...causeIds: AlertCauseId[]): readonly KnownCause[] =>
  causeIds.map((causeId) => ({ causeId, cause: words[causeId][0], remedy: words[causeId][1] }));

/** Why it comes to each kind of alert, likeliest first while nothing else is known. */
export const knownCauses: Record<AlertKind, readonly KnownCause[]> = {
  pending: list(
    'longHold',
    'idleInTransaction',
    'blocker',
    'slowServer',
    'tooSmall',
    'burst',
    'slowConnects',
  ),
  queueGrowing: list('burst', 'longHold', 'idleInTransaction', 'blocker', 'slowServer', 'tooSmall'),
  waitP95: list('tooSmall', 'longHold', 'idleInTransaction', 'blocker', 'slowServer', 'slowConnects'),
  waitTimeouts: list('longHold', 'idleInTransaction', 'blocker', 'slowServer', 'tooSmall', 'serverDown'),
  utilization: list('tooSmall', 'longHold', 'slowServer', 'idleInTransaction', 'blocker'),
  errorRate: list('serverDown', 'network', 'login', 'serverFull', 'longHold'),
  longHold: list('longHold', 'idleInTransaction', 'blocker', 'slowServer'),
  unhealthy: list('serverDown', 'network', 'login', 'serverFull', 'slowServer'),
  breakerOpen: list('failures', 'serverDown', 'network', 'login', 'serverFull'),
  serverHeadroom: list('idleSessions', 'manyInstances', 'serverFull'),
  idleInTransaction: list('forgottenTransaction', 'externalWork'),
  blocked: list('blocker', 'idleInTransaction', 'schemaChange', 'lockOrder'),
  certificateExpiry: list('certificateOld'),
  poolerMaxwait: list('poolerSmall', 'idleInTransaction', 'blocker', 'poolerSessionMode', 'poolerServerGone'),
  poolerStarved: list('poolerSmall', 'poolerSessionMode', 'poolerServerGone'),
  poolerPaused: list('poolerPausedByHand'),
};
