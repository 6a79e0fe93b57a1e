import { describe, expect, it } from 'vitest';
import { fromPageUrl, isStandInUrl, registerScheme, toPageUrl } from '../e2e/electron-stand-in/addresses.ts';
import { createCloneCodec } from '../e2e/electron-stand-in/clone-codec.ts';

describe("the stand-in's structured clone", () => {
  const { encode, decode } = createCloneCodec();

  it('carries what structured clone carries, exactly', () => {
    const value = {
      text: '👩‍👩‍👧 \u2028 "\\',
      nothing: undefined,
      none: null,
      numbers: [0, -1.5, Number.NaN, Number.POSITIVE_INFINITY, 9_007_199_254_740_993n],
      list: [undefined, ['object', 'undefined'], []],
      when: new Date(1_790_000_000_123),
      map: new Map([[{ a: 1 }, new Set([1, 'x'])]]),
    };
    expect(decode(encode(value))).toStrictEqual(value);
  });

  it.each([
    ['a function', () => {}],
    ['a function deep inside', { a: [{ b() {} }] }],
    ['a symbol', Symbol('x')],
    ['a promise', Promise.resolve()],
  ])('refuses %s, as Electron does', (_what, value) => {
    expect(() => encode(value)).toThrow('An object could not be cloned.');
  });

  it('leaves a class behind and carries its data', () => {
    class Point {
      x = 1;
      get double(): number {
        return this.x * 2;
      }
    }
    const copy = decode(encode(new Point()));
    expect(copy).toStrictEqual({ x: 1 });
  });
});

describe("the stand-in's addresses", () => {
  registerScheme('app');

  it.each([
    ['app://poolscope/', 'https://poolscope.app.invalid/'],
    ['app://poolscope/assets/a.js?v=1#x', 'https://poolscope.app.invalid/assets/a.js?v=1#x'],
  ])('%s stands as %s in the page, and back', (inMain, inPage) => {
    expect(toPageUrl(inMain)).toBe(inPage);
    expect(isStandInUrl(inPage)).toBe(true);
    expect(fromPageUrl(inPage)).toBe(inMain);
  });

  it('gives the origin back without a slash', () => {
    expect(fromPageUrl('https://poolscope.app.invalid')).toBe('app://poolscope');
  });

  it.each([
    'https://example.com/',
    'https://poolscope.other.invalid/',
    'about:blank',
    'https://app.invalid/',
  ])('leaves %s alone', (address) => {
    expect(isStandInUrl(address)).toBe(false);
    expect(fromPageUrl(address)).toBe(address);
    expect(toPageUrl(address)).toBe(address);
  });
});
