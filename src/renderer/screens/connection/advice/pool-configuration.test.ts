import { expect, it } from 'vitest';
import { profileDefaults } from '#shared/model/profile.ts';
import { poolConfiguration } from './pool-configuration.ts';

it('is code that builds the recommended pool, whatever the names hold, and no password', () => {
  const profile = { ...profileDefaults, database: "o'brien\\", applicationName: 'shop' };
  const code = poolConfiguration(profile, { min: 2, max: 7 });
  expect(code).toContain('min: 2,\n  max: 7,');
  expect(code).toContain("database: 'o\\'brien\\\\',");
  expect(code).not.toContain('password');
  // It runs: the object it hands to the pool is what was asked for.
  class Pool {
    readonly options: unknown;
    constructor(options: unknown) {
      this.options = options;
    }
  }
  const body = code.replace(/^import .*$/m, '').replace('const pool =', 'return');
  const { options } = new Function('Pool', body)(Pool) as Pool;
  expect(options).toMatchObject({ max: 7, database: "o'brien\\", connectionTimeoutMillis: 30_000 });
});
