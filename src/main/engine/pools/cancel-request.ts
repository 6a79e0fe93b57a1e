import pg from 'pg';
import type { MeteredClient } from './metered-client.ts';

/** `pg`'s connection speaks the protocol without a login; its types leave these out. */
interface RawConnection extends NodeJS.EventEmitter {
  connect(port: number | string, host?: string): void;
  requestSsl(): void;
  cancel(processId: number, secretKey: number): void;
  stream: NodeJS.WritableStream & { destroy(): void };
}

/** Of `pg`'s client. */
interface Reached {
  host: string;
  port: number;
  ssl: pg.ClientConfig['ssl'];
  sslNegotiation: 'postgres' | 'direct';
}

/**
 * Asks the server to stop the statement a session runs, over a connection of its own, as the
 * protocol wants. Without it a backend whose client has gone works on until it has something to
 * say. Never fails: settles when the server hung up, or at the signal.
 */
export function cancelStatement(
  client: MeteredClient,
  session: { processId: number; secretKey: number },
  signal: AbortSignal,
): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    // Of several hosts, the one this very client reached.
    const { host, port, ssl, sslNegotiation } = client as unknown as Reached;
    const connection = new pg.Connection({ ssl, sslNegotiation } as never) as unknown as RawConnection;
    const send = () => connection.cancel(session.processId, session.secretKey);
    const abort = () => connection.stream.destroy();
    connection.on('error', abort);
    connection.on('connect', () => {
      if (!ssl) send();
      else if (sslNegotiation !== 'direct') connection.requestSsl();
    });
    connection.on('sslconnect', send);
    connection.once('end', () => {
      signal.removeEventListener('abort', abort);
      resolve();
    });
    signal.addEventListener('abort', abort);
    if (host.startsWith('/')) connection.connect(`${host}/.s.PGSQL.${port}`);
    else connection.connect(port, host);
  });
}
