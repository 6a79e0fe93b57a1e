import { describe, expect, it } from 'vitest';
import { Program } from '../e2e/program.ts';

/** What end-to-end tests rely on to notice that Poolscope did not end as promised. */
describe('a program under end-to-end test', () => {
  const run = (script: string) =>
    Program.spawn({ command: process.execPath, args: ['-e', script], environment: {} });

  it('passes when it exits 0 and leaves nothing', async () => {
    const program = run("console.log('ready at X')");
    expect(await program.waitForLine(/^ready at (\S+)$/m)).toBe('X');
    await program.expectCleanExit();
  });

  it('fails when it exits with another code', async () => {
    await expect(run('process.exit(3)').expectCleanExit()).rejects.toThrow('it exited with 3');
  });

  it('fails when it dies of a signal', async () => {
    const program = run("process.kill(process.pid, 'SIGKILL')");
    await expect(program.expectCleanExit()).rejects.toThrow('did not end cleanly');
  });

  it('fails when it ends before it is ready, with what it said', async () => {
    const program = run("console.error('no disk')");
    await expect(program.waitForLine(/^ready at (\S+)$/m)).rejects.toThrow('no disk');
  });

  // Windows has no way to tell; e2e/survivors.ts says so.
  it.runIf(process.platform !== 'win32')('fails when it leaves a child behind', async () => {
    const program = run(`
      const child = require('node:child_process').spawn(process.execPath, ['-e', 'setTimeout(() => {}, 20000)'],
        { detached: true, stdio: 'ignore' });
      child.unref();
      console.log('child ' + child.pid);
    `);
    const child = Number(await program.waitForLine(/^child (\d+)$/m));
    try {
      await expect(program.expectCleanExit()).rejects.toThrow(`it left processes behind: ${child}`);
    } finally {
      process.kill(child, 'SIGKILL');
    }
  });
});
