import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

const hide = vi.fn();
const app = Object.assign(new EventEmitter(), { exit: vi.fn() });
vi.mock('electron', () => ({ app, BrowserWindow: { getAllWindows: () => [{ hide }] } }));
const { quitInOrder } = await import('./lifecycle.ts');

describe('quitting', () => {
  const close = vi.fn<() => Promise<void>>();
  let signals: Map<string | symbol, () => void>;

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
    quitInOrder(vi.fn()).add(close);
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
    app.emit('will-quit', { preventDefault });
    await settle();
    expect(preventDefault).toHaveBeenCalled();
    expect(hide).toHaveBeenCalled();
    expect(app.exit).not.toHaveBeenCalled();
    finish();
    await settle();
    expect(app.exit).toHaveBeenCalledExactlyOnceWith(0);
  });

  it('obeys a second Ctrl-C at once when something hangs', async () => {
    close.mockReturnValue(new Promise(() => {}));
    signals.get('SIGINT')?.();
    await vi.advanceTimersByTimeAsync(1500);
    expect(app.exit).not.toHaveBeenCalled();
    signals.get('SIGINT')?.();
    expect(app.exit).toHaveBeenCalledExactlyOnceWith(130);
  });
});
