import { execFile } from 'node:child_process';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { handOver, serverAccount } from '#engine/sample-database/unprivileged.ts';
import type { TestServer } from './postgres-server.ts';

const run = promisify(execFile);

/** `good`: for localhost and 127.0.0.1. `stranger`: for another name. `expired`: was good once. */
type CertificateName = 'good' | 'stranger' | 'expired';

export interface TestCertificates {
  /** PEM file of the authority that signed them all. */
  authority: string;
  /** Full path of a file beside it: "client.crt", "client.key"… */
  file(name: string): string;
  /** Runs the `openssl` program in their folder. */
  openssl(...args: string[]): Promise<unknown>;
  /** Makes the server offer TLS with that certificate, or none, to connections from now on. */
  install(server: TestServer, name: CertificateName | null): Promise<void>;
  remove(): Promise<void>;
}

const certificates: Record<CertificateName, { names: string; days: number }> = {
  good: { names: 'DNS:localhost,IP:127.0.0.1', days: 2 },
  stranger: { names: 'DNS:db.elsewhere.example', days: 2 },
  expired: { names: 'DNS:localhost,IP:127.0.0.1', days: -1 },
};

/** Makes an authority and server certificates with the `openssl` program. */
export async function makeCertificates(): Promise<TestCertificates> {
  const folder = await mkdtemp(path.join(tmpdir(), 'poolscope-certificates-'));
  const account = await serverAccount();
  const openssl = (...args: string[]) => run('openssl', args, { cwd: folder });
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  await openssl(
    'req',
    '-x509',
    ...newKey,
    '-keyout',
    'ca.key',
    '-out',
    'ca.crt',
    '-subj',
    '/CN=Test authority',
    '-days',
    '2',
  );
  // Before the files are handed over: the server's account must be able to reach them.
  await chmod(folder, 0o711);
  for (const [name, { names, days }] of Object.entries(certificates)) {
    const subject = ['-subj', `/CN=${name}`, '-addext', `subjectAltName=${names}`];
    await openssl('req', '-new', ...newKey, '-keyout', `${name}.key`, '-out', `${name}.csr`, ...subject);
    const signer = ['-CA', 'ca.crt', '-CAkey', 'ca.key', '-CAcreateserial', '-copy_extensions', 'copyall'];
    await openssl(
      'x509',
      '-req',
      '-in',
      `${name}.csr`,
      '-out',
      `${name}.crt`,
      ...signer,
      '-days',
      String(days),
    );
    await chmod(path.join(folder, `${name}.key`), 0o600);
    for (const file of [`${name}.key`, `${name}.crt`]) await handOver(path.join(folder, file), account);
  }
  return {
    authority: path.join(folder, 'ca.crt'),
    file: (name) => path.join(folder, name),
    openssl,
    async install(server, name) {
      await server.admin(async (client) => {
        if (name !== null) {
          await client.query(`alter system set ssl_cert_file = '${path.join(folder, `${name}.crt`)}'`);
          await client.query(`alter system set ssl_key_file = '${path.join(folder, `${name}.key`)}'`);
          await client.query(`alter system set ssl_ca_file = '${path.join(folder, 'ca.crt')}'`);
        }
        await client.query(`alter system set ssl = ${name === null ? 'off' : 'on'}`);
        // The answer may come before the server has read them: a new session shows what it did.
        await client.query('select pg_reload_conf()');
      });
      for (let tries = 0; tries < 100; tries += 1) {
        const seen = await server.admin(async (client) => {
          const result = await client.query(
            `select current_setting('ssl') as ssl, current_setting('ssl_cert_file') as file`,
          );
          return result.rows[0];
        });
        if (name === null ? seen.ssl === 'off' : seen.ssl === 'on' && seen.file.endsWith(`/${name}.crt`))
          return;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      throw new Error(`the server did not take up the TLS settings for ${name}`);
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
