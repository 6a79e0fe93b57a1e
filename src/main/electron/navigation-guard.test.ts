import { EventEmitter } from 'node:events';
import type { WebContents } from 'electron';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { guardNavigation } from './navigation-guard.ts';

const openExternal = vi.hoisted(() => vi.fn(async (_url: string) => {}));
vi.mock('electron', () => ({ shell: { openExternal } }));

class ContentsDouble extends EventEmitter {
  openHandler: (details: { url: string }) => unknown = () => undefined;
  setWindowOpenHandler(handler: (details: { url: string }) => unknown): void {
    this.openHandler = handler;
  }
}

describe('the navigation guard', () => {
  let contents: ContentsDouble;

  beforeEach(() => {
    openExternal.mockClear();
    contents = new ContentsDouble();
    guardNavigation(contents as unknown as WebContents);
  });

  function isStopped(event: string, url: string): boolean {
    const preventDefault = vi.fn();
    contents.emit(event, { url, preventDefault });
    return preventDefault.mock.calls.length > 0;
  }

  it.each(['will-navigate', 'will-frame-navigate', 'will-redirect'])(
    'stops %s to any other place',
    (event) => {
      for (const url of [
        'https://www.postgresql.org/',
        'file:///etc/passwd',
        'app://other/',
        'javascript:0',
        '',
      ]) {
        expect(isStopped(event, url), url).toBe(true);
      }
      expect(isStopped(event, 'app://poolscope/')).toBe(false);
    },
  );

  it('stops every webview', () => {
    expect(isStopped('will-attach-webview', 'app://poolscope/')).toBe(true);
  });

  it('opens no window; an address of the allow-list opens in the browser', () => {
    expect(contents.openHandler({ url: 'https://www.postgresql.org/docs/18/' })).toEqual({ action: 'deny' });
    expect(openExternal).toHaveBeenCalledExactlyOnceWith('https://www.postgresql.org/docs/18/');
  });

  it.each([
    'http://www.postgresql.org/',
    'https://www.postgresql.org.evil.example/',
    'https://www.postgresql.org@evil.example/',
    'https://user@www.postgresql.org/',
    'https://www.postgresql.org:8443/',
    'file:///etc/passwd',
    'app://poolscope/',
    'not an address',
  ])('opens nothing for %s', (url) => {
    expect(contents.openHandler({ url })).toEqual({ action: 'deny' });
    expect(openExternal).not.toHaveBeenCalled();
  });
});
