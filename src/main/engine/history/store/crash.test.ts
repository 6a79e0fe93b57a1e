import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { openStore } from '../../../../../tests/support/history-store.ts';

const startMs = Math.floor(1_790_000_000_000 / 3_600_000) * 3_600_000;
const program = fileURLToPath(
  new URL('../../../../../tests/support/record-until-killed.ts', import.meta.url),
);
const rounds = 6;

/** Records from a second on, is killed after a while, and answers with the last second it said was on disk. */
async function recordAndKill(file: string, first: number, afterMs: number): Promise<number> {
  const child = spawn(process.execPath, [program, file, String(startMs), String(first)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let last = first - 1;
  const lines = createInterface(child.stdout);
  lines.on('line', (line) => {
    last = Number(line);
  });
  await once(lines, 'line');
  await sleep(afterMs);
  child.kill('SIGKILL');
  await once(child, 'close');
  return last;
}

describe('killed at any moment, again and again', () => {
  it('the history loses nothing it had, and the file stays sound', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'poolscope-crash-'));
    const file = path.join(folder, 'history.db');
    try {
      let next = 0;
      for (let round = 0; round < rounds; round += 1) {
        const last = await recordAndKill(file, next, 100 + Math.random() * 1500);
        expect(last).toBeGreaterThanOrEqual(next);
        const { store, notices } = openStore(file);
        for (const profileId of ['a', 'b', 'c']) {
          const { buckets } = await store.range({
            profileId,
            fromMs: startMs,
            toMs: startMs + 4_000_000_000,
            bucketMs: 3_600_000,
          });
          const seconds = buckets.reduce((sum, { coveredMs }) => sum + coveredMs / 1000, 0);
          const acquired = buckets.reduce((sum, bucket) => sum + bucket.acquired, 0);
          // One more may have reached the disk than was said; none is missing, none is there twice.
          expect([last + 1, last + 2]).toContain(seconds);
          expect(acquired).toBe((seconds * (seconds - 1)) / 2);
          expect(buckets.at(-1)?.lastAtMs).toBe(startMs + (seconds - 1) * 1000 + 500);
          next = seconds;
        }
        expect(notices).toEqual([]);
        await store.close();
        const db = new Database(file);
        expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
        db.close();
      }
      // Enough for windows to be sealed while it was killed.
      expect(next).toBeGreaterThan(600);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }, 120_000);
});
