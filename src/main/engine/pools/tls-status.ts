import { TLSSocket } from 'node:tls';
import type { TlsStatus } from '#shared/contract/pool-control.ts';
import type { MeteredClient } from './metered-client.ts';

/** What encrypts the first of these clients that is connected; null when none is. */
export function tlsStatusOf(clients: readonly MeteredClient[]): TlsStatus | null {
  const client = clients.find(({ isUsable }) => isUsable);
  if (client === undefined) return null;
  const { host, port } = client;
  const { stream } = client.connection;
  const inTheClear = { protocol: null, cipher: null, certificateSubject: null, certificateIssuer: null };
  if (!(stream instanceof TLSSocket)) return { ...inTheClear, certificateExpiresAtMs: null, host, port };
  // Without one it is an empty object. A resumed session may have none to show.
  const certificate: Partial<ReturnType<TLSSocket['getPeerCertificate']>> = stream.getPeerCertificate() ?? {};
  const expiresAtMs = Date.parse(certificate.valid_to ?? '');
  return {
    protocol: stream.getProtocol(),
    cipher: stream.getCipher()?.name ?? null,
    certificateSubject: nameIn(certificate.subject),
    certificateIssuer: nameIn(certificate.issuer),
    certificateExpiresAtMs: Number.isNaN(expiresAtMs) ? null : expiresAtMs,
    host,
    port,
  };
}

/** The common name, else the organisation; each may be given more than once. */
function nameIn(name: { CN?: string | string[]; O?: string | string[] } | undefined): string | null {
  const found = name?.CN ?? name?.O;
  return (Array.isArray(found) ? found.join(', ') : found) || null;
}
