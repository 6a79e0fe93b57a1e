import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createLogger } from '#engine/base/log.ts';
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

  it('waits for what is still opening, so that this is closed, too', async () => {
    let finish = () => {};
    shutdown.waitFor(
      new Promise<void>((resolve) => {
        finish = resolve;
      }),
    );
    exiting.emit('SIGTERM');
    await vi.advanceTimersByTimeAsync(100);
    expect(exiting.exit).not.toHaveBeenCalled();
    const late = vi.fn(async () => {});
    shutdown.add(late);
    finish();
    await vi.advanceTimersByTimeAsync(0);
    expect(late).toHaveBeenCalledOnce();
    expect(exiting.exit.mock.calls).toEqual([[0]]);
  });

  it('over a failure logs it before it is told, and logs what fails to close', async () => {
    const trace: string[] = [];
    shutdown.logTo(createLogger({ write: (line) => void trace.push(line) }));
    shutdown.add(async () => {
      throw new Error('stuck');
    });
    shutdown.fail(new TypeError('x is not a function'), 2, () => trace.push('told'));
    await vi.advanceTimersByTimeAsync(0);
    expect(trace).toEqual([
      expect.stringContaining('x is not a function'),
      'told',
      expect.stringContaining('stuck'),
    ]);
    expect(JSON.parse(trace[0] ?? '')).toMatchObject({ level: 60, err: { stack: expect.any(String) } });
    expect(exiting.exit.mock.calls).toEqual([[1]]);
    shutdown.fail(new Error('and another'), 1, () => trace.push('told again'));
    expect(trace.at(-1)).toContain('and another');
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
