import type { Duplex } from 'node:stream';
import tls from 'node:tls';

/** What encrypts a connection; null in the clear. */
export interface TlsFacts {
  /** "TLSv1.3" */
  protocol: string | null;
  cipher: string | null;
  certificateSubject: string | null;
  certificateIssuer: string | null;
  /** Of the server's certificate. */
  certificateExpiresAtMs: number | null;
}

const nameOf = (name: tls.Certificate | undefined): string | null => {
  const first = name?.CN ?? name?.O;
  return (Array.isArray(first) ? first[0] : first) ?? null;
};

/** Looks at the socket of an open connection (`client.connection.stream`). */
export function tlsFactsOf(stream: Duplex): TlsFacts | null {
  if (!(stream instanceof tls.TLSSocket)) return null;
  // Without one it is an empty object, and a resumed session may have none to show.
  const certificate: Partial<tls.PeerCertificate> = stream.getPeerCertificate() ?? {};
  const expires = Date.parse(certificate.valid_to ?? '');
  return {
    protocol: stream.getProtocol(),
    cipher: stream.getCipher()?.name ?? null,
    certificateSubject: nameOf(certificate.subject),
    certificateIssuer: nameOf(certificate.issuer),
    certificateExpiresAtMs: Number.isNaN(expires) ? null : expires,
  };
}
