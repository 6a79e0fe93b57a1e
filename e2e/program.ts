import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { root, timezoneId } from './environment.ts';
import { findSurvivors } from './survivors.ts';

/** What the user was promised: everything ends within this. */
const exitDeadlineMs = 5000;
const startDeadlineMs = 20_000;

export interface ProgramOptions {
  command: string;
  args: string[];
  environment: Record<string, string>;
}

/** One run of Poolscope as a process of its own, with what it prints and what it leaves behind. */
export class Program {
  readonly process: ChildProcess;
  readonly #mark: string;
  #output = '';

  /** @param mark stands in the environment of the process and so of every child of it */
  constructor(process: ChildProcess, mark: string) {
    this.process = process;
    this.#mark = mark;
    for (const stream of [process.stdout, process.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.#output += text;
      });
    }
  }

  static spawn({ command, args, environment }: ProgramOptions): Program {
    const { env, mark } = markedEnvironment(environment);
    return new Program(spawn(command, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] }), mark);
  }

  /** Everything printed so far, both streams. */
  get output(): string {
    return this.#output;
  }

  get hasEnded(): boolean {
    return this.process.exitCode !== null || this.process.signalCode !== null;
  }

  /** The first group of a line it prints. @throws Error with all it printed, when it ends or stays silent. */
  async waitForLine(pattern: RegExp): Promise<string> {
    const deadline = performance.now() + startDeadlineMs;
    for (;;) {
      const found = pattern.exec(this.#output)?.[1];
      if (found !== undefined) return found;
      if (this.hasEnded) throw new Error(`Poolscope ended before it was ready:\n${this.#output}`);
      if (performance.now() > deadline) throw new Error(`Poolscope did not become ready:\n${this.#output}`);
      await sleep(20);
    }
  }

  /** Waits for the end without asking for it. Null when it did not come in time; then it is killed. */
  async waitForExit(deadlineMs: number): Promise<number | null> {
    const ended = this.hasEnded ? Promise.resolve() : once(this.process, 'exit');
    const timer = new AbortController();
    await Promise.race([ended, sleep(deadlineMs, undefined, { signal: timer.signal }).catch(() => {})]);
    timer.abort();
    if (this.hasEnded) return this.process.exitCode;
    this.process.kill('SIGKILL');
    await once(this.process, 'exit');
    return null;
  }

  /** Every promise about the end: in time, exit code 0, no process left. @throws Error saying which was broken */
  async expectCleanExit(): Promise<void> {
    const exitCode = await this.waitForExit(exitDeadlineMs);
    const survivors = await findSurvivors(this.#mark);
    const broken: string[] = [];
    if (exitCode === null) broken.push(`it had not ended after ${exitDeadlineMs} ms`);
    else if (exitCode !== 0) broken.push(`it exited with ${exitCode}`);
    if (survivors.length > 0) broken.push(`it left processes behind: ${survivors.join('; ')}`);
    if (broken.length > 0)
      throw new Error(`Poolscope did not end cleanly: ${broken.join(', ')}.\n${this.#output}`);
  }
}

/**
 * The machine's environment, less what would steer Poolscope or PostgreSQL, plus what a test decides
 * and a mark by which every process of this run can be found.
 */
export function markedEnvironment(extra: Record<string, string>): {
  env: Record<string, string>;
  mark: string;
} {
  const mark = `poolscope-e2e-${randomUUID()}`;
  const env: Record<string, string> = {};
  for (const [name, value] of Object.entries(process.env)) {
    if (value !== undefined && !/^(PG|POOLSCOPE_|STAND_IN_|NODE_OPTIONS$)/.test(name)) env[name] = value;
  }
  return { env: { ...env, TZ: timezoneId, ...extra, POOLSCOPE_E2E_RUN: mark }, mark };
}
