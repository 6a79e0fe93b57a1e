import { tlsFactsOf } from '#engine/profiles/index.ts';
import type { TlsStatus } from '#shared/contract/pool-control.ts';
import type { MeteredClient } from './metered-client.ts';

const inTheClear = {
  protocol: null,
  cipher: null,
  certificateSubject: null,
  certificateIssuer: null,
  certificateExpiresAtMs: null,
};

/** What encrypts the first of these clients that is connected; null when none is. */
export function tlsStatusOf(clients: readonly MeteredClient[]): TlsStatus | null {
  const client = clients.find(({ isUsable }) => isUsable);
  if (client === undefined) return null;
  const { host, port } = client;
  return { ...(tlsFactsOf(client.connection.stream) ?? inTheClear), host, port };
}
