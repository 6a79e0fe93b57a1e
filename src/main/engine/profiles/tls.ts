import { readFile } from 'node:fs/promises';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import tls from 'node:tls';
import type { ProfileDraft } from '#shared/model/profile.ts';
import type { ResolvedTls } from './connection-options.ts';
import { askForTls, isUnixSocket, openSocket } from './server-socket.ts';

const probeTimeoutMs = 5000;

/** Where libpq, too, looks for the authority of a server's certificate. */
function rootCertificatePath(): string {
  return process.platform === 'win32'
    ? path.join(process.env.APPDATA ?? os.homedir(), 'postgresql', 'root.crt')
    : path.join(os.homedir(), '.postgresql', 'root.crt');
}

/** Whom `verify-full` trusts: the public authorities, those of this computer, and libpq's root.crt. */
async function trustedContext(): Promise<tls.SecureContext> {
  const own = await readFile(rootCertificatePath(), 'utf8').catch(() => '');
  const ca = new Set([...tls.getCACertificates('default'), ...tls.getCACertificates('system')]);
  if (own !== '') ca.add(own);
  return tls.createSecureContext({ ca: [...ca] });
}

/** TLS that encrypts without asking who answers, as libpq's `require`. */
export const unverifiedTls = { rejectUnauthorized: false } as const;

/** TLS that checks the certificate's authority and name. */
export async function verifiedTls(host: string): Promise<Exclude<ResolvedTls, false>> {
  const secureContext = await trustedContext();
  // An address must not be sent as a server name (RFC 6066); `pg` checks it against the certificate all the same.
  return { rejectUnauthorized: true, secureContext, ...(net.isIP(host) === 0 ? { servername: host } : {}) };
}

/**
 * Settles whether and how a profile's connections use TLS. Only `prefer` asks the server, over a
 * socket that is closed at once; a server that does not answer the question plainly gets no TLS,
 * and the connection then fails with its true reason. Throws what the socket throws.
 */
export async function resolveTls(
  profile: Pick<ProfileDraft, 'host' | 'port' | 'tlsMode'>,
  signal: AbortSignal,
): Promise<ResolvedTls> {
  if (isUnixSocket(profile.host)) return false;
  switch (profile.tlsMode) {
    case 'disable':
      return false;
    case 'require':
      return unverifiedTls;
    case 'verify-ca':
    case 'verify-full':
      return await verifiedTls(profile.host);
    case 'prefer': {
      const limits = { signal, timeoutMs: probeTimeoutMs };
      const socket = await openSocket(profile, limits);
      try {
        return (await askForTls(socket, limits)) === 'offered' ? unverifiedTls : false;
      } finally {
        socket.destroy();
      }
    }
  }
}
