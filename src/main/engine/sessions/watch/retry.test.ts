import { describe, expect, it } from 'vitest';
import { EngineError } from '../../base/errors.ts';
import { retryDelayMs } from './retry.ts';

const delaysAfter = (code: 'connection_lost' | 'too_many_connections' | 'auth_failed' | 'not_supported') =>
  [1, 2, 3, 50].map((failures) => retryDelayMs(new EngineError(code, ''), failures, 0.5));

describe('a watcher that was refused', () => {
  it('tries again ever more seldom, up to a minute', () => {
    expect(delaysAfter('connection_lost')).toEqual([1000, 2000, 4000, 60_000]);
  });
  it('leaves a full server alone for longer', () => {
    expect(delaysAfter('too_many_connections')).toEqual([5000, 10_000, 20_000, 60_000]);
  });
  it('does not lock an account with wrong passwords', () => {
    expect(delaysAfter('auth_failed')).toEqual([30_000, 60_000, 120_000, 600_000]);
  });
  it('does not ask again what is no PostgreSQL server', () => {
    expect(delaysAfter('not_supported')).toEqual([null, null, null, null]);
  });
  it('does not knock together with others', () => {
    const error = new EngineError('connection_lost', '');
    expect([retryDelayMs(error, 1, 0), retryDelayMs(error, 1, 1)]).toEqual([800, 1200]);
  });
});
