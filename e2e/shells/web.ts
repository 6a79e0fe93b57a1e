import type { Browser } from '@playwright/test';
import { built } from '../environment.ts';
import { Program } from '../program.ts';
import { type LaunchOptions, type ShellDriver, secondInstanceMs, shellArguments } from './shell.ts';

function spawnServe(options: LaunchOptions): Program {
  const args = [built('main/serve.js'), '--port', '0', '--no-open', ...shellArguments(options)];
  return Program.spawn({ command: process.execPath, args, environment: options.environment });
}

/** The web shell, shown by a Chromium that the tests start. */
export const webDriver = (openBrowser: () => Promise<Browser>): ShellDriver => ({
  async start(options) {
    const program = spawnServe(options);
    const url = await program.waitForLine(/^Poolscope is ready at (\S+)$/m);
    const context = await (await openBrowser()).newContext();
    const page = await context.newPage();
    await page.goto(url);
    return {
      page,
      program,
      async quit() {
        // The page is still open: the server must end its sockets itself.
        program.process.kill('SIGTERM');
      },
      release: () => context.close(),
    };
  },
  async startAgain(options) {
    const program = spawnServe(options);
    return { exitCode: await program.waitForExit(secondInstanceMs), output: program.output };
  },
});
