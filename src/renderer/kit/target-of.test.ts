import { describe, expect, it } from 'vitest';
import { targetOf } from './target-of.ts';

describe('the target in one line', () => {
  it('reads as an address, with IPv6 in brackets', () => {
    const target = { user: 'ann', host: 'db.example', port: 5432, database: 'orders' };
    expect(targetOf(target)).toBe('ann@db.example:5432/orders');
    expect(targetOf({ ...target, host: '::1' })).toBe('ann@[::1]:5432/orders');
  });
});
