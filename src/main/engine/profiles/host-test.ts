import { lookup as lookUp } from 'node:dns/promises';
import type { EventEmitter } from 'node:events';
import net from 'node:net';
import tls from 'node:tls';
import { poolerNames } from '#shared/model/pooler.ts';
import { identityOf, type PoolerIdentity } from '#shared/model/pooler-identity.ts';
import type { ProfileDraft } from '#shared/model/profile.ts';
import { EngineError, throwIfCancelled } from '../base/errors.ts';
import { serverHasNoTls } from '../base/pg-tls-errors.ts';
import { connectionOptions } from './connection-options.ts';
import { type ConnectionSecrets, termsOf } from './connection-terms.ts';
import { ExplicitClient } from './explicit-client.ts';
import {
  askForTls,
  isUnixSocket,
  type Limits,
  openSocket,
  startTls,
  unixSocketPath,
} from './server-socket.ts';
import { unfitness } from './session-attributes.ts';
import { checkOf, tlsFor } from './tls.ts';
import { tlsFactsOf } from './tls-status.ts';

/** The steps of testing one host; all share one connection. */
export interface HostTest {
  readonly at: { host: string; port: number };
  name(): Promise<string>;
  tcp(): Promise<string>;
  tls(): Promise<string>;
  login(): Promise<string>;
  /** After `login`: why this server is not the kind wanted; null when it is. */
  unfitness(): Promise<string | null>;
  /** Null before `login`. */
  readonly client: ExplicitClient | null;
  /** As the login told it. */
  readonly serverVersion: string;
  /** Leaves nothing open, at whatever step the test stopped. */
  close(): Promise<void>;
  abort(): void;
}

const goodbyeMs = 1000;

/** Gives up waiting for a lookup that the system will not cancel. */
async function resolveHost(host: string, { signal, timeoutMs }: Limits) {
  const { promise: given, reject } = Promise.withResolvers<never>();
  const remedy = 'Check the network, then try again.';
  const message = `Looking up "${host}" took longer than ${timeoutMs / 1000} s.`;
  const timer = setTimeout(() => reject(new EngineError('host_not_found', message, { remedy })), timeoutMs);
  const onCancel = () => reject(new EngineError('cancelled', 'Cancelled.'));
  signal.addEventListener('abort', onCancel, { once: true });
  try {
    return await Promise.race([lookUp(host, { all: true }), given]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onCancel);
  }
}

/** `pg` wants to connect its socket by itself; this one is connected already. */
function handOver(socket: net.Socket): net.Socket {
  return Object.assign(socket, {
    connect() {
      process.nextTick(() => socket.emit('connect'));
      return socket;
    },
  });
}

export const consoleName = ({ product, version }: PoolerIdentity): string =>
  `Console of ${poolerNames[product]} ${version}`;

/** libpq wants the server to confirm over ALPN that it speaks PostgreSQL. */
function refuseUnconfirmed(secure: tls.TLSSocket): void {
  if (secure.alpnProtocol === 'postgresql') return;
  secure.destroy();
  const message = 'What answers there takes TLS but did not confirm that it is PostgreSQL.';
  const remedy = 'Set the TLS negotiation to "postgres", or check the port.';
  throw new EngineError('tls_failed', message, { remedy });
}

function tlsFinding(secure: tls.TLSSocket, checked: ReturnType<typeof checkOf>): string {
  const facts = tlsFactsOf(secure);
  const protocol = (facts?.protocol ?? 'TLS').replace('TLSv', 'TLS ');
  const check = checked === 'nothing' ? 'not checked' : `checked (${checked})`;
  const expires = facts?.certificateExpiresAtMs ?? null;
  const until = expires === null ? '' : `, expires ${new Date(expires).toISOString().slice(0, 10)}`;
  return `${protocol}, ${facts?.cipher}, certificate ${check}${until}.`;
}

