import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

/** A browser's helpers take a moment to notice that it has gone. */
const graceMs = 2000;

/** Processes that still carry the mark in their environment, as "pid command"; children inherit it. */
export async function findSurvivors(mark: string): Promise<string[]> {
  const deadline = performance.now() + graceMs;
  for (;;) {
    const found = await markedProcesses(mark);
    if (found.length === 0 || performance.now() > deadline) return found;
    await sleep(50);
  }
}

async function markedProcesses(mark: string): Promise<string[]> {
  if (process.platform === 'linux') return markedInProc(mark);
  // macOS prints the environment after the command ("e"); Windows has nothing of the kind.
  if (process.platform === 'win32') return [];
  const { stdout } = await promisify(execFile)('ps', ['-A', '-E', '-ww', '-o', 'pid=,command='], {
    maxBuffer: 64 * 1024 * 1024,
  });
  return stdout
    .split('\n')
    .filter((line) => line.includes(mark))
    .map((line) => line.trim().slice(0, 200));
}

async function markedInProc(mark: string): Promise<string[]> {
  const found: string[] = [];
  for (const entry of await readdir('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    try {
      if (!(await readFile(`/proc/${entry}/environ`, 'latin1')).includes(mark)) continue;
      const command = (await readFile(`/proc/${entry}/cmdline`, 'latin1')).replaceAll('\0', ' ').trim();
      // Empty for a process that has ended and waits for its parent to notice.
      if (command !== '') found.push(`${entry} ${command.slice(0, 200)}`);
    } catch {
      // It ended while we looked, or belongs to someone else.
    }
  }
  return found;
}
