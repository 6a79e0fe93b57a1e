import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { BrowserWindow, Rectangle } from 'electron';
import * as z from 'zod/mini';

const coordinate = z.int().check(z.gte(-100_000), z.lte(100_000));
const length = z.int().check(z.gte(1), z.lte(100_000));

const windowStateSchema = z.object({
  bounds: z.object({ x: coordinate, y: coordinate, width: length, height: length }),
  maximized: z.boolean(),
});

/** Where the window was, in screen pixels; `bounds` is its size when not maximised. */
export type WindowState = z.output<typeof windowStateSchema>;

export const minimumSize = { width: 640, height: 480 };
const usualSize = { width: 1280, height: 820 };

/** So much of the title bar must lie on a display that a hand can grab it. */
const grip = { width: 120, height: 32 };

/** The remembered state; null when there is none or it makes no sense. */
export function readWindowState(file: string): WindowState | null {
  try {
    const parsed = z.safeParse(windowStateSchema, JSON.parse(readFileSync(file, 'utf8')));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

/**
 * Where a window may open: the remembered bounds, cut to the display they lie on, or the usual
 * size wherever the system likes (no x and y) when that display is gone.
 * @param workAreas of the displays present, in screen pixels
 */
export function placeWindow(
  state: WindowState | null,
  workAreas: Rectangle[],
): Partial<Rectangle> & typeof usualSize {
  const area = state === null ? undefined : workAreas.find((candidate) => holdsGrip(candidate, state.bounds));
  if (state === null || area === undefined) return { ...usualSize };
  const width = Math.min(Math.max(state.bounds.width, minimumSize.width), area.width);
  const height = Math.min(Math.max(state.bounds.height, minimumSize.height), area.height);
  return { x: state.bounds.x, y: state.bounds.y, width, height };
}

function holdsGrip(area: Rectangle, bounds: Rectangle): boolean {
  const left = Math.max(area.x, bounds.x);
  const right = Math.min(area.x + area.width, bounds.x + bounds.width);
  const hasTop = bounds.y >= area.y && bounds.y + grip.height <= area.y + area.height;
  return hasTop && right - left >= Math.min(grip.width, bounds.width);
}

const settleMs = 400;

/** Saves the state a moment after the window moved or changed size. Returns the function that saves now. */
export function keepWindowState(window: BrowserWindow, file: string): () => void {
  let timer: NodeJS.Timeout | undefined;
  const save = () => {
    clearTimeout(timer);
    if (window.isDestroyed()) return;
    const state: WindowState = { bounds: window.getNormalBounds(), maximized: window.isMaximized() };
    try {
      writeFileSync(`${file}.new`, JSON.stringify(state), { mode: 0o600 });
      renameSync(`${file}.new`, file);
    } catch {
      // Losing the window's place is no reason to bother anyone.
    }
  };
  const saveSoon = () => {
    clearTimeout(timer);
    timer = setTimeout(save, settleMs);
  };
  window.on('resize', saveSoon);
  window.on('move', saveSoon);
  window.on('maximize', saveSoon);
  window.on('unmaximize', saveSoon);
  window.on('close', save);
  return save;
}
