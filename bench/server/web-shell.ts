import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';

const root = path.join(import.meta.dirname, '../..');

/** Builds the app where it is not built. */
export function ensureBuilt(): void {
  execFileSync(process.execPath, [path.join(root, 'scripts/ensure-built.mjs')], { stdio: ['ignore', 2, 2] });
}

/** The built web shell, running. */
export interface Serve {
  child: ChildProcess;
  url: string;
  readyMs: number;
}

/** Starts it on a data folder, on a free port. */
export async function serve(dataFolder: string): Promise<Serve> {
  const startedMs = performance.now();
  const flags = ['--port', '0', '--no-open', '--data', dataFolder];
  const child = spawn(process.execPath, [path.join(root, 'out/main/serve.js'), ...flags], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const line of createInterface({ input: child.stdout })) {
    const url = /^Poolscope is ready at (\S+)$/.exec(line)?.[1];
    if (url !== undefined) return { child, url, readyMs: performance.now() - startedMs };
  }
  throw new Error('The web shell ended before it was ready.');
}

export async function stop({ child }: Serve): Promise<void> {
  const exit = once(child, 'exit');
  child.kill('SIGTERM');
  await exit;
}

/** Work with a folder of its own, deleted afterwards. */
export async function withFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(path.join(tmpdir(), 'poolscope-bench-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
