import { describe, expect, it } from 'vitest';
import { parseConnectionUrl } from '#shared/model/connection-url.ts';
import { applyUrl, understoodLine } from './apply-url.ts';
import { type FormValues, newConnectionValues } from './form-values.ts';

function understood(url: string) {
  const parsed = parseConnectionUrl(url);
  if (!parsed.ok) throw new Error(`The test's own address is malformed: ${url}`);
  return parsed;
}

const empty = newConnectionValues();
const apply = (url: string, changes: Partial<FormValues> = {}) =>
  applyUrl({ ...empty, ...changes }, understood(url), empty);
/** Applies one address after the other, with an edit by hand between. */
const applyBoth = (first: string, second: string, edit: Partial<FormValues> = {}) =>
  applyUrl({ ...apply(first), ...edit }, understood(second), empty);

describe('a pasted address', () => {
  it('fills its parts in, the password too, and suggests a name', () => {
    expect(apply('postgres://ann:s%20p@db.example:6543/orders?sslmode=require')).toMatchObject({
      ...empty,
      filledByUrl: expect.anything(),
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
    const typed = { name: 'mine', user: 'bob', tlsMode: 'disable', max: '7' } as const;
    const values = apply('postgres://db.example/orders', typed);
    expect(values).toMatchObject(typed);
  });

  it('means the default port when it names none', () => {
    expect(apply('postgres://db.example/orders', { port: '6432' }).port).toBe('5432');
  });

  it('takes nothing along from the address before', () => {
    const first =
      'postgres://ann:secret@one.example:6543/orders?sslmode=disable&application_name=a&connect_timeout=3';
    const values = applyBoth(first, 'postgres://two.example');
    expect(values).toEqual(apply('postgres://two.example'));
    expect(values).toMatchObject({ user: 'postgres', password: '', tlsMode: 'prefer', database: 'postgres' });
    expect(values.name).toBe('postgres on two.example');
    expect(applyUrl(values, understood(first), empty)).toEqual(apply(first));
  });

  it('keeps what was edited since the address before', () => {
    const edit = { name: 'mine', user: 'bob', tlsMode: 'verify-full' } as const;
    expect(
      applyBoth('postgres://ann:secret@one/orders?sslmode=disable', 'postgres://two', edit),
    ).toMatchObject({ ...edit, host: 'two', password: '' });
  });

  it('clears a password for another host, port or user, typed or not', () => {
    const typed = { host: 'one', port: '5432', user: 'ann', password: 'typed' };
    expect(apply('postgres://two', typed).password).toBe('');
    expect(apply('postgres://one:6543', typed).password).toBe('');
    expect(apply('postgres://bob@one', typed).password).toBe('');
    expect(applyBoth('postgres://ann:secret@one', 'postgres://two', { password: 'typed' }).password).toBe('');
  });

  it('keeps a typed password for the same login, and prefers its own', () => {
    const typed = { host: 'one', user: 'ann', password: 'typed' };
    expect(apply('postgres://ann@one/other', typed).password).toBe('typed');
    expect(apply('postgres://ann:own@two', typed).password).toBe('own');
    expect(applyBoth('postgres://ann:secret@one', 'postgres://ann@one').password).toBe('');
  });

  it('goes back to the settings of the profile that is edited, not to the defaults', () => {
    const saved = { ...empty, name: 'Orders', user: 'ann', tlsMode: 'require' as const };
    const first = applyUrl(saved, understood('postgres://bob:secret@one?sslmode=disable'), saved);
    const second = applyUrl(first, understood('postgres://two'), saved);
    expect(second).toMatchObject({
      name: 'Orders',
      user: 'ann',
      tlsMode: 'require',
      host: 'two',
      password: '',
    });
  });

  it('says that it cleared a password', () => {
    expect(understoodLine(understood('postgres://two'), true)).toBe(
      'Filled in from the URL: host. The password that stood here was cleared: it was for another address.',
    );
  });

  it('is summed up without the password itself', () => {
    const line = understoodLine(understood('postgres://ann:secret@db/orders?sslmode=allow&krbsrvname=x'));
    expect(line).toBe(
      'Filled in from the URL: host, database, user, TLS, password. ' +
        'sslmode=allow became "prefer", the nearest Poolscope has. Not used by Poolscope: krbsrvname.',
    );
  });
});
