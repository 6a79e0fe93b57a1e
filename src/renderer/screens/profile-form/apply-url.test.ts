import { describe, expect, it } from 'vitest';
import { parseConnectionUrl } from '#shared/model/connection-url.ts';
import { applyUrl, understoodLine } from './apply-url.ts';
import { type FormValues, newConnectionValues } from './form-values.ts';

function understood(url: string) {
  const parsed = parseConnectionUrl(url);
  if (!parsed.ok) throw new Error(`The test's own address is malformed: ${url}`);
  return parsed;
}

const apply = (url: string, changes: Partial<FormValues> = {}) =>
  applyUrl({ ...newConnectionValues(), ...changes }, understood(url));

describe('a pasted address', () => {
  it('fills its parts in, the password too, and suggests a name', () => {
    expect(apply('postgres://ann:s%20p@db.example:6543/orders?sslmode=require')).toEqual({
      ...newConnectionValues(),
      name: 'orders on db.example',
      host: 'db.example',
      port: '6543',
      database: 'orders',
      user: 'ann',
      password: 's p',
      tlsMode: 'require',
    });
  });

  it('leaves what it does not name, and a name already given', () => {
    const typed = { name: 'mine', user: 'bob', password: 'kept', tlsMode: 'disable', max: '7' } as const;
    const values = apply('postgres://db.example/orders', typed);
    expect(values).toMatchObject(typed);
  });

  it('means the default port when it names none', () => {
    expect(apply('postgres://db.example/orders', { port: '6432' }).port).toBe('5432');
  });

  it('is summed up without the password itself', () => {
    const line = understoodLine(
      understood('postgres://ann:secret@db/orders?sslmode=allow&target_session_attrs=any'),
    );
    expect(line).toBe(
      'Filled in from the URL: host, database, user, TLS, password. ' +
        'sslmode=allow became "prefer", the nearest Poolscope has. Not used by Poolscope: target_session_attrs.',
    );
  });
});
