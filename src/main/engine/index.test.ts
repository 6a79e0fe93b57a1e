import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { systemClock } from './base/clock.ts';
import { silentLogger } from './base/log.ts';
import { createEngine } from './index.ts';
import { createSessionVault } from './profiles/index.ts';

describe('closing the engine', () => {
  it('meets its deadline though the sample server does not stop, while its workload runs', async () => {
    const dataFolder = await mkdtemp(path.join(tmpdir(), 'poolscope-engine-'));
    await chmod(dataFolder, 0o711);
    const engine = await createEngine({
      shell: 'web',
      version: '0',
      dataFolder,
      vault: createSessionVault(),
      saveFile: async () => ({ kind: 'cancelled' }),
      log: silentLogger(),
      clock: systemClock,
    });
    await engine.startSampleDatabase();
    const file = path.join(dataFolder, 'sample-database', 'cluster', 'postmaster.pid');
    const postmaster = Number((await readFile(file, 'utf8')).split('\n')[0]);
    process.kill(postmaster, 'SIGSTOP');
    try {
      const closed = engine.close().then(() => 'closed');
      // The shell gives it 4.5 s before it ends the process all the same.
      expect(await Promise.race([closed, sleep(4500, 'late', { ref: false })])).toBe('closed');
    } finally {
      process.kill(postmaster, 'SIGCONT');
      await vi.waitFor(() => expect(() => process.kill(postmaster, 0)).toThrow(), 10_000);
      await rm(dataFolder, { recursive: true, force: true });
    }
  });
});
