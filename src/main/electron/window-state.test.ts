import { EventEmitter } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { BrowserWindow } from 'electron';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keepWindowState, placeWindow, readWindowState, type WindowState } from './window-state.ts';

const screen = { x: 0, y: 0, width: 1920, height: 1040 };
const left = { x: -1280, y: 0, width: 1280, height: 1000 };
const at = (x: number, y: number, width = 1000, height = 700): WindowState => ({
  bounds: { x, y, width, height },
  maximized: false,
});
const usual = { width: 1280, height: 820 };

describe('where the window opens', () => {
  it('opens at its usual size the first time', () => {
    expect(placeWindow(null, [screen])).toEqual(usual);
  });

  it('opens where it was, on whichever display', () => {
    expect(placeWindow(at(100, 50), [screen])).toEqual({ x: 100, y: 50, width: 1000, height: 700 });
    expect(placeWindow(at(-1200, 50), [screen, left])).toEqual({ x: -1200, y: 50, width: 1000, height: 700 });
  });

  it.each([
    ['on a display that is gone', at(-1200, 50)],
    ['below the edge', at(100, 1030)],
    ['above the edge, its title bar out of reach', at(100, -40)],
    ['beyond the right edge', at(1900, 50)],
  ])('opens at its usual size when it was %s', (_where, state) => {
    expect(placeWindow(state, [screen])).toEqual(usual);
  });

  it('is cut to a display that has become smaller, and is never unusably small', () => {
    expect(placeWindow(at(0, 0, 3000, 2000), [screen])).toEqual({ x: 0, y: 0, width: 1920, height: 1040 });
    expect(placeWindow(at(0, 0, 130, 40), [screen])).toEqual({ x: 0, y: 0, width: 640, height: 480 });
  });
});

describe('the remembered window state', () => {
  let folder: string;
  let file: string;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'poolscope-window-'));
    file = path.join(folder, 'window.json');
  });
  afterAll(() => rm(folder, { recursive: true }));

  it.each(['', '{', '[]', '{"bounds":{"x":0,"y":0,"width":1e9,"height":1},"maximized":false}'])(
    'is forgotten when the file says %s',
    async (text) => {
      await writeFile(file, text);
      expect(readWindowState(file)).toBeNull();
    },
  );

  it('survives closing, maximised or not', () => {
    const { bounds } = at(10, 20);
    const window = Object.assign(new EventEmitter(), {
      isDestroyed: () => false,
      getNormalBounds: () => bounds,
      isMaximized: () => true,
    });
    keepWindowState(window as unknown as BrowserWindow, file);
    window.emit('close');
    expect(readWindowState(file)).toEqual({ bounds, maximized: true });
  });
});
