import { copyFile, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { expect, type Page } from '@playwright/test';
import type { ShellName } from './environment.ts';
import { PageProblems } from './page-problems.ts';
import type { LaunchOptions, RunningShell, ShellDriver } from './shells/shell.ts';

/** Poolscope as a spec sees it, the same in every shell. */
export class AppUnderTest {
  readonly shell: ShellName;
  /** Of this test alone; survives `restart`. */
  readonly dataFolder: string;
  readonly #driver: ShellDriver;
  readonly #options: LaunchOptions;
  readonly #problems = new PageProblems();
  readonly #earlierLogs: string[] = [];
  #running: RunningShell | null = null;

  constructor(shell: ShellName, driver: ShellDriver, options: LaunchOptions) {
    this.shell = shell;
    this.dataFolder = options.dataFolder;
    this.#driver = driver;
    this.#options = options;
  }

  /** The page of the window; another one after `restart`. */
  get page(): Page {
    if (this.#running === null) throw new Error('Poolscope is not running.');
    return this.#running.page;
  }

  /** What it printed, over all its runs. */
  get logs(): string {
    return [...this.#earlierLogs, this.#running?.program.output ?? ''].join('');
  }

  /** Returns its page. */
  async start(): Promise<Page> {
    this.#running = await this.#driver.start(this.#options);
    const { page } = this.#running;
    await this.#problems.watch(page);
    return page;
  }

  /** Ends it as a user would. @throws Error unless it exits 0 in time and leaves no process; once stopped does nothing */
  async stop(): Promise<void> {
    const running = this.#running;
    if (running === null) return;
    this.#running = null;
    const problems = this.#problems.take();
    try {
      await running.quit();
      await running.program.expectCleanExit();
    } finally {
      await running.release();
      this.#earlierLogs.push(running.program.output);
    }
    expect(problems, 'errors in the console of the page').toEqual([]);
  }

  /** Ends it and starts it on the same data folder. Returns the new page. */
  async restart(): Promise<Page> {
    await this.stop();
    return await this.start();
  }

  /** Ends it without mercy, as a power cut does. */
  async kill(): Promise<void> {
    const running = this.#running;
    if (running === null) return;
    this.#running = null;
    this.#problems.leave();
    running.program.process.kill('SIGKILL');
    await running.program.waitForExit(1000);
    await running.release();
    this.#earlierLogs.push(running.program.output);
  }

  /** Allows an error in the page's console that the test provokes on purpose. */
  expectProblem(pattern: RegExp): void {
    this.#problems.expect(pattern);
  }

  /** Starts another one on the same data folder and waits for it to end by itself. */
  startSecondInstance(): Promise<{ exitCode: number | null; output: string }> {
    return this.#driver.startAgain(this.#options);
  }

  /** Does what makes the app save a file and returns its path, saved by dialog or by download. */
  async saveAs(trigger: () => Promise<void>): Promise<string> {
    const { saveFolder } = this.#options;
    if (this.shell === 'web') {
      const [download] = await Promise.all([this.page.waitForEvent('download'), trigger()]);
      const file = path.join(saveFolder, download.suggestedFilename());
      await download.saveAs(file);
      return file;
    }
    const before = await readdir(saveFolder);
    await trigger();
    // Half-written files have a leading dot.
    const added = async () =>
      (await readdir(saveFolder)).filter((name) => !name.startsWith('.') && !before.includes(name));
    await expect.poll(added, { message: 'a new file where the save dialog points' }).toHaveLength(1);
    const [name = ''] = await added();
    return path.join(saveFolder, name);
  }

  /** Does what makes the app ask for a file, and picks this one: in the dialog, or in the page. */
  async pick(file: string, trigger: () => Promise<void>): Promise<void> {
    if (this.shell === 'web') {
      await trigger();
      await this.page.getByRole('dialog').locator('input[type=file]').setInputFiles(file);
      return;
    }
    const { openFolder } = this.#options;
    for (const name of await readdir(openFolder)) await rm(path.join(openFolder, name));
    await copyFile(file, path.join(openFolder, path.basename(file)));
    await trigger();
  }
}
