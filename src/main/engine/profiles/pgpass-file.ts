import { Writable } from 'node:stream';
import pgpass from 'pgpass';

type Target = { host: string; port: number; database: string; user: string };

const look = (target: Target) => new Promise<string | undefined>((resolve) => pgpass({ ...target }, resolve));

/**
 * The password that `~/.pgpass` (or the file named by PGPASSFILE) holds for a target. The library
 * prints its warnings, such as a file that others can read and is therefore ignored; here they
 * reach `warn`, one plain sentence each. It leaves the file alone while PGPASSWORD is set.
 */
export async function passwordFromPgpass(
  target: Target,
  warn: (message: string) => void,
): Promise<string | undefined> {
  const listener = new Writable({
    decodeStrings: false,
    write(chunk: string, _encoding, done) {
      const sentence = chunk.trim().replace(/^WARNING: /, '');
      warn(`${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}. The file was not used.`);
      done();
    },
  });
  pgpass.warnTo(listener);
  const password = await look(target);
  // libpq files a Unix socket under "localhost" as well.
  return password === undefined && target.host.startsWith('/')
    ? await look({ ...target, host: 'localhost' })
    : password;
}
