import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.test.{ts,tsx}', 'tests/**/*.test.ts'],
    globalSetup: ['tests/support/cluster-templates.ts'],
    setupFiles: ['tests/support/leak-check.ts', 'tests/support/patience.ts'],
    pool: 'forks',
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // Two cores: most tests wait for a server or a time limit, so a third worker finds something to do.
    maxWorkers: 3,
  },
});
