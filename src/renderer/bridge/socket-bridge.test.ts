import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { LinkState } from '#shared/contract/bridge.ts';
import { type Connect, createSocketBridge, type SocketBridge } from './socket-bridge.ts';

/** The other side: stopped, running, or running anew with a secret this page does not have. */
let server: 'stopped' | 'running' | 'anew';
let listener: Parameters<Connect>[0] | null;
let bridge: SocketBridge;
let links: LinkState[];

const connect: Connect = (next) => {
  listener = next;
  setTimeout(() => (server === 'running' ? next.onOpen() : next.onClose()));
  return { send() {}, close() {} };
};
const isRefused = async () => {
  if (server === 'stopped') throw new TypeError('Failed to fetch');
  return server === 'anew';
};

beforeEach(async () => {
  vi.useFakeTimers();
  server = 'running';
  links = [];
  bridge = createSocketBridge(connect, isRefused);
  bridge.onLink((link) => links.push(link));
  await vi.advanceTimersByTimeAsync(0);
});
afterEach(() => {
  bridge.close();
  vi.useRealTimers();
});

describe('a page whose Poolscope was started anew', () => {
  it('is told so, once, and not that the link comes back by itself', async () => {
    server = 'anew';
    listener?.onClose();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(links).toEqual(['connecting', 'connected', 'lost', 'refused']);
    expect(await bridge.request('app.info', {}, 'r1')).toEqual({
      ok: false,
      error: {
        code: 'connection_lost',
        message: 'Poolscope was started anew.',
        details: { remedy: 'Open the address it printed.' },
      },
    });
  });

  it('is connected again once the new address was opened beside it', async () => {
    server = 'anew';
    listener?.onClose();
    await vi.advanceTimersByTimeAsync(10_000);
    server = 'running';
    await vi.advanceTimersByTimeAsync(10_000);
    expect(links).toEqual(['connecting', 'connected', 'lost', 'refused', 'connected']);
  });

  it('is told that the link is lost when that Poolscope stops too', async () => {
    server = 'anew';
    listener?.onClose();
    await vi.advanceTimersByTimeAsync(10_000);
    server = 'stopped';
    await vi.advanceTimersByTimeAsync(10_000);
    expect(links).toEqual(['connecting', 'connected', 'lost', 'refused', 'lost']);
  });
});

describe('a page whose Poolscope stopped', () => {
  it('is told only that the link is lost', async () => {
    server = 'stopped';
    listener?.onClose();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(links).toEqual(['connecting', 'connected', 'lost']);
  });
});

describe('a change under way when the link is lost', () => {
  const add = (requestId: string) =>
    bridge.request('names.add', { profileId: 'p', schema: 'public', name: 'Alice' }, requestId);

  it('is said to have been made, perhaps', async () => {
    const adding = add('r1');
    listener?.onClose();
    expect(await adding).toMatchObject({
      ok: false,
      error: {
        code: 'connection_lost',
        message: 'The connection to Poolscope is lost. The row may have been stored all the same.',
      },
    });
  });

  it('is not, when it never left the page', async () => {
    server = 'stopped';
    const { close } = bridge;
    bridge = createSocketBridge(connect, isRefused);
    close();
    const adding = add('r2');
    await vi.advanceTimersByTimeAsync(1);
    expect(await adding).toMatchObject({ error: { message: 'The connection to Poolscope is lost.' } });
  });
});
