import type { ErrorCode } from '#shared/contract/errors.ts';
import { EngineError } from './errors.ts';

/** What Node adds to an error of `net` or `dns`. */
interface NetworkError extends Error {
  code?: string;
  syscall?: string;
  address?: string;
  port?: number;
  hostname?: string;
}

type Words = [code: ErrorCode, message: string, remedy: string];

/**
 * One failure for each address tried: Node connects to all addresses of a name in turn and reports
 * them together, with an empty message.
 */
function attemptsOf(error: NetworkError): NetworkError[] {
  return error instanceof AggregateError ? error.errors.filter((inner) => inner instanceof Error) : [error];
}

/** "127.0.0.1 port 5432 and ::1 port 5432"; empty when the error names no address. */
function places(attempts: NetworkError[]): string {
  const names = attempts.flatMap(({ address, port }) =>
    address === undefined ? [] : [port === undefined ? address : `${address} port ${port}`],
  );
  return [...new Set(names)].join(' and ');
}

function wordsFor(error: NetworkError, attempts: NetworkError[]): Words | null {
  const at = places(attempts);
  const host = error.hostname === undefined ? 'The host name' : `The host name "${error.hostname}"`;
  switch (error.code) {
    case 'ENOTFOUND':
      return ['host_not_found', `${host} was not found.`, 'Check its spelling, or use the IP address.'];
    case 'EAI_AGAIN':
      return [
        'host_not_found',
        `${host} could not be looked up: the name server did not answer.`,
        'Check the network, then try again.',
      ];
    case 'ECONNREFUSED':
      return [
        'connection_refused',
        `Nothing accepts connections at ${at || 'that address'}.`,
        'Check that the server runs, that host and port are right, and that it listens on this address.',
      ];
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'EHOSTDOWN':
    case 'ENETDOWN':
    case 'EADDRNOTAVAIL':
      return [
        'host_unreachable',
        `There is no way through the network to ${at || 'the server'}.`,
        'Check the network, a VPN if one is needed, and the host.',
      ];
    case 'ETIMEDOUT':
      return [
        'connect_timeout',
        `No answer came from ${at || 'the server'} in time.`,
        'Check the host and the port, and that no firewall drops the connection.',
      ];
    case 'ECONNRESET':
    case 'EPIPE':
    case 'ECONNABORTED':
      return [
        'connection_lost',
        `The connection to ${at || 'the server'} broke off.`,
        'Try again; the pool opens a new connection by itself.',
      ];
    case 'ENOENT':
      // Only of a socket: a missing file is none of our business.
      if (error.syscall !== 'connect') return null;
      return [
        'connection_refused',
        `There is no server socket at ${at || 'that path'}.`,
        'Check that the server runs, and that the folder and the port are right.',
      ];
    case 'EACCES':
    case 'EPERM':
      if (error.syscall !== 'connect') return null;
      return [
        'permission_denied',
        `This computer does not allow a connection to ${at || 'that address'}.`,
        'Check the permissions of the socket, or the local firewall.',
      ];
    default:
      return null;
  }
}

/** A failure of the name lookup, the socket or the network; null when it is not one. */
export function networkErrorOf(error: NetworkError): EngineError | null {
  const attempts = attemptsOf(error);
  // Of several addresses, one that refused tells more than one that is merely out of reach.
  const telling = attempts.find((attempt) => attempt.code === 'ECONNREFUSED') ?? attempts[0] ?? error;
  const words = wordsFor(telling, attempts);
  return words === null ? null : new EngineError(words[0], words[1], { remedy: words[2] }, { cause: error });
}
