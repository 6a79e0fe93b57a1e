import { describe, expect, it } from 'vitest';
import { EngineError } from './errors.ts';
import { createLogger } from './log.ts';

function logged(entry: object): Record<string, unknown> {
  const lines: string[] = [];
  createLogger({ write: (text) => void lines.push(text) }).error(entry, 'went wrong');
  const line = lines.join('');
  expect(line).not.toContain('hunter2');
  return JSON.parse(line);
}

describe('what is logged', () => {
  it('holds no secret, however deep it stands and whatever its key is called beside', () => {
    const deep = { a: { b: { c: { d: { e: { f: { password: 'hunter2', port: 5432 } } } } } } };
    expect(logged({ deep })).toMatchObject({
      msg: 'went wrong',
      deep: { a: { b: { c: { d: { e: { f: { password: '[hidden]', port: 5432 } } } } } } },
    });
    logged({ env: { PGPASSWORD: 'hunter2', POOLSCOPE_VAULT_PASSPHRASE: 'hunter2' }, url: 'http://hunter2' });
    logged({ list: [{ accessToken: 'hunter2' }, { secret: ['hunter2'] }] });
  });

  it('holds no secret of an error, its causes and what hangs on it, and keeps what tells of it', () => {
    const cause = Object.assign(new Error('refused'), { client: { config: { x: { password: 'hunter2' } } } });
    const error = new EngineError('auth_failed', 'No entry.', {}, { cause });
    expect(logged({ err: error }).err).toMatchObject({
      type: 'EngineError',
      message: 'No entry.',
      code: 'auth_failed',
      stack: expect.stringContaining('log.test.ts'),
      cause: { message: 'refused', client: { config: { x: { password: '[hidden]' } } } },
    });
    const several = new AggregateError([cause, new Error('unreachable')], '');
    expect(logged({ err: several }).err).toMatchObject({
      errors: [{ message: 'refused' }, { message: 'unreachable' }],
    });
  });

  it('survives cycles, getters that throw and structures without an end', () => {
    const cycle: Record<string, unknown> = { name: 'cycle' };
    cycle.self = { cycle };
    const trap = Object.defineProperty({}, 'x', {
      enumerable: true,
      get: () => {
        throw new Error('no');
      },
    });
    let chain: object = { password: 'hunter2' };
    for (let length = 0; length < 5000; length += 1) chain = { chain };
    const wide = Array.from({ length: 100_000 }, () => ({ password: 'hunter2' }));
    const entry = logged({ cycle, trap, last: 'kept' });
    expect(entry).toMatchObject({ cycle: { name: 'cycle' }, trap: '[unreadable]', last: 'kept' });
    logged({ chain });
    expect(JSON.stringify(logged({ wide })).length).toBeLessThan(50_000);
  });
});
