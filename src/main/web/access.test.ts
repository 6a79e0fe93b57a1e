import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import { Access } from './access.ts';

const request = (headers: IncomingMessage['headers']) => ({ headers }) as IncomingMessage;
const tokenOf = (url: string) => new URL(url).searchParams.get('token') ?? '';

describe('access', () => {
  it('is by a token of 256 random bits, new for each run', () => {
    const tokens = [new Access(80), new Access(80)].map(({ url }) => tokenOf(url));
    for (const token of tokens) expect(Buffer.from(token, 'base64url')).toHaveLength(32);
    expect(new Set(tokens).size).toBe(2);
  });

  it('admits the printed token as often as it comes, and nothing near it', () => {
    const access = new Access(80);
    const token = tokenOf(access.url);
    expect([token, token].map((each) => access.admitsToken(each))).toEqual([true, true]);
    for (const wrong of ['', token.slice(1), `${token}x`, token.toLowerCase()]) {
      expect(access.admitsToken(wrong)).toBe(false);
    }
  });

  it('admits a launch token once, and only within a minute', () => {
    const access = new Access(80);
    const [used, late] = [access.launchUrl(0), access.launchUrl(0)].map(tokenOf) as [string, string];
    expect(access.admitsToken(used, 59_000)).toBe(true);
    expect(access.admitsToken(used, 59_000)).toBe(false);
    expect(access.admitsToken(late, 61_000)).toBe(false);
  });

  it('knows its cookie among others, by name and value', () => {
    const access = new Access(81);
    const [cookie = ''] = access.setCookie.split(';');
    const value = cookie.split('=')[1];
    expect(access.admitsCookie(request({ cookie: `a=b; ${cookie}; c=d` }))).toBe(true);
    for (const wrong of [undefined, '', 'poolscope-81', 'poolscope-81=', `poolscope-82=${value}`]) {
      expect(access.admitsCookie(request(wrong === undefined ? {} : { cookie: wrong }))).toBe(false);
    }
    expect(access.setCookie).toMatch(/; Path=\/; HttpOnly; SameSite=Strict$/);
  });

  it('keeps token and cookie apart', () => {
    const access = new Access(81);
    const cookie = `poolscope-81=${tokenOf(access.url)}`;
    expect(access.admitsCookie(request({ cookie }))).toBe(false);
  });
});
