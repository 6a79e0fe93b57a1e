import { readFile } from 'node:fs/promises';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import tls from 'node:tls';
import type { ProfileDraft } from '#shared/model/profile.ts';
import type { ResolvedTls } from './connection-options.ts';
import { askForTls, isUnixSocket, openSocket } from './server-socket.ts';
import { requireTlsFiles, type TlsFileNames, type TlsMaterial } from './tls-files.ts';

const probeTimeoutMs = 5000;

type TlsSettings = TlsFileNames & Pick<ProfileDraft, 'tlsMode'>;
type UsedTls = Exclude<ResolvedTls, false>;

/** Where libpq, too, looks for the authority of a server's certificate. */
function rootCertificatePath(): string {
  return process.platform === 'win32'
    ? path.join(process.env.APPDATA ?? os.homedir(), 'postgresql', 'root.crt')
    : path.join(os.homedir(), '.postgresql', 'root.crt');
}

/** Whom TLS trusts when no CA file is named: the public authorities, those of this computer, and libpq's root.crt. */
async function usualAuthorities(): Promise<string[]> {
  const own = await readFile(rootCertificatePath(), 'utf8').catch(() => '');
  const ca = new Set([...tls.getCACertificates('default'), ...tls.getCACertificates('system')]);
  if (own !== '') ca.add(own);
  return [...ca];
}

/** How much of the server's certificate is checked. As libpq, `require` with a CA file is `verify-ca`. */
export function checkOf({ tlsMode, tlsCaFile }: TlsSettings): 'nothing' | 'authority' | 'authority and name' {
  if (tlsMode === 'verify-full') return 'authority and name';
  const checksAuthority = tlsMode === 'verify-ca' || (tlsMode === 'require' && tlsCaFile !== '');
  return checksAuthority ? 'authority' : 'nothing';
}

async function contextOf(settings: TlsSettings, { authorities, certificate, key }: TlsMaterial) {
  const check = checkOf(settings);
  const ca = check === 'nothing' ? undefined : (authorities ?? (await usualAuthorities()));
  if (ca === undefined && certificate === null) return undefined;
  return tls.createSecureContext({
    ...(ca === undefined ? {} : { ca }),
    ...(certificate === null || key === null
      ? {}
      : { cert: certificate, key: key.export({ type: 'pkcs8', format: 'pem' }) }),
  });
}

/**
 * TLS for a server that takes it, as the mode asks. An address is never sent as a server name (RFC
 * 6066); with `verify-full` it is checked against the certificate all the same.
 * @throws EngineError `tls_failed` when a file will not do
 */
export async function tlsFor(
  settings: TlsSettings,
  host: string,
  keyPassphrase: string | undefined,
): Promise<UsedTls> {
  const secureContext = await contextOf(settings, await requireTlsFiles(settings, keyPassphrase));
  const check = checkOf(settings);
  return {
    rejectUnauthorized: check !== 'nothing',
    ...(secureContext === undefined ? {} : { secureContext }),
    ...(check === 'authority' ? { checkServerIdentity: () => undefined } : {}),
    ...(net.isIP(host) === 0 ? { servername: host } : {}),
  };
}

/**
 * Settles whether and how connections to one host use TLS. Only `prefer` asks the server, over a
 * socket that is closed at once; a server that does not answer the question plainly gets no TLS,
 * and the connection then fails with its true reason. Throws what the socket throws, and as `tlsFor`.
 */
export async function resolveTls(
  settings: TlsSettings,
  { host, port }: { host: string; port: number },
  keyPassphrase: string | undefined,
  signal: AbortSignal,
): Promise<ResolvedTls> {
  if (isUnixSocket(host) || settings.tlsMode === 'disable') return false;
  if (settings.tlsMode === 'prefer') {
    const limits = { signal, timeoutMs: probeTimeoutMs };
    const socket = await openSocket({ host, port }, limits);
    try {
      if ((await askForTls(socket, limits)) !== 'offered') return false;
    } finally {
      socket.destroy();
    }
  }
  return await tlsFor(settings, host, keyPassphrase);
}
