import { expect, it } from 'vitest';
import { leadsToConsole } from './leads-to-console.ts';

it.each([
  ['pgbouncer', null, true],
  ['orders', null, false],
  ['pgbouncer', 'database', false],
  ['orders', 'console', true],
] as const)(
  'a connection to "%s" that was found to be %s is one to a console: %s',
  (database, target, leads) => {
    expect(leadsToConsole({ database }, { target })).toBe(leads);
  },
);
