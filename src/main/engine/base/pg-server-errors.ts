import type { ErrorCode } from '#shared/contract/errors.ts';
import { EngineError } from './errors.ts';

/** The fields of PostgreSQL's ErrorResponse that decide and explain. `pg` names them so. */
interface ServerError extends Error {
  /** SQLSTATE. */
  code: string;
  severity: string;
  detail?: string | undefined;
  hint?: string | undefined;
  /** The C function that raised it: tells errors apart where the message is translated. */
  routine?: string | undefined;
}

/** Severity is what sets a server's error apart: Node's "EPIPE" would pass for a SQLSTATE. */
export function isServerError(error: Error): error is ServerError {
  const { code, severity } = error as Partial<ServerError>;
  return typeof severity === 'string' && typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code);
}

type Words = [code: ErrorCode, message: string, remedy: string];

/** The server's own sentence, made to start and end like one. */
function sentence(text: string): string {
  const trimmed = text.trim().replace(/\.$/, '');
  return `${trimmed.charAt(0).toUpperCase()}${trimmed.slice(1)}.`;
}

/** The first quoted name of a message (`role "app"`), or a stand-in when the server words it otherwise. */
function quoted(message: string, otherwise: string): string {
  const name = /"([^"]*)"/.exec(message)?.[1];
  return name === undefined ? otherwise : `"${name}"`;
}

function tooManyConnections({ message, routine }: ServerError): Words {
  if (/connections for role/.test(message) || routine === 'InitializeSessionUserId') {
    return [
      'too_many_connections',
      `The role ${quoted(message, 'of this connection')} has used all the connections the server allows it.`,
      'Close some of its sessions, or raise its limit: ALTER ROLE … CONNECTION LIMIT.',
    ];
  }
  if (/connections for database/.test(message) || routine === 'CheckMyDatabase') {
    return [
      'too_many_connections',
      `The database ${quoted(message, 'of this connection')} has used all the connections the server allows it.`,
      'Close some of its sessions, or raise its limit: ALTER DATABASE … CONNECTION LIMIT.',
    ];
  }
  if (/slots are reserved/.test(message)) {
    return [
      'too_many_connections',
      'The whole server is out of connections: the few that are left are reserved for administrators.',
      'Close some sessions, make the pools smaller, or raise max_connections.',
    ];
  }
  return [
    'too_many_connections',
    'The whole server is out of connections: max_connections is reached.',
    'Close some sessions, make the pools smaller, or raise max_connections.',
  ];
}

function authorizationRefused({ message }: ServerError): Words {
  if (/pg_hba\.conf/.test(message)) {
    const plain = /no encryption/.test(message);
    return [
      'auth_failed',
      `The server's access rules turn this connection away: ${sentence(message)}`,
      plain
        ? 'Set TLS to "require", or ask the administrator for a matching line in pg_hba.conf.'
        : 'Ask the administrator for a line in pg_hba.conf that allows this user, database and address.',
    ];
  }
  if (/not permitted to log in/.test(message)) {
    return [
      'auth_failed',
      `The role ${quoted(message, 'of this connection')} may not log in.`,
      'Use another user, or allow it: ALTER ROLE … LOGIN.',
    ];
  }
  if (/does not exist/.test(message)) {
    return [
      'auth_failed',
      `The server has no role ${quoted(message, 'of that name')}.`,
      'Check the user name.',
    ];
  }
  return ['auth_failed', `The server refused the login: ${sentence(message)}`, 'Check the user name.'];
}

function notAccepting({ message }: ServerError): Words {
  const doing = /starting up|not yet accepting/.test(message)
    ? 'is starting up'
    : /shutting down/.test(message)
      ? 'is shutting down'
      : /recovery/.test(message)
        ? 'is recovering after a stop'
        : 'is up but does not accept connections yet';
  return [
    'server_unavailable',
    `The server ${doing}.`,
    'Wait a moment; Poolscope keeps trying an open pool by itself.',
  ];
}

function cancelled({ message }: ServerError): Words {
  if (/timeout/.test(message)) {
    return [
      'query_timeout',
      'The server stopped the statement because it ran past statement_timeout.',
      'Try again, or find out what the statement waits for.',
    ];
  }
  return ['database_error', `The server stopped the statement: ${sentence(message)}`, 'Try again.'];
}

