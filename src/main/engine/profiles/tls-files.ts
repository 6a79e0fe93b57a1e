import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import type { ProfileDraft } from '#shared/model/profile.ts';
import { EngineError } from '../base/errors.ts';

export type TlsFileNames = Pick<ProfileDraft, 'tlsCaFile' | 'tlsCertFile' | 'tlsKeyFile'>;

/** What the named files hold, fit for a TLS context; null where none is named. */
export interface TlsMaterial {
  authorities: string | null;
  certificate: string | null;
  key: KeyObject | null;
}

/** By field of the form: one sentence each. `keyPassphrase` is the field of the key's passphrase. */
export type TlsFileProblems = Partial<Record<keyof TlsFileNames | 'keyPassphrase', string>>;

/** Larger than any bundle of authorities in use. */
const largestBytes = 4 * 1024 * 1024;

/** Said of a file, so that it can be told from a failure of Poolscope's. */
class FileProblem extends Error {}

async function readPem(name: string): Promise<string> {
  const file = name.startsWith('~/') ? path.join(homedir(), name.slice(2)) : name;
  if (!path.isAbsolute(file)) throw new FileProblem(`Name the file "${name}" by its full path.`);
  let bytes: Buffer;
  try {
    const found = await stat(file);
    if (found.isDirectory()) throw new FileProblem(`"${name}" is a folder, not a file.`);
    if (!found.isFile()) throw new FileProblem(`"${name}" is not a plain file.`);
    if (found.size > largestBytes)
      throw new FileProblem(`The file "${name}" is too large to hold a certificate or a key.`);
    bytes = await readFile(file);
  } catch (error) {
    if (error instanceof FileProblem) throw error;
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') throw new FileProblem(`There is no file "${name}".`);
    if (code === 'EACCES' || code === 'EPERM')
      throw new FileProblem(`The file "${name}" may not be read: check its permissions.`);
    throw new FileProblem(`The file "${name}" could not be read (${code}).`);
  }
  if (bytes.length === 0) throw new FileProblem(`The file "${name}" is empty.`);
  // The start of every certificate and key in DER: a sequence with a length of two bytes.
  if (bytes[0] === 0x30 && (bytes[1] ?? 0) >= 0x80)
    throw new FileProblem(
      `The file "${name}" is in DER form: convert it to PEM, with openssl's -inform der -outform pem.`,
    );
  return bytes.toString('utf8');
}

const labelsOf = (pem: string): string[] =>
  [...pem.matchAll(/-----BEGIN ([A-Z0-9 ]+)-----/g)].map((match) => match[1] ?? '');
const isCertificate = (label: string) => /^(X509 |TRUSTED )?CERTIFICATE$/.test(label);
const isKey = (label: string) => label.endsWith('PRIVATE KEY');

/** What a PEM file holds, in words, when it is not what belongs there. */
function otherKind(labels: string[]): string | null {
  if (labels.some(isKey)) return 'a private key';
  if (labels.some(isCertificate)) return 'a certificate';
  if (labels.some((label) => label.endsWith('CERTIFICATE REQUEST'))) return 'a certificate request';
  if (labels.some((label) => label.endsWith('CRL'))) return 'a revocation list';
  if (labels.some((label) => label.endsWith('PUBLIC KEY'))) return 'a public key';
  return null;
}

function wrongKind(name: string, labels: string[], wanted: 'certificate' | 'private key'): FileProblem {
  const held = otherKind(labels);
  return new FileProblem(
    held === null
      ? `The file "${name}" holds no ${wanted} in PEM form.`
      : `The file "${name}" holds ${held}, where a ${wanted} belongs.`,
  );
}

const day = (date: Date) => date.toISOString().slice(0, 10);

