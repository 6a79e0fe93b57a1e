import path from 'node:path';
import { chromium, type Page } from '@playwright/test';
import { built, root } from '../environment.ts';
import { Program } from '../program.ts';
import { type LaunchOptions, type ShellDriver, secondInstanceMs, shellArguments } from './shell.ts';

const register = path.join(root, 'e2e', 'electron-stand-in', 'register.ts');

function spawnEntry(options: LaunchOptions): Program {
  return Program.spawn({
    command: process.execPath,
    args: ['--import', register, built('main/electron.js'), ...shellArguments(options)],
    environment: {
      STAND_IN_SAVE_FOLDER: options.saveFolder,
      STAND_IN_OPEN_FOLDER: options.openFolder,
      ...options.environment,
    },
  });
}

/** The built Electron entry in Node, against the stand-in for the `electron` module. */
export const standInDriver: ShellDriver = {
  async start(options) {
    const program = spawnEntry(options);
    const devTools = await program.waitForLine(/^Electron stand-in: DevTools at (\S+)$/m);
    const browser = await chromium.connectOverCDP(devTools, { noDefaults: true });
    const [context] = browser.contexts();
    if (context === undefined) throw new Error('The stand-in has no browser context.');
    const page: Page = context.pages()[0] ?? (await context.waitForEvent('page'));
    await page.waitForURL(/^https:\/\/poolscope\.app\.invalid\//);
    return {
      page,
      program,
      async quit() {
        // Letting go first keeps the trace; then the window is closed from outside, as a user does.
        await browser.close();
        const targets = (await (await fetch(`${devTools}/json/list`)).json()) as {
          id: string;
          type: string;
        }[];
        for (const { id, type } of targets) if (type === 'page') await fetch(`${devTools}/json/close/${id}`);
      },
      async release() {},
    };
  },
  async startAgain(options) {
    const program = spawnEntry(options);
    return { exitCode: await program.waitForExit(secondInstanceMs), output: program.output };
  },
};
