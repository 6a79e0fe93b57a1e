import { describe, expect, it } from 'vitest';
import { bundledSubject } from './bundled-subject.ts';

const bundle = {
  ...{ bundleId: 'b1', fileName: 'orders.poolscope', writtenBy: '0.2.0', writtenAtMs: 0 },
  ...{ fromMs: 0, toMs: 1000, profiles: [], samples: 0, events: 0 },
};
const profile = (settings: Record<string, string>) => ({
  profileId: 'p',
  name: 'Orders',
  samples: 1,
  settings,
});

describe('a connection of a bundle', () => {
  it('points where it pointed when the bundle was written', () => {
    const settings = { user: 'app', host: 'db', port: '5432', database: 'orders' };
    expect(bundledSubject(bundle, profile(settings))).toEqual({
      ...{ profileId: 'p', bundleId: 'b1', name: 'Orders', target: 'app@db:5432/orders' },
    });
  });

  it('is said to be from the file where the settings do not say', () => {
    expect(bundledSubject(bundle, profile({ host: 'db' })).target).toBe('orders.poolscope');
  });
});