function certificatesIn(name: string, pem: string): X509Certificate[] {
  const labels = labelsOf(pem);
  if (!labels.some(isCertificate)) throw wrongKind(name, labels, 'certificate');
  const blocks = pem.match(/-----BEGIN ([A-Z0-9 ]*CERTIFICATE)-----[\s\S]*?-----END \1-----/g) ?? [];
  try {
    const found = blocks.map((block) => new X509Certificate(block));
    if (found.length > 0) return found;
  } catch {}
  throw new FileProblem(`The certificate in "${name}" is damaged.`);
}

/** Of several authorities one that is in force is enough. */
function refuseOutOfDate(name: string, certificates: X509Certificate[]): void {
  const now = new Date();
  const problems = certificates.map(({ validFromDate, validToDate }) =>
    validToDate < now
      ? `The certificate in "${name}" expired on ${day(validToDate)}.`
      : validFromDate > now
        ? `The certificate in "${name}" is not valid before ${day(validFromDate)}: check this computer's clock.`
        : null,
  );
  const [first] = problems;
  if (first != null && problems.every((problem) => problem !== null)) throw new FileProblem(first);
}

function keyIn(name: string, pem: string, passphrase: string | undefined): KeyObject | 'locked' | 'wrong' {
  const labels = labelsOf(pem);
  if (!labels.some(isKey)) throw wrongKind(name, labels, 'private key');
  const isEncrypted = labels.includes('ENCRYPTED PRIVATE KEY') || /^Proc-Type: 4,ENCRYPTED/m.test(pem);
  if (isEncrypted && passphrase === undefined) return 'locked';
  try {
    return createPrivateKey({ key: pem, format: 'pem', ...(isEncrypted ? { passphrase } : {}) });
  } catch {
    if (isEncrypted) return 'wrong';
    throw new FileProblem(`The key in "${name}" is damaged.`);
  }
}

/**
 * Reads the TLS files that a profile names and checks whether they will do: there, readable, PEM,
 * of the right kind, in force, the key opened by the passphrase and belonging to the certificate.
 */
export async function readTlsFiles(
  names: TlsFileNames,
  keyPassphrase: string | undefined,
): Promise<{ material: TlsMaterial; problems: TlsFileProblems }> {
  const problems: TlsFileProblems = {};
  const material: TlsMaterial = { authorities: null, certificate: null, key: null };
  const noting = async (field: keyof TlsFileNames, work: (name: string) => Promise<void>) => {
    try {
      if (names[field] !== '') await work(names[field]);
    } catch (error) {
      if (!(error instanceof FileProblem)) throw error;
      problems[field] = error.message;
    }
  };

  await noting('tlsCaFile', async (name) => {
    const pem = await readPem(name);
    refuseOutOfDate(name, certificatesIn(name, pem));
    material.authorities = pem;
  });
  let own: X509Certificate | undefined;
  await noting('tlsCertFile', async (name) => {
    const pem = await readPem(name);
    [own] = certificatesIn(name, pem);
    refuseOutOfDate(name, own === undefined ? [] : [own]);
    material.certificate = pem;
  });
  await noting('tlsKeyFile', async (name) => {
    const key = keyIn(name, await readPem(name), keyPassphrase);
    if (key === 'locked') problems.keyPassphrase = `The key "${name}" is encrypted: enter its passphrase.`;
    else if (key === 'wrong') problems.keyPassphrase = `The passphrase does not open the key "${name}".`;
    else if (own !== undefined && !own.checkPrivateKey(key))
      throw new FileProblem(`The key "${name}" does not belong to the client certificate.`);
    else material.key = key;
  });
  return { material, problems };
}

/** The same, for a connection about to be opened. @throws EngineError `tls_failed` with the fields */
export async function requireTlsFiles(
  names: TlsFileNames,
  keyPassphrase: string | undefined,
): Promise<TlsMaterial> {
  const { material, problems } = await readTlsFiles(names, keyPassphrase);
  const [first] = Object.values(problems);
  if (first === undefined) return material;
  const remedy = 'Mend it in the TLS settings of the connection, then try again.';
  throw new EngineError('tls_failed', first, { remedy, fields: { ...problems } });
}
