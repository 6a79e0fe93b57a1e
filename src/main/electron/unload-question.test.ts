import { EventEmitter } from 'node:events';
import type { BrowserWindow } from 'electron';
import { beforeEach, describe, expect, it, vi } from 'vitest';

const { showMessageBoxSync } = vi.hoisted(() => ({ showMessageBoxSync: vi.fn() }));
vi.mock('electron', () => ({ dialog: { showMessageBoxSync } }));
const { askBeforeUnload } = await import('./unload-question.ts');

describe('a window whose page refuses to go', () => {
  const preventDefault = vi.fn();
  const leaving = (answer: number) => {
    const webContents = new EventEmitter();
    askBeforeUnload({ webContents } as unknown as BrowserWindow);
    showMessageBoxSync.mockReturnValueOnce(answer);
    webContents.emit('will-prevent-unload', { preventDefault });
  };
  beforeEach(() => vi.resetAllMocks());

  it('stays when the user says so, or presses Escape', () => {
    leaving(0);
    const [, question] = showMessageBoxSync.mock.calls[0] ?? [];
    expect(question).toMatchObject({ message: 'A transaction is still open.', cancelId: 0, defaultId: 0 });
    expect(preventDefault).not.toHaveBeenCalled();
  });

  it('goes all the same when the user says so', () => {
    leaving(1);
    expect(preventDefault).toHaveBeenCalledOnce();
  });
});
