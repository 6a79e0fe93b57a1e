import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Shutdown } from './shutdown.ts';

class FakeProcess extends EventEmitter {
  readonly exit = vi.fn();
}

let exiting: FakeProcess;
let warn: ReturnType<typeof vi.fn<(sentence: string) => void>>;
let shutdown: Shutdown;

beforeEach(() => {
  vi.useFakeTimers();
  exiting = new FakeProcess();
  warn = vi.fn();
  shutdown = new Shutdown(exiting, warn);
  shutdown.listen();
});

afterEach(() => {
  vi.useRealTimers();
});

const never = () => new Promise<void>(() => {});

describe('shutting down', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP', 'disconnect'])(
    'on %s closes what was opened, last first',
    async (event) => {
      const closed: string[] = [];
      for (const name of ['lock', 'engine', 'server']) shutdown.add(async () => void closed.push(name));
      exiting.emit(event);
      await vi.advanceTimersByTimeAsync(0);
      expect(closed).toEqual(['server', 'engine', 'lock']);
      expect(exiting.exit.mock.calls).toEqual([[0]]);
      expect(warn).not.toHaveBeenCalled();
    },
  );

  it('takes the copies of one Ctrl-C for one', async () => {
    shutdown.add(() => new Promise((resolve) => setTimeout(resolve, 3000)));
    exiting.emit('SIGINT');
    await vi.advanceTimersByTimeAsync(200);
    exiting.emit('SIGINT');
    exiting.emit('SIGTERM');
    expect(exiting.exit).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(3000);
    expect(exiting.exit.mock.calls[0]).toEqual([0]);
  });

  it('exits at once on a second Ctrl-C', async () => {
    shutdown.add(never);
    exiting.emit('SIGINT');
    await vi.advanceTimersByTimeAsync(1500);
    exiting.emit('SIGINT');
    expect(exiting.exit.mock.calls).toEqual([[130]]);
  });

  it('exits within 5 s whatever hangs, and says that it had to', async () => {
    shutdown.add(never);
    exiting.emit('SIGTERM');
    await vi.advanceTimersByTimeAsync(5000);
    expect(exiting.exit.mock.calls).toEqual([[1]]);
    expect(warn).toHaveBeenCalledOnce();
  });

  it('closes the rest when one thing fails to close', async () => {
    const rest = vi.fn(async () => {});
    shutdown.add(rest);
    shutdown.add(async () => {
      throw new Error('stuck');
    });
    exiting.emit('SIGTERM');
    await vi.advanceTimersByTimeAsync(0);
    expect(rest).toHaveBeenCalledOnce();
    expect(exiting.exit.mock.calls).toEqual([[1]]);
  });
});
