import { execFile } from 'node:child_process';
import { chmod, chown, cp, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { EngineError } from '../base/errors.ts';
import type { ServerBinaries } from './server-binaries.ts';

const run = promisify(execFile);

/** The account a child runs under. Empty when this process may run the server itself. */
export type Account = { uid: number; gid: number } | Record<string, never>;

async function idOf(name: string): Promise<Account | null> {
  try {
    const [uid, gid] = await Promise.all([run('id', ['-u', name]), run('id', ['-g', name])]);
    return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
  } catch {
    return null;
  }
}

/** PostgreSQL refuses to run as root, so root runs it as `postgres`, or as `nobody` where that is missing. */
export async function serverAccount(): Promise<Account> {
  if (process.getuid?.() !== 0) return {};
  const account = (await idOf('postgres')) ?? (await idOf('nobody'));
  if (account !== null) return account;
  throw new EngineError(
    'sample_database_failed',
    'PostgreSQL refuses to run as root, and this machine has neither a "postgres" nor a "nobody" account.',
    { remedy: 'Start Poolscope as another user.' },
  );
}

/** Whether the account may walk down to a file: every folder above it lets others pass. */
export async function isReachable(file: string, account: Account): Promise<boolean> {
  if (account.uid === undefined) return true;
  for (let folder = path.dirname(path.resolve(file)); ; folder = path.dirname(folder)) {
    const { mode, uid } = await stat(folder);
    if ((mode & (uid === account.uid ? 0o100 : 0o001)) === 0) return false;
    if (folder === path.dirname(folder)) return true;
  }
}

/** Gives a file or folder to the account; the folders above must let it pass. */
export async function handOver(folder: string, account: Account): Promise<void> {
  if (account.uid === undefined) return;
  await chown(folder, account.uid, account.gid);
  if (await isReachable(folder, account)) return;
  throw new EngineError(
    'sample_database_failed',
    `PostgreSQL refuses to run as root, and the account it runs under cannot reach ${folder}.`,
    { remedy: 'Start Poolscope as another user, or choose a data folder that other accounts can reach.' },
  );
}

/**
 * The programs at a place the account can reach: where they are, or a copy (60 MB) when they lie
 * under a closed folder such as /root. `dispose` deletes the copy.
 */
export async function reachableBinaries(
  binaries: ServerBinaries,
  account: Account,
): Promise<{ binaries: ServerBinaries; dispose: () => Promise<void> }> {
  if (await isReachable(binaries.postgres, account)) return { binaries, dispose: async () => {} };
  const copy = await mkdtemp(path.join(tmpdir(), 'poolscope-postgres-'));
  const native = path.dirname(path.dirname(binaries.postgres));
  await cp(native, copy, { recursive: true, verbatimSymlinks: true });
  await chmod(copy, 0o755);
  const moved = (file: string) => path.join(copy, path.relative(native, file));
  return {
    binaries: {
      initdb: moved(binaries.initdb),
      pgCtl: moved(binaries.pgCtl),
      postgres: moved(binaries.postgres),
    },
    dispose: () => rm(copy, { recursive: true, force: true }),
  };
}
