import { describe, expect, it } from 'vitest';
import { changedBoxes } from './apply-settings.ts';
import { newConnectionValues } from './form-values.ts';

describe('settings that are put into the form', () => {
  const values = { ...newConnectionValues(), password: 'typed' };

  it('change only the boxes that say something else', () => {
    expect(changedBoxes(values, { max: 10, min: 3, parameters: [] })).toEqual({ min: '3' });
  });

  it('do not take a typed password along to another host or user', () => {
    expect(changedBoxes(values, { host: 'elsewhere' })).toEqual({ host: 'elsewhere', password: '' });
    expect(changedBoxes(values, { moreHosts: [{ host: 'h2', port: 1 }] })).toMatchObject({ password: '' });
    expect(changedBoxes(values, { user: 'postgres', database: 'x' })).toEqual({ database: 'x' });
  });
});