export function createHostTest(
  draft: ProfileDraft,
  at: { host: string; port: number },
  secrets: () => Promise<ConnectionSecrets>,
  limits: Limits,
): HostTest {
  const { host, port } = at;
  let addresses: { address: string; family: number }[] = [];
  let socket: net.Socket | null = null;
  let client: ExplicitClient | null = null;
  const told = new Map<string, string>();

  const connected = (): net.Socket => {
    if (socket === null) throw new Error('the steps of a connection test run in order');
    return socket;
  };

  const begin = async (): Promise<'tls' | 'plain'> => {
    if (draft.tlsNegotiation === 'direct') return 'tls';
    const answer = await askForTls(connected(), limits);
    if (answer === 'unknown') throw new Error('There was an error establishing an SSL connection');
    if (answer === 'declined' && draft.tlsMode !== 'prefer') throw serverHasNoTls();
    return answer === 'declined' ? 'plain' : 'tls';
  };

  const abort = () => {
    socket?.destroy();
    client?.hangUp();
  };

  return {
    at,
    async name() {
      if (isUnixSocket(host)) return `No name to look up: ${unixSocketPath(host, port)} is a Unix socket.`;
      if (net.isIP(host) !== 0) return `No name to look up: ${host} is an IP address.`;
      addresses = await resolveHost(host, limits);
      return addresses.map(({ address }) => address).join(', ');
    },

    async tcp() {
      // The very addresses of the step before, in their order.
      const lookup: net.LookupFunction = (_name, options, done) => {
        const first = addresses[0];
        if (options.all === true || first === undefined) done(null, addresses);
        else done(null, first.address, first.family);
      };
      socket = await openSocket({ host, port, ...(addresses.length > 0 ? { lookup } : {}) }, limits);
      return isUnixSocket(host)
        ? 'Connected to the Unix socket.'
        : `Connected to ${socket.remoteAddress} port ${socket.remotePort}.`;
    },

    async tls() {
      if (isUnixSocket(host)) return 'Not used: Unix sockets need no TLS.';
      if (draft.tlsMode === 'disable') return 'Not used: TLS is disabled for this connection.';
      // What is wrong with the files is said before the server is bothered.
      const options = await tlsFor(draft, host, (await secrets()).keyPassphrase);
      if ((await begin()) === 'plain') return 'Not used: the server does not offer TLS.';
      const direct = draft.tlsNegotiation === 'direct';
      const alpn = direct ? { ALPNProtocols: ['postgresql'] } : {};
      const secure = await startTls(connected(), { host, ...options, ...alpn }, limits);
      socket = secure;
      if (direct) refuseUnconfirmed(secure);
      return tlsFinding(secure, checkOf(draft));
    },

    async login() {
      const stream = handOver(connected());
      const known = await secrets();
      throwIfCancelled(limits.signal);
      const target = { ...draft, ...at, moreHosts: [] };
      client = new ExplicitClient({
        // TLS, where used, is on the socket already.
        ...connectionOptions(target, await known.passwordFor(target), false),
        stream: () => stream,
        connectionTimeoutMillis: limits.timeoutMs,
        query_timeout: limits.timeoutMs,
        terms: { ...termsOf(target, known, 'pool'), targetSessionAttrs: 'any' },
      });
      client.on('error', () => {});
      const { connection } = client as unknown as { connection: EventEmitter };
      connection.on('parameterStatus', (status: { parameterName: string; parameterValue: string }) => {
        told.set(status.parameterName, status.parameterValue);
      });
      await client.connect();
      const encrypted = stream instanceof tls.TLSSocket ? 'encrypted' : 'not encrypted';
      const version = told.get('server_version') ?? '';
      const pooler = identityOf(version);
      return `${pooler === null ? `PostgreSQL ${version}` : consoleName(pooler)}, ${encrypted}.`;
    },

    unfitness: () => unfitness(draft.targetSessionAttrs, client as never, told),

    get client() {
      return client;
    },

    get serverVersion() {
      return told.get('server_version') ?? '';
    },

    async close() {
      if (client !== null) {
        // A goodbye lets the server end the session at once; a server that hangs gets no more time.
        const timer = setTimeout(abort, goodbyeMs);
        if (!isGone(client)) await client.end().catch(() => {});
        clearTimeout(timer);
      }
      abort();
    },
    abort,
  };
}

const isGone = (client: ExplicitClient): boolean =>
  (client as unknown as { connection: { stream: net.Socket } }).connection.stream.destroyed;
