import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

const hide = vi.fn();
const app = Object.assign(new EventEmitter(), { exit: vi.fn() });
vi.mock('electron', () => ({ app, BrowserWindow: { getAllWindows: () => [{ hide }] } }));
const { quitInOrder } = await import('./lifecycle.ts');

describe('quitting', () => {
  const warn = vi.fn();
  const close = vi.fn<() => Promise<void>>();
  let signals: Map<string | symbol, () => void>;
  let exit: ReturnType<typeof quitInOrder>;

  beforeEach(() => {
    vi.useFakeTimers();
    vi.resetAllMocks();
    app.removeAllListeners();
    signals = new Map();
    vi.spyOn(process, 'on').mockImplementation((event, listener) => {
      signals.set(event, listener as () => void);
      return process;
    });
    close.mockResolvedValue();
    exit = quitInOrder(close, warn);
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.restoreAllMocks();
  });

  const settle = () => vi.advanceTimersByTimeAsync(0);

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP', 'disconnect'])(
    'closes everything and exits 0 on %s',
    async (event) => {
      signals.get(event)?.();
      await settle();
      expect(close).toHaveBeenCalledOnce();
      expect(app.exit).toHaveBeenCalledExactlyOnceWith(0);
    },
  );

  it('does the same when the last window closes', async () => {
    app.emit('window-all-closed');
    await settle();
    expect(app.exit).toHaveBeenCalledExactlyOnceWith(0);
  });

  it('holds Quit until everything is closed, hiding the window meanwhile', async () => {
    let finish = () => {};
    close.mockReturnValue(
      new Promise((resolve) => {
        finish = resolve;
      }),
    );
    const preventDefault = vi.fn();
    app.emit('before-quit', { preventDefault });
    await settle();
    expect(preventDefault).toHaveBeenCalled();
    expect(hide).toHaveBeenCalled();
    expect(app.exit).not.toHaveBeenCalled();
    finish();
    await settle();
    expect(app.exit).toHaveBeenCalledExactlyOnceWith(0);
  });

  it('closes once, however often it is asked', async () => {
    signals.get('SIGINT')?.();
    signals.get('SIGINT')?.();
    app.emit('before-quit', { preventDefault: vi.fn() });
    await settle();
    expect(close).toHaveBeenCalledOnce();
    expect(exit.hasBegun).toBe(true);
  });

  it('ends within 5 s with code 1 and a word when something hangs', async () => {
    close.mockReturnValue(new Promise(() => {}));
    exit.run(0);
    await vi.advanceTimersByTimeAsync(4999);
    expect(warn).toHaveBeenCalledWith('Poolscope could not close everything in time and ends now.');
    expect(app.exit).toHaveBeenCalledExactlyOnceWith(1);
  });

  it('ends with code 1 and a word when something fails to close', async () => {
    close.mockRejectedValue(new Error('no'));
    exit.run(0);
    await settle();
    expect(warn).toHaveBeenCalledWith('Poolscope could not close everything in order.');
    expect(app.exit).toHaveBeenCalledExactlyOnceWith(1);
  });

  it('keeps the code it was given', async () => {
    exit.run(1);
    await settle();
    expect(app.exit).toHaveBeenCalledExactlyOnceWith(1);
  });
});
