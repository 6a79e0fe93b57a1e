import type { Page } from '@playwright/test';
import type { Program } from '../program.ts';

/** What a shell is started with. */
export interface LaunchOptions {
  dataFolder: string;
  /** Where files go that the user saves. */
  saveFolder: string;
  /** Holds the one file that the user picks when asked to open one. */
  openFolder: string;
  sample: boolean;
  environment: Record<string, string>;
}

/** A running Poolscope with its page, whatever shows it. */
export interface RunningShell {
  page: Page;
  program: Program;
  /** Ends it as a user would; does not wait for the end. */
  quit(): Promise<void>;
  /** Frees what the test itself holds, after the end. */
  release(): Promise<void>;
}

/** How to start one kind of shell. */
export interface ShellDriver {
  start(options: LaunchOptions): Promise<RunningShell>;
  /** Starts a further process on the same data folder and waits for it to end by itself. */
  startAgain(options: LaunchOptions): Promise<{ exitCode: number | null; output: string }>;
}

/** How long a second instance may take to find that it is one. */
export const secondInstanceMs = 10_000;

export const shellArguments = ({ dataFolder, sample }: LaunchOptions): string[] => [
  '--data',
  dataFolder,
  ...(sample ? ['--sample'] : []),
];