/** PgBouncer answers nearly everything with 08P01 and tells cases apart by words alone. */
function protocolViolation(error: ServerError): Words {
  if (/no more connections allowed|max_client_conn/.test(error.message)) {
    return [
      'too_many_connections',
      'The pooler in front of the server is out of client connections.',
      'Close some sessions, or raise max_client_conn.',
    ];
  }
  if (/no such database/.test(error.message)) {
    return ['database_not_found', sentence(error.message), 'Check the database name.'];
  }
  if (/no such user|authentication failed/.test(error.message)) {
    return ['auth_failed', sentence(error.message), 'Check the user name and the password.'];
  }
  if (error.message === 'not allowed') {
    return [
      'permission_denied',
      "The user of this connection may not use the pooler's console.",
      'Add it to admin_users, or to stats_users to watch only, in pgbouncer.ini, and reload.',
    ];
  }
  return otherwise(error);
}

function otherwise({ message, hint }: ServerError): Words {
  const remedy =
    hint === undefined ? "The message is the server's own; its log may say more." : sentence(hint);
  return ['database_error', sentence(message), remedy];
}

const lost = (what: string): Words => [
  'connection_lost',
  what,
  'Try again; the pool opens a new connection by itself.',
];

function wordsFor(error: ServerError): Words {
  switch (error.code) {
    case '28P01':
      return [
        'auth_failed',
        `The server refused the password for user ${quoted(error.message, 'of this connection')}.`,
        'Check the user name and the password.',
      ];
    case '28000':
      return authorizationRefused(error);
    case '3D000':
      return [
        'database_not_found',
        `The server has no database ${quoted(error.message, 'of that name')}.`,
        'Check the database name; names are case-sensitive here.',
      ];
    case '53300':
      return tooManyConnections(error);
    case '57P01':
      return lost(
        'The server closed the connection: an administrator ended the session or is stopping the server.',
      );
    case '57P02':
      return lost('The server closed the connection: one of its processes crashed and it is restarting.');
    case '57P03':
      return notAccepting(error);
    case '57P04':
      return [
        'database_not_found',
        'The database of this connection was dropped.',
        'Choose another database.',
      ];
    case '57P05':
      return lost('The server closed the connection: it was idle for longer than idle_session_timeout.');
    case '25P03':
      return lost(
        'The server closed the connection: a transaction was left open and idle for longer than idle_in_transaction_session_timeout.',
      );
    case '25P04':
      return lost('The server closed the connection: the transaction ran past transaction_timeout.');
    case '55P03':
      return [
        'query_timeout',
        'The statement gave up waiting for a lock that another session holds.',
        'Try again, or find out which session holds the lock.',
      ];
    case '57014':
      return cancelled(error);
    case '08P01':
      return protocolViolation(error);
    case '08001':
    case '08004':
      return [
        'server_unavailable',
        `The server turned the connection away: ${sentence(error.message)}`,
        'Try again later.',
      ];
    case '25006':
      return [
        'read_only',
        `The server refused to write in a read-only transaction: ${sentence(error.message)}`,
        'Switch on writing, if this connection allows it.',
      ];
    case '42501':
      return [
        'permission_denied',
        `The user of this connection may not do that: ${sentence(error.message)}`,
        'Use a user with that right, or have it granted.',
      ];
    case '23505':
      return [
        'unique_violation',
        error.detail === undefined
          ? sentence(error.message)
          : `That value is taken: ${sentence(error.detail)}`,
        'Choose another value.',
      ];
    case '42P01':
      return [
        'not_found',
        `The table ${quoted(error.message, 'asked for')} does not exist in this database, or not on the search path.`,
        'Check that this is the right database; the table may have been dropped.',
      ];
    default:
      return error.code.startsWith('08')
        ? lost(`The connection to the server broke: ${sentence(error.message)}`)
        : otherwise(error);
  }
}

/** PostgreSQL's (or a pooler's) own error, by SQLSTATE; anything unlisted keeps the server's sentence. */
export function serverErrorOf(error: ServerError): EngineError {
  const [code, message, remedy] = wordsFor(error);
  return new EngineError(code, message, { remedy, sqlState: error.code }, { cause: error });
}
