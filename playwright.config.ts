import { fileURLToPath } from 'node:url';
import { defineConfig } from '@playwright/test';
import { locale, timezoneId } from './e2e/environment.ts';
import type { ProjectOptions } from './e2e/fixtures.ts';

/**
 * Tests of what goes through a shell's own code: start, window, bridge, events, dialogs, files, keychain, end.
 * The stand-in proves that wiring and runs these; screens look and act the same in the web shell, which runs
 * every test, as Electron does.
 */
const throughShell = /@shell/;

// Two hundred programs are started, each of the same code: compiled once, it is read.
process.env.NODE_COMPILE_CACHE ??= fileURLToPath(new URL('node_modules/.cache/compiled', import.meta.url));

/** The same specs in three shells. What the stand-in proves, and what not: e2e/electron-stand-in/README.md. */
export default defineConfig<object, ProjectOptions>({
  testDir: 'e2e',
  testMatch: '**/*.spec.ts',
  globalSetup: './e2e/global-setup.ts',
  outputDir: 'test-results',
  forbidOnly: Boolean(process.env.CI),
  fullyParallel: true,
  // One more try where nobody watches; the list names what passed only then as flaky.
  retries: process.env.CI ? 1 : 0,
  // Two cores, each run with a browser and a database server.
  workers: 2,
  // Patience for a busy machine: nothing here is a measure of speed.
  timeout: 120_000,
  expect: { timeout: 20_000 },
  reporter: [['list']],
  use: {
    locale,
    timezoneId,
    viewport: { width: 1280, height: 820 },
    acceptDownloads: true,
    // Nothing here looks at transitions; drawing them takes a tenth of the time.
    contextOptions: { reducedMotion: 'reduce' },
    // A trace of every test takes a third of its time: where a test is tried again, that try is traced.
    trace: process.env.CI ? 'on-first-retry' : 'retain-on-failure',
  },
  projects: [
    { name: 'web', use: { shell: 'web' } },
    { name: 'electron-stand-in', use: { shell: 'electron-stand-in' }, grep: throughShell },
    { name: 'electron', use: { shell: 'electron' } },
  ],
});
