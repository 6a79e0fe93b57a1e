import { describe, expect, it } from 'vitest';
import { checkedPush, type PushValues } from './push-values.ts';

const url = 'https://collector.example.com/v1/metrics';
const typed = (over: Partial<PushValues> = {}): PushValues => ({
  ...{ enabled: true, url, seconds: '60', headers: '', forgetHeaders: false },
  ...over,
});

describe('the boxes of the push', () => {
  it('are saved as milliseconds and a trimmed address, and keep the stored headers when left empty', () => {
    expect(checkedPush(typed({ url: ` ${url} `, seconds: '1,200' }))).toEqual({
      ok: true,
      input: { settings: { enabled: true, url, intervalMs: 1_200_000 }, headers: { kind: 'keep' } },
    });
  });

  it('replace the stored headers by typed ones, which win over clearing', () => {
    const headersOf = (over: Partial<PushValues>) => {
      const checked = checkedPush(typed(over));
      return checked.ok ? checked.input.headers : null;
    };
    expect(headersOf({ headers: 'X-Key: 1' })).toEqual({ kind: 'set', value: 'X-Key: 1' });
    expect(headersOf({ headers: 'X-Key: 1', forgetHeaders: true })).toEqual({
      kind: 'set',
      value: 'X-Key: 1',
    });
    expect(headersOf({ forgetHeaders: true })).toEqual({ kind: 'clear' });
  });

  it('say what is wrong with each box at once', () => {
    expect(checkedPush(typed({ url: 'http://example.com', seconds: 'often' }))).toEqual({
      ok: false,
      problems: {
        url: 'Enter an https address. Plain http is for collectors on this machine (localhost) only.',
        seconds: 'Enter a whole number of seconds from 5 to 3,600.',
      },
    });
  });

  it('may stay without an address while it is off', () => {
    expect(checkedPush(typed({ enabled: false, url: '' })).ok).toBe(true);
    expect(checkedPush(typed({ url: '' }))).toEqual({
      ok: false,
      problems: { url: 'Enter the address of the collector.' },
    });
  });
});
