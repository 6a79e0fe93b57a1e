import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { ProfileDraft } from '#shared/model/profile.ts';
import { startTestServer, type TestServer } from '../../../../tests/support/postgres-server.ts';
import { ask, poolOf } from '../../../../tests/support/profile-pool.ts';
import { makeCertificates, type TestCertificates } from '../../../../tests/support/tls-certificates.ts';
import { databaseErrorOf } from '../base/pg-errors.ts';
import type { InstrumentedPool } from '../pools/instrumented-pool.ts';
import { readTlsFiles, type TlsFileNames } from './tls-files.ts';

let server: TestServer;
let certificates: TestCertificates;
let folder: string;
let pool: InstrumentedPool | null = null;

const passphrase = 'correct horse';
const file = (name: string) => certificates.file(name);

/** A certificate of the test's authority with its key in `<name>.crt` and `<name>.key`. */
async function issue(name: string, commonName: string, days: number): Promise<void> {
  const { openssl } = certificates;
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  await openssl(
    'req',
    '-new',
    ...newKey,
    '-keyout',
    `${name}.key`,
    '-out',
    `${name}.csr`,
    '-subj',
    `/CN=${commonName}`,
  );
  const signer = ['-CA', 'ca.crt', '-CAkey', 'ca.key', '-CAcreateserial', '-days', String(days)];
  await openssl('x509', '-req', '-in', `${name}.csr`, '-out', `${name}.crt`, ...signer);
}

beforeAll(async () => {
  [server, certificates] = await Promise.all([startTestServer(), makeCertificates()]);
  folder = await mkdtemp(path.join(tmpdir(), 'poolscope-tls-files-'));
  await issue('client', 'postgres', 2);
  await issue('late', 'postgres', -1);
  await issue('other', 'postgres', 2);
  const { openssl } = certificates;
  await openssl(
    'pkcs8',
    '-topk8',
    '-in',
    'client.key',
    '-out',
    'locked.key',
    '-passout',
    `pass:${passphrase}`,
  );
  await openssl(
    'ec',
    '-aes256',
    '-in',
    'client.key',
    '-out',
    'old-locked.key',
    '-passout',
    `pass:${passphrase}`,
  );
  await openssl('x509', '-in', 'client.crt', '-outform', 'der', '-out', 'client.der');
  await openssl(
    'req',
    '-x509',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:prime256v1',
    '-nodes',
    '-keyout',
    'stranger-ca.key',
    '-out',
    'stranger-ca.crt',
    '-subj',
    '/CN=Nobody',
    '-days',
    '2',
  );
  await certificates.install(server, 'good');
}, 120_000);
afterEach(async () => {
  await pool?.end(2000);
  pool = null;
});
afterAll(async () => {
  await server?.stop();
  await certificates?.remove();
  await rm(folder, { recursive: true, force: true });
});

function open(overrides: Partial<ProfileDraft>, keyPassphrase?: string): InstrumentedPool {
  const secrets = { password: server.password, ...(keyPassphrase === undefined ? {} : { keyPassphrase }) };
  pool = poolOf(server.draft({ host: 'localhost', ...overrides }), secrets);
  return pool;
}

const failureOf = (overrides: Partial<ProfileDraft>, keyPassphrase?: string) =>
  ask(open(overrides, keyPassphrase), 'select 1').then(() => null, databaseErrorOf);

const isEncrypted = 'select ssl from pg_stat_ssl where pid = pg_backend_pid()';
const clientName = 'select client_dn from pg_stat_ssl where pid = pg_backend_pid()';

describe('TLS of a pool', () => {
  it('with "verify-full" trusts the named CA file and no other', async () => {
    const draft = { tlsMode: 'verify-full', tlsCaFile: certificates.authority } as const;
    expect(await ask(open(draft), isEncrypted)).toBe(true);
    await pool?.end(2000);
    expect(await failureOf({ ...draft, tlsCaFile: file('stranger-ca.crt') })).toMatchObject({
      code: 'tls_failed',
      message: expect.stringContaining('authority'),
    });
  });

  it('with "verify-ca" checks the authority and does not compare the name', async () => {
    await certificates.install(server, 'stranger');
    const draft = { tlsCaFile: certificates.authority };
    expect(await ask(open({ ...draft, tlsMode: 'verify-ca' }), isEncrypted)).toBe(true);
    await pool?.end(2000);
    expect(String(await failureOf({ ...draft, tlsMode: 'verify-full' }))).toContain('another name');
    await pool?.end(2000);
    const strange = { tlsMode: 'verify-ca', tlsCaFile: file('stranger-ca.crt') } as const;
    expect(await failureOf(strange)).toMatchObject({ code: 'tls_failed' });
    await certificates.install(server, 'good');
  });

  it('with "require" checks the authority once a CA file is named, as libpq does', async () => {
    expect(await ask(open({ tlsMode: 'require' }), isEncrypted)).toBe(true);
    await pool?.end(2000);
    expect(await failureOf({ tlsMode: 'require', tlsCaFile: file('stranger-ca.crt') })).toMatchObject({
      code: 'tls_failed',
    });
  });

  it.each([
    ['plain', 'client.key', undefined],
    ['encrypted', 'locked.key', passphrase],
    ['encrypted the old way', 'old-locked.key', passphrase],
  ])('shows the server the client certificate, its key being %s', async (_how, key, secret) => {
    const draft = { tlsMode: 'require', tlsCertFile: file('client.crt'), tlsKeyFile: file(key) } as const;
    expect(await ask(open(draft, secret), clientName)).toBe('/CN=postgres');
  });

  it('begins with TLS at once when told to', async () => {
    const draft = { tlsMode: 'verify-full', tlsCaFile: certificates.authority } as const;
    expect(await ask(open({ ...draft, tlsNegotiation: 'direct' }), isEncrypted)).toBe(true);
    await pool?.end(2000);
    const client = await open({ ...draft, tlsNegotiation: 'direct' }).connect();
    const { stream } = (client as unknown as { connection: { stream: { alpnProtocol: string } } }).connection;
    expect(stream.alpnProtocol).toBe('postgresql');
    const running = client.query('select pg_sleep(60)').catch(databaseErrorOf);
    expect(await pool?.stopStatement(client, 10_000)).toBe(true);
    expect(String(await running)).toContain('stopped');
    client.release();
  });

  it('is not opened over a file that will not do, which is said with its field', async () => {
    const missing = '/no/such/ca.crt';
    expect(await failureOf({ tlsMode: 'verify-full', tlsCaFile: missing })).toMatchObject({
      code: 'tls_failed',
      message: `There is no file "${missing}".`,
      details: { fields: { tlsCaFile: `There is no file "${missing}".` } },
    });
  });
});

