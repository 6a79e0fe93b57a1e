import { describe, expect, it } from 'vitest';
import { checkValues, effectOf, valuesOfSettings } from './live-values.ts';

const running = {
  min: 2,
  max: 10,
  overflow: 0,
  waitTimeoutMs: 30_000,
  idleTimeoutMs: 300_000,
  maxLifetimeMs: 0,
};

describe('changing a running pool', () => {
  it('asks for nothing while the boxes stand as the pool runs', () => {
    expect(checkValues(valuesOfSettings(running), running)).toEqual({
      ok: true,
      settings: running,
      changed: [],
    });
  });

  it('takes numbers as people group them, and names what differs', () => {
    const values = { ...valuesOfSettings(running), max: '20', waitTimeoutMs: '5,000' };
    const checked = checkValues(values, running);
    expect(checked).toMatchObject({ ok: true, changed: ['max', 'waitTimeoutMs'] });
  });

  it.each([
    ['max', '1', 'Maximum size must be at least the minimum size.'],
    ['max', '', 'Maximum size must be a whole number from 1 to 1,000.'],
    ['overflow', '-1', expect.stringContaining('Overflow')],
    ['waitTimeoutMs', '5', 'Wait timeout (ms) must be a whole number from 100 to 600,000.'],
  ] as const)('says what is wrong with %s "%s" beside its box', (key, typed, sentence) => {
    const checked = checkValues({ ...valuesOfSettings(running), [key]: typed }, running);
    expect(checked).toEqual({ ok: false, errors: { [key]: sentence } });
  });

  it('says before it is applied what it does to connections', () => {
    expect(effectOf(running, { ...running, max: 20 })).toMatch(/served at once/);
    expect(effectOf(running, { ...running, max: 5 })).toMatch(/closed now, those in use when they come back/);
    expect(effectOf(running, { ...running, max: 5, overflow: 5 })).toMatch(/closed now/);
    expect(effectOf(running, { ...running, min: 4 })).toMatch(/opened now/);
    expect(effectOf(running, { ...running, waitTimeoutMs: 100 })).toBeNull();
  });
});
