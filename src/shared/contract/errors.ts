import type { TextPosition } from '../model/query.ts';

/**
 * Every kind of failure a user can meet, as a closed list. Code decides by `code`; people read
 * `message` (what happened, where) and `details.remedy` (what to do next). Only this crosses the
 * bridge: Electron keeps nothing but the text of a thrown error, and no stack may reach a user.
 */
export const errorCodes = [
  'auth_failed',
  'bad_input',
  /** The server failed so often in a row that the pool does not ask it for now. */
  'breaker_open',
  'cancelled',
  'connect_timeout',
  'connection_lost',
  'connection_refused',
  'database_not_found',
  'database_error',
  'host_not_found',
  'host_unreachable',
  'internal',
  'not_found',
  'not_supported',
  'permission_denied',
  'pool_closed',
  'port_in_use',
  'query_timeout',
  /** The profile is marked read-only, and that would change something on its server. */
  'read_only',
  'sample_database_failed',
  'server_unavailable',
  'storage_failed',
  'tls_failed',
  'too_many_connections',
  'unique_violation',
  'vault_failed',
  'wait_timeout',
  /** A webhook's target refused, redirected or did not answer. */
  'webhook_failed',
] as const;

export type ErrorCode = (typeof errorCodes)[number];

export interface ErrorDetails {
  /** What the user can do next, one sentence. */
  remedy?: string;
  /** For `bad_input`: field name (dotted path) to one sentence. */
  fields?: Record<string, string>;
  /** PostgreSQL's five-character SQLSTATE, when the server answered. */
  sqlState?: string;
  /** Where in the text of a statement the server found it. */
  position?: TextPosition;
}

export interface ErrorPayload {
  code: ErrorCode;
  message: string;
  details: ErrorDetails;
}

/** The one shape in which every request is answered, over every transport. */
export type Envelope<T> = { ok: true; data: T } | { ok: false; error: ErrorPayload };
