import { lookup as lookUp } from 'node:dns/promises';
import type { EventEmitter } from 'node:events';
import net from 'node:net';
import tls from 'node:tls';
import type { TestStage } from '#shared/contract/connection-test.ts';
import { poolerNames } from '#shared/model/pooler.ts';
import { identityOf, looksLikeConsole, type PoolerIdentity } from '#shared/model/pooler-identity.ts';
import type { ProfileDraft } from '#shared/model/profile.ts';
import { EngineError, throwIfCancelled } from '../base/errors.ts';
import { databaseErrorOf } from '../base/pg-errors.ts';
import { serverHasNoTls } from '../base/pg-tls-errors.ts';
import { connectionOptions, ExplicitClient } from './connection-options.ts';
import {
  askForTls,
  isUnixSocket,
  type Limits,
  openSocket,
  startTls,
  unixSocketPath,
} from './server-socket.ts';
import { unverifiedTls, verifiedTls } from './tls.ts';

/** The steps of one test. Each answers with what it found; all share one connection. */
export interface TestSteps {
  run: Record<TestStage, () => Promise<string>>;
  /** Leaves nothing open, at whatever step the test stopped. */
  close(): Promise<void>;
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

const consoleName = ({ product, version }: PoolerIdentity): string =>
  `Console of ${poolerNames[product]} ${version}`;

const survey = `
  select current_user as "userName",
    current_setting('is_superuser') = 'on' as "superuser",
    exists (select from pg_roles where rolname = 'pg_monitor' and pg_has_role(oid, 'member')) as "monitor",
    (select count(*)::int from pg_stat_activity
      where backend_type = 'client backend' or (backend_type is null and datid is not null)) as "used",
    current_setting('max_connections')::int as "maximum"`;

interface Survey {
  userName: string;
  superuser: boolean;
  monitor: boolean;
  used: number;
  maximum: number;
}

function surveyFinding({ userName, superuser, monitor, used, maximum }: Survey): string {
  const rights = superuser
    ? 'superuser'
    : monitor
      ? 'member of pg_monitor'
      : `sees little of other users' sessions; GRANT pg_monitor TO ${userName} helps`;
  return `${used} of ${maximum} connections in use · ${userName}, ${rights}`;
}

export function createTestSteps(
  draft: ProfileDraft,
  password: () => Promise<string | undefined>,
  limits: Limits,
): TestSteps {
  const { host, port, tlsMode } = draft;
  let addresses: { address: string; family: number }[] = [];
  let socket: net.Socket | null = null;
  let client: ExplicitClient | null = null;
  let serverVersion = '';

  const connected = (): net.Socket => {
    if (socket === null) throw new Error('the steps of a connection test run in order');
    return socket;
  };

  /** The consoles of poolers other than PgBouncer log in as databases do; SHOW VERSION tells them apart. */
  const poolerBehind = async (): Promise<PoolerIdentity | null> => {
    const named = identityOf(serverVersion);
    if (named?.product === 'pgbouncer' || !looksLikeConsole(draft.database)) return named;
    try {
      const result = await client?.query<Record<string, string>>('SHOW VERSION');
      const words = Object.values(result?.rows[0] ?? {})[0];
      return words === undefined ? null : (identityOf(words) ?? { product: 'other', version: words });
    } catch (error) {
      // A database knows no such setting.
      if (databaseErrorOf(error)?.details.sqlState === undefined) throw error;
      return null;
    }
  };

  const rights = async (): Promise<string> => {
    const result = await client
      ?.query<{ key: string; value: string | null }>('SHOW CONFIG')
      .catch(() => null);
    const lists = (key: string) =>
      (result?.rows.find((row) => row.key === key)?.value ?? '').split(/\s*,\s*/).includes(draft.user);
    if (lists('admin_users')) return 'may watch and give commands';
    return lists('stats_users') ? 'may watch, not give commands' : 'rights not told';
  };

  const run: TestSteps['run'] = {
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
        : `Connected to ${socket.remoteAddress} port ${port}.`;
    },

    async tls() {
      if (isUnixSocket(host)) return 'Not used: Unix sockets need no TLS.';
      if (tlsMode === 'disable') return 'Not used: TLS is disabled for this connection.';
      const answer = await askForTls(connected(), limits);
      if (answer === 'unknown') throw new Error('There was an error establishing an SSL connection');
      if (answer === 'declined') {
        if (tlsMode === 'prefer') return 'Not used: the server does not offer TLS.';
        throw serverHasNoTls();
      }
      const verified = tlsMode === 'verify-full';
      const options = verified ? await verifiedTls(host) : unverifiedTls;
      const secure = await startTls(connected(), { host, ...options }, limits);
      socket = secure;
      const protocol = (secure.getProtocol() ?? 'TLS').replace('TLSv', 'TLS ');
      return `${protocol}, ${secure.getCipher().name}, certificate ${verified ? 'checked' : 'not checked'}.`;
    },

    async login() {
      const stream = handOver(connected());
      // TLS, where used, is on the socket already.
      const options = connectionOptions(draft, await password(), false);
      throwIfCancelled(limits.signal);
      client = new ExplicitClient({
        ...options,
        stream: () => stream,
        connectionTimeoutMillis: limits.timeoutMs,
        query_timeout: limits.timeoutMs,
      });
      client.on('error', () => {});
      const { connection } = client as unknown as { connection: EventEmitter };
      connection.on('parameterStatus', (status: { parameterName: string; parameterValue: string }) => {
        if (status.parameterName === 'server_version') serverVersion = status.parameterValue;
      });
      await client.connect();
      const encrypted = stream instanceof tls.TLSSocket ? 'encrypted' : 'not encrypted';
      const pooler = identityOf(serverVersion);
      const what = pooler === null ? `PostgreSQL ${serverVersion}` : consoleName(pooler);
      return `${what}, ${encrypted}.`;
    },

    async query() {
      const pooler = await poolerBehind();
      if (pooler !== null) return `${consoleName(pooler)} · ${draft.user}, ${await rights()}`;
      const result = await client?.query<Survey>(survey);
      const row = result?.rows[0];
      if (row === undefined) throw new Error('Connection terminated');
      return surveyFinding(row);
    },
  };

  const onCancel = () => socket?.destroy();
  limits.signal.addEventListener('abort', onCancel, { once: true });

  return {
    run,
    async close() {
      limits.signal.removeEventListener('abort', onCancel);
      if (client !== null && socket?.destroyed === false) {
        // A goodbye lets the server end the session at once; a server that hangs gets no more time.
        const timer = setTimeout(onCancel, goodbyeMs);
        await client.end().catch(() => {});
        clearTimeout(timer);
      }
      socket?.destroy();
    },
  };
}
