import { EngineError } from './errors.ts';

interface TlsError extends Error {
  code?: string;
  /** Of a host name mismatch: the name asked for, and why it did not match. */
  host?: string;
  reason?: string;
}

type Words = [message: string, remedy: string];

const trustRemedy =
  'Give the server a certificate of a public authority, add its authority to ~/.postgresql/root.crt, or set TLS to "require" to encrypt without checking who answers.';

const words: Record<string, Words> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: [
    "The server's certificate is self-signed, so nobody vouches for it.",
    trustRemedy,
  ],
  SELF_SIGNED_CERT_IN_CHAIN: [
    "The server's certificate comes from an authority this computer does not trust.",
    trustRemedy,
  ],
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: [
    "The server's certificate could not be checked: the authority that issued it is unknown here.",
    trustRemedy,
  ],
  UNABLE_TO_GET_ISSUER_CERT: [
    "The server's certificate could not be checked: part of its chain is missing.",
    trustRemedy,
  ],
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: [
    "The server's certificate could not be checked: the authority that issued it is unknown here.",
    trustRemedy,
  ],
  CERT_HAS_EXPIRED: [
    "The server's certificate has expired.",
    "Renew it on the server. If it should be valid, check this computer's clock.",
  ],
  CERT_NOT_YET_VALID: [
    "The server's certificate is not valid yet.",
    'Check the clocks of this computer and of the server.',
  ],
  CERT_REVOKED: ["The server's certificate has been revoked.", 'Ask the administrator for a new one.'],
  ERR_SSL_TLSV1_ALERT_UNKNOWN_CA: [
    'The server does not trust the authority of the client certificate.',
    "Use a certificate of an authority that stands in the server's ssl_ca_file.",
  ],
  ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED: [
    'The server refused the client certificate: it has expired.',
    'Have a new one issued.',
  ],
  EPROTO: ['The TLS handshake with the server failed.', 'Check the TLS versions that the server allows.'],
  ERR_TLS_HANDSHAKE_TIMEOUT: ['The TLS handshake with the server took too long.', 'Try again.'],
};

const noTls: Words = [
  'The server does not offer TLS on this connection.',
  'Turn TLS on at the server (ssl = on), or set TLS to "prefer" or "disable" here.',
];

function wordsFor(error: TlsError): Words | null {
  if (error.message === 'The server does not support SSL connections') return noTls;
  if (error.message === 'There was an error establishing an SSL connection') {
    return [
      'The server answered the request for TLS with something else.',
      'Check that the port belongs to PostgreSQL; a server at its limit answers so too.',
    ];
  }
  if (/disconnected before secure TLS connection/.test(error.message)) {
    return [
      'The server broke off the TLS handshake.',
      'Check the TLS settings and the log of the server; direct negotiation needs PostgreSQL 17 or newer.',
    ];
  }
  if (error.code === undefined) return null;
  if (error.code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    const host = error.host === undefined ? 'this host' : `"${error.host}"`;
    return [
      `The server's certificate is for another name than ${host}.`,
      'Connect by a name that stands in the certificate, or set TLS to "require" to skip the check.',
    ];
  }
  const known = words[error.code];
  if (known !== undefined) return known;
  if (/^(CERT_|ERR_SSL_|ERR_TLS_)/.test(error.code)) {
    return [
      `The TLS handshake with the server failed (${error.code}).`,
      'Check the TLS settings of the server.',
    ];
  }
  return null;
}

/** A failure to agree on TLS, or to trust the server's certificate; null when it is not one. */
export function tlsErrorOf(error: TlsError): EngineError | null {
  const found = wordsFor(error);
  return found === null
    ? null
    : new EngineError('tls_failed', found[0], { remedy: found[1] }, { cause: error });
}

/** For our own handshake, where no library throws: the server answered that it has no TLS. */
export function serverHasNoTls(): EngineError {
  return new EngineError('tls_failed', noTls[0], { remedy: noTls[1] });
}
