import * as z from 'zod/mini';
import { choiceOr, optionalText } from './checks.ts';

/** TLS as libpq names it. `prefer` asks the server first and goes on without when it declines. */
export const tlsModes = ['disable', 'prefer', 'require', 'verify-ca', 'verify-full'] as const;
export type TlsMode = (typeof tlsModes)[number];

/** `direct` begins with TLS at once, which PostgreSQL 17 and later take (libpq's `sslnegotiation`). */
export const tlsNegotiations = ['postgres', 'direct'] as const;
export type TlsNegotiation = (typeof tlsNegotiations)[number];

/** Files are named, never held: paths on the machine that runs the engine. Empty means none. */
export const tlsFields = {
  tlsMode: z.enum(tlsModes, { error: `TLS must be one of ${tlsModes.join(', ')}.` }),
  tlsNegotiation: choiceOr('postgres', 'TLS negotiation', tlsNegotiations),
  /** PEM, one or more authorities. Empty: those of this machine, and libpq's root.crt. */
  tlsCaFile: optionalText('CA file', 4096),
  tlsCertFile: optionalText('Client certificate file', 4096),
  /** PEM, plain or encrypted; the passphrase of an encrypted one lies in the vault. */
  tlsKeyFile: optionalText('Client key file', 4096),
};
