import { describe, expect, it } from 'vitest';
import type { QueryRun } from '#shared/model/query.ts';
import { laterOf } from './run-states.ts';

const run = (state: QueryRun['state'], rows = 0, runId = 'r') =>
  ({ state, rows, runId, expired: false }) as QueryRun;

describe('two accounts of one run', () => {
  it('answers and events overtake each other, and the later one stands', () => {
    const done = run('done', 10);
    expect(laterOf(done, run('fetching', 5))).toBe(done);
    expect(laterOf(run('fetching', 5), done)).toBe(done);
    expect(laterOf(run('fetching', 7), run('fetching', 5)).rows).toBe(7);
  });

  it('is of no account for another run, and what expires is later', () => {
    const other = run('waiting', 0, 'other');
    expect(laterOf(run('done', 10), other)).toBe(other);
    const expired = { ...run('done', 0), expired: true };
    expect(laterOf(run('done', 10), expired)).toBe(expired);
  });
});