describe('a TLS file', () => {
  const none: TlsFileNames = { tlsCaFile: '', tlsCertFile: '', tlsKeyFile: '' };
  const problemsOf = async (names: Partial<TlsFileNames>, secret?: string) =>
    (await readTlsFiles({ ...none, ...names }, secret)).problems;
  const put = async (name: string, text: string | Buffer) => {
    await writeFile(path.join(folder, name), text);
    return path.join(folder, name);
  };

  it('that is good has no problem', async () => {
    const names = {
      tlsCaFile: certificates.authority,
      tlsCertFile: file('client.crt'),
      tlsKeyFile: file('locked.key'),
    };
    expect(await problemsOf(names, passphrase)).toEqual({});
    expect(await problemsOf({})).toEqual({});
  });

  it('is told what is wrong with it, in one sentence', async () => {
    const sentence = async (field: keyof TlsFileNames, name: string, secret?: string) =>
      Object.values(await problemsOf({ [field]: name }, secret)).join(' ');
    await mkdir(path.join(folder, 'folder'));
    const cases: [keyof TlsFileNames, string, RegExp][] = [
      ['tlsCaFile', path.join(folder, 'missing'), /^There is no file ".+"\.$/],
      ['tlsCaFile', path.join(folder, 'folder'), /is a folder, not a file\.$/],
      ['tlsCaFile', '/dev/zero', /is not a plain file\.$/],
      ['tlsCaFile', 'ca.crt', /by its full path\.$/],
      ['tlsCaFile', await put('empty', ''), /is empty\.$/],
      ['tlsCaFile', await put('huge', Buffer.alloc(5_000_000, 97)), /too large/],
      ['tlsCaFile', await put('words', 'hello'), /holds no certificate in PEM form\.$/],
      ['tlsCaFile', file('client.der'), /is in DER form: convert it to PEM/],
      ['tlsCertFile', file('client.key'), /holds a private key, where a certificate belongs\.$/],
      ['tlsCertFile', file('client.csr'), /holds a certificate request, where a certificate belongs\.$/],
      ['tlsCertFile', file('late.crt'), /expired on \d{4}-\d\d-\d\d\.$/],
      [
        'tlsCertFile',
        await put('torn', '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n'),
        /is damaged\.$/,
      ],
      ['tlsCertFile', await put('cut', '-----BEGIN CERTIFICATE-----\nMIIB\n'), /is damaged\.$/],
      ['tlsKeyFile', file('client.crt'), /holds a certificate, where a private key belongs\.$/],
      [
        'tlsKeyFile',
        await put('torn.key', '-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----\n'),
        /is damaged\.$/,
      ],
    ];
    for (const [field, name, words] of cases) expect(await sentence(field, name)).toMatch(words);
  });

  it.skipIf(process.getuid?.() === 0)('that may not be read is said to be so', async () => {
    const closed = await put('closed', 'x');
    await chmod(closed, 0o000);
    expect(await problemsOf({ tlsCaFile: closed })).toEqual({
      tlsCaFile: expect.stringContaining('may not be read'),
    });
  });

  it('with a key of another certificate is told beside the key', async () => {
    expect(await problemsOf({ tlsCertFile: file('client.crt'), tlsKeyFile: file('other.key') })).toEqual({
      tlsKeyFile: expect.stringContaining('does not belong to the client certificate'),
    });
  });

  it('with an encrypted key asks for the passphrase, and says when it is wrong, without quoting it', async () => {
    const names = { tlsCertFile: file('client.crt'), tlsKeyFile: file('locked.key') };
    expect(await problemsOf(names)).toEqual({
      keyPassphrase: expect.stringContaining('enter its passphrase'),
    });
    const wrong = await problemsOf(names, 'battery staple');
    expect(wrong).toEqual({ keyPassphrase: expect.stringContaining('does not open the key') });
    expect(JSON.stringify(wrong)).not.toContain('battery');
  });
});
