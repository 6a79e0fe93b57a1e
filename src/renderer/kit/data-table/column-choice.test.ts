import { describe, expect, it } from 'vitest';
import { choiceOf } from './column-choice.ts';

const columns = [{ key: 'pid' }, { key: 'user' }, { key: 'port', startsHidden: true }];

describe('the choice of columns', () => {
  it('starts with what the table shows by itself', () => {
    expect(choiceOf(columns, null)).toEqual({ pid: true, user: true, port: false });
  });

  it('remembers what was chosen, and leaves columns that are new as they start', () => {
    expect(choiceOf(columns, '{"user":false,"old":true}')).toMatchObject({
      pid: true,
      user: false,
      port: false,
    });
  });

  it('starts afresh where what was stored cannot be read', () => {
    expect(choiceOf(columns, '{"user":')).toEqual({ pid: true, user: true, port: false });
    expect(choiceOf(columns, '{"user":"no"}')).toEqual({ pid: true, user: true, port: false });
  });
});
