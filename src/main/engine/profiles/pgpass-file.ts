import { readFile, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';

type Target = { host: string; port: number; database: string; user: string };

/**
 * The password that `~/.pgpass` (or the file named by PGPASSFILE) holds for a target, read as libpq
 * reads it (PostgreSQL documentation, "The Password File"); PGPASSWORD has no say. A file that is
 * there and cannot be used is told to `warn` in one plain sentence.
 */
export async function passwordFromPgpass(
  target: Target,
  warn: (message: string) => void,
): Promise<string | undefined> {
  const file = passwordFile();
  const text = await read(file, warn);
  // libpq files a Unix socket under "localhost" as well.
  const hosts = target.host.startsWith('/') ? [target.host, 'localhost'] : [target.host];
  for (const host of hosts) {
    const wanted = [host, String(target.port), target.database, target.user];
    for (const line of text.split(/\r?\n/)) {
      const fields = fieldsOf(line);
      const isMeant = wanted.every(
        (value, index) => fields[index] === '*' || unescaped(fields[index]) === value,
      );
      if (isMeant && !line.startsWith('#') && fields[4]) return unescaped(fields[4]);
    }
  }
  return undefined;
}

function passwordFile(environment: NodeJS.ProcessEnv = process.env): string {
  if (environment.PGPASSFILE) return environment.PGPASSFILE;
  return process.platform === 'win32'
    ? path.join(environment.APPDATA ?? homedir(), 'postgresql', 'pgpass.conf')
    : path.join(homedir(), '.pgpass');
}

/** Empty when there is none to use. */
async function read(file: string, warn: (message: string) => void): Promise<string> {
  try {
    const found = await stat(file);
    if (!found.isFile()) {
      warn(`The password file "${file}" is not a plain file. It was not used.`);
    } else if (process.platform !== 'win32' && (found.mode & 0o077) !== 0) {
      warn(
        `The password file "${file}" has group or world access; its permissions should be u=rw (0600) or less. The file was not used.`,
      );
    } else {
      return await readFile(file, 'utf8');
    }
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code !== 'ENOENT' && code !== 'ENOTDIR') {
      warn(`The password file "${file}" could not be read (${code}). It was not used.`);
    }
  }
  return '';
}

/** host:port:database:user:password, still escaped. A colon ends a field unless a backslash precedes it. */
const fieldsOf = (line: string): string[] => line.match(/(?<=^|:)(?:\\.|[^:\\]|\\$)*(?=:|$)/g) ?? [];

const unescaped = (field = ''): string => field.replaceAll(/\\(.)/g, '$1');
